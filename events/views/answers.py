"""Did it take place? The answers of those who were there; one verb a URL."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import changes
from accounts.http import TeamRequest, back_to
from accounts.models import Operation
from accounts.permissions import team_page
from events import attendance, planning
from events.forms import CameForm, InviteForm
from events.views.responses import back, done, hosted, refused
from foundation import clock
from foundation.htmx import redirect
from foundation.messages import status


@team_page
@require_POST
def took_place(request: TeamRequest, pk: int) -> HttpResponse:
    """It took place, with these people: noted once, however often it is sent."""
    now, occurrence = clock.now(), hosted(request, pk)
    form = CameForm(request.POST, team=occurrence.team)
    if not form.is_valid():
        context = {"occurrence": occurrence, "form": form, "next": back(request, occurrence)}
        return render(request, "events/came.html", context, status=422)
    try:
        noted = attendance.took_place(
            occurrence=occurrence,
            **form.people(),
            managers=form.cleaned_data["host"] or None,
            note=form.cleaned_data["note"],
            by=request.user,
            now=now,
        )
    except (attendance.NotYet, planning.CannotChange):
        return refused(request, occurrence)
    names = ", ".join(contact.name for contact in noted.touchpoint.contacts.order_by("sort_key"))
    undo = reverse("events:undo_answer", args=[noted.operation.pk])
    status(request, _("Noted: %(names)s.") % {"names": names}, undo_url=undo)
    return redirect(request, back(request, occurrence))


@team_page
@require_POST
def nobody_came(request: TeamRequest, pk: int) -> HttpResponse:
    """The hosts were there, nobody else."""
    return _answer(request, pk, attendance.nobody_came, _("Nobody came: nothing is counted."))


@team_page
@require_POST
def did_not_take_place(request: TeamRequest, pk: int) -> HttpResponse:
    """It fell through."""
    return _answer(
        request, pk, attendance.did_not_take_place, _("It did not take place: nothing is counted.")
    )


@team_page
@require_POST
def ask_later(request: TeamRequest, pk: int) -> HttpResponse:
    """Not now: the question comes again tomorrow morning."""
    return _answer(request, pk, attendance.later, _("We’ll ask again tomorrow."))


@team_page
@require_POST
def reopen(request: TeamRequest, pk: int) -> HttpResponse:
    """The answer was wrong: ask again."""
    occurrence = hosted(request, pk)
    try:
        attendance.reopen(occurrence=occurrence, by=request.user, now=clock.now())
    except planning.CannotChange:
        return refused(request, occurrence)
    status(request, _("The answer is taken back."))
    return redirect(request, reverse("occurrence", args=[occurrence.pk]))


@team_page
@require_POST
def also_came(request: TeamRequest, pk: int) -> HttpResponse:
    """Somebody was forgotten: the touchpoint gets further contacts, and stays one."""
    occurrence = hosted(request, pk)
    form = InviteForm(request.POST, team=occurrence.team)
    if not form.is_valid():
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        status(request, said, level=messages.WARNING)
        return redirect(request, back(request, occurrence))
    try:
        added = attendance.also_came(occurrence=occurrence, **form.people(), by=request.user, now=clock.now())
    except planning.CannotChange:
        return refused(request, occurrence)
    status(request, _("Noted: %(names)s.") % {"names": ", ".join(contact.name for contact in added)})
    return redirect(request, back(request, occurrence))


@team_page
@require_POST
def undo_answer(request: TeamRequest, pk: int) -> HttpResponse:
    """Take back a "yes": the touchpoint goes, the question is open again."""
    now = clock.now()
    waiting = Operation.objects.undoable_by(request.user, now=now).filter(kind=attendance.ANSWER)
    try:
        attendance.take_back(get_object_or_404(waiting, pk=pk), by=request.user, now=now)
        status(request, _("Undone."))
    except changes.CannotUndo:
        status(request, _("It was changed since, so it stays."), level=messages.WARNING)
    return redirect(request, back_to(request, reverse("calendar")))


def _answer(request: TeamRequest, pk: int, act: Callable[..., Operation], said: str) -> HttpResponse:
    """An answer of a host that writes no touchpoint."""
    occurrence = hosted(request, pk)
    try:
        operation = act(occurrence=occurrence, by=request.user, now=clock.now())
    except (attendance.NotYet, planning.CannotChange):
        return refused(request, occurrence)
    return done(request, occurrence, said, operation)
