"""Pages of an occurrence, and what one does to it: one verb a URL."""

import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import changes
from accounts.http import TeamRequest
from accounts.models import Operation, Team
from accounts.permissions import team_page
from contacts import faces
from events import attendance, planning
from events.forms import (
    OTHER_DAY,
    CameForm,
    MoveForm,
    PlanForm,
    ReplyForm,
    days_offered,
    first_values,
    values_of,
)
from events.models import Attendance, Occurrence, Reply
from foundation import clock
from foundation.formatting import day_and_time
from foundation.htmx import redirect
from foundation.messages import status

SUGGESTED = 6


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def occurrence_new(request: TeamRequest) -> HttpResponse:
    """Plan a meeting: two taps when the contact is given (?contact=, ?on=, ?with=)."""
    now, team = clock.now(), _team(request)
    initial = {**first_values(now=now, on=_day(request.GET.get("on"))), **_prefilled(request)}
    form = PlanForm(request.POST or None, team=team, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        occurrence, operation = planning.plan(
            team=team,
            by=request.user,
            client_id=form.cleaned_data["client_id"],
            now=now,
            **form.planned(),
        )
        said = _("Planned: %(what)s, %(when)s.") % {"what": _names(occurrence), "when": _when(occurrence)}
        return _done(request, occurrence, said, operation)
    return _form_page(request, form, now, None)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def occurrence_edit(request: TeamRequest, pk: int) -> HttpResponse:
    """Change who, when and where."""
    now, occurrence = clock.now(), _editable(request, pk)
    form = PlanForm(
        request.POST or None, team=occurrence.team, user=request.user, initial=values_of(occurrence, now=now)
    )
    if request.method == "POST" and form.is_valid():
        try:
            planning.edit(occurrence=occurrence, by=request.user, now=now, **form.planned())
        except planning.CannotChange:
            return _refused(request, occurrence)
        return _done(request, occurrence, _("Changed: %(when)s.") % {"when": _when(occurrence)}, None)
    return _form_page(request, form, now, occurrence)


@team_page
@require_safe
def occurrence_detail(request: TeamRequest, pk: int) -> HttpResponse:
    """When, where, with whom; before: replies; afterwards: did it take place?"""
    now, occurrence = clock.now(), _occurrence(request, pk)
    touchpoint = occurrence.touchpoint
    noted = touchpoint if touchpoint and not touchpoint.binned_at else None
    context = {
        "occurrence": occurrence,
        "noted": noted,
        "came": list(noted.contacts.filter(binned_at__isnull=True).order_by("sort_key")) if noted else [],
        "replies": Reply.choices,
        "may_edit": occurrence.may_be_edited_by(request.user, leads=_leads(request)),
        "is_host": request.user in occurrence.hosts.all(),
        "has_begun": occurrence.has_begun(now),
        "is_over": occurrence.is_over(now),
        "form": CameForm(team=occurrence.team, user=request.user),
        "next": request.path,
    }
    return render(request, "events/occurrence_detail.html", context)


@team_page
@require_POST
def occurrence_cancel(request: TeamRequest, pk: int) -> HttpResponse:
    return _act(request, pk, planning.cancel, _("Cancelled."))


@team_page
@require_POST
def occurrence_restore(request: TeamRequest, pk: int) -> HttpResponse:
    return _act(request, pk, planning.restore, _("It is on again."))


@team_page
@require_POST
def occurrence_move(request: TeamRequest, pk: int) -> HttpResponse:
    """By a day or a week, at the same time."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _refused(request, _editable(request, pk))
    return _act(request, pk, planning.move, _("Moved to %(when)s."), days=form.cleaned_data["days"])


@team_page
@require_POST
def reply(request: TeamRequest, pk: int, attendance_pk: int) -> HttpResponse:
    """A guest says whether they come."""
    occurrence = _editable(request, pk)
    invited = get_object_or_404(Attendance, pk=attendance_pk, occurrence=occurrence)
    form = ReplyForm(request.POST)
    if form.is_valid():
        attendance.replied(attendance=invited, answer=form.cleaned_data["reply"])
    return redirect(request, _back(request, occurrence))


@team_page
@require_POST
def took_place(request: TeamRequest, pk: int) -> HttpResponse:
    """It took place, with these people: noted once, however often it is sent."""
    now, occurrence = clock.now(), _hosted(request, pk)
    form = CameForm(request.POST, team=occurrence.team, user=request.user)
    if not form.is_valid():
        context = {"occurrence": occurrence, "form": form, "next": _back(request, occurrence)}
        return render(request, "events/came.html", context, status=422)
    try:
        noted = attendance.took_place(
            occurrence=occurrence,
            **form.people(),
            note=form.cleaned_data["note"],
            by=request.user,
            now=now,
        )
    except (attendance.NotYet, planning.CannotChange):
        return _refused(request, occurrence)
    names = ", ".join(contact.name for contact in noted.touchpoint.contacts.order_by("sort_key"))
    undo = reverse("events:undo_answer", args=[noted.operation.pk])
    status(request, _("Noted: %(names)s.") % {"names": names}, undo_url=undo)
    return redirect(request, _back(request, occurrence))


@team_page
@require_POST
def nobody_came(request: TeamRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, attendance.nobody_came, _("Nobody came: nothing is counted."))


@team_page
@require_POST
def did_not_take_place(request: TeamRequest, pk: int) -> HttpResponse:
    return _answer(
        request, pk, attendance.did_not_take_place, _("It did not take place: nothing is counted.")
    )


@team_page
@require_POST
def ask_later(request: TeamRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, attendance.later, _("We’ll ask again tomorrow."))


@team_page
@require_POST
def reopen(request: TeamRequest, pk: int) -> HttpResponse:
    """The answer was wrong: ask again."""
    occurrence = _hosted(request, pk)
    try:
        attendance.reopen(occurrence=occurrence, by=request.user, now=clock.now())
    except planning.CannotChange:
        return _refused(request, occurrence)
    status(request, _("The answer is taken back."))
    return redirect(request, reverse("events:occurrence_detail", args=[occurrence.pk]))


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
    return redirect(request, _safe(request, reverse("calendar")))


Act = Callable[..., Operation]


def _act(request: TeamRequest, pk: int, act: Act, said: str, **how: Any) -> HttpResponse:
    """Do one thing to an occurrence that the person may edit, and say so with Undo."""
    occurrence = _editable(request, pk)
    try:
        operation = act(occurrence=occurrence, by=request.user, now=clock.now(), **how)
    except planning.CannotChange:
        return _refused(request, occurrence)
    return _done(request, occurrence, said % {"when": _when(occurrence)} if "%(" in said else said, operation)


def _answer(request: TeamRequest, pk: int, act: Act, said: str) -> HttpResponse:
    """An answer of a host that writes no touchpoint."""
    occurrence = _hosted(request, pk)
    try:
        operation = act(occurrence=occurrence, by=request.user, now=clock.now())
    except (attendance.NotYet, planning.CannotChange):
        return _refused(request, occurrence)
    return _done(request, occurrence, said, operation)


def _done(
    request: TeamRequest, occurrence: Occurrence, said: str, operation: Operation | None
) -> HttpResponse:
    undo = reverse("accounts:undo", args=[operation.pk]) if operation else ""
    status(request, said, undo_url=undo)
    return redirect(request, _back(request, occurrence))


def _refused(request: TeamRequest, occurrence: Occurrence) -> HttpResponse:
    """It is no longer as the page showed it: say how it is now."""
    now = clock.now()
    occurrence.refresh_from_db()
    if occurrence.outcome:
        said = _("Already answered: %(outcome)s.") % {"outcome": occurrence.get_outcome_display()}
    elif occurrence.cancelled_at:
        said = _("It is cancelled already.")
    elif not occurrence.has_begun(now):
        said = _("It has not begun yet.")
    else:
        said = _("It was changed meanwhile. Here is how it stands.")
    status(request, said, level=messages.INFO)
    return redirect(request, _back(request, occurrence))


def _form_page(
    request: TeamRequest, form: PlanForm, now: datetime, occurrence: Occurrence | None
) -> HttpResponse:
    team, chosen = form.team, form.chosen()
    context = {
        "form": form,
        "occurrence": occurrence,
        "chips": faces.suggested(team=team, user=request.user, now=now, chosen=chosen, limit=SUGGESTED),
        "chosen": chosen,
        "new_names": form.sent("new_name"),
        "days": days_offered(now),
        "other_day": OTHER_DAY,
        "hosts": [int(pk) for pk in form["host"].value() or [] if str(pk).isdigit()],
        "joint": len(form["host"].value() or []) > 1,
        "alone": len(form.fields["host"].queryset) < 2,  # type: ignore[attr-defined]
    }
    return render(request, "events/occurrence_form.html", context, status=422 if form.errors else 200)


def _prefilled(request: TeamRequest) -> dict[str, Any]:
    joined = [pk for pk in request.GET.getlist("with") if pk.isdigit()]
    kind = request.GET.get("kind", "")
    return {
        "client_id": uuid.uuid4(),
        "contact": request.GET.getlist("contact"),
        "host": [request.user.pk, *map(int, joined)],
        "kind": int(kind) if kind.isdigit() else None,
    }


def _occurrence(request: TeamRequest, pk: int) -> Occurrence:
    seen = (
        Occurrence.objects.visible_to(request.user).with_people().select_related("team", "touchpoint", "kind")
    )
    return get_object_or_404(seen, pk=pk)


def _editable(request: TeamRequest, pk: int) -> Occurrence:
    """Seen by the whole team; changed by its hosts, who planned it, and the lead."""
    occurrence = _occurrence(request, pk)
    if not occurrence.may_be_edited_by(request.user, leads=_leads(request)):
        raise PermissionDenied
    return occurrence


def _hosted(request: TeamRequest, pk: int) -> Occurrence:
    """Whether it took place is said by those who were there."""
    occurrence = _occurrence(request, pk)
    if request.user not in occurrence.hosts.all():
        raise PermissionDenied
    return occurrence


def _leads(request: TeamRequest) -> bool:
    return request.membership is not None and request.membership.is_lead


def _team(request: TeamRequest) -> Team:
    return cast("Team", request.team)  # team_page has seen to it


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _back(request: TeamRequest, occurrence: Occurrence) -> str:
    return _safe(request, reverse("events:occurrence_detail", args=[occurrence.pk]))


def _safe(request: TeamRequest, otherwise: str) -> str:
    """Where the form wants to go back to, if that is a page of ours."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else otherwise


def _when(occurrence: Occurrence) -> str:
    return day_and_time(timezone.localtime(occurrence.starts_at), get_language() or "en")


def _names(occurrence: Occurrence) -> str:
    """Who comes, in a few names; else what it is."""
    names: Iterable[str] = occurrence.guests.order_by("sort_key").values_list("name", flat=True)
    listed = list(names)
    if not listed:
        return str(occurrence)
    if len(listed) <= 3:
        return ", ".join(listed)
    more = len(listed) - 2
    others = ngettext("%(n)d more", "%(n)d more", more) % {"n": more}
    return ", ".join([*listed[:2], others])
