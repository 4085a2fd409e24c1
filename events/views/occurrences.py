"""An occurrence: planned, looked at, changed, called off. One verb a URL."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import TeamRequest
from accounts.models import Operation
from accounts.permissions import team_page
from contacts import faces
from events import attendance, inviting, planning, scheduling
from events.forms import (
    OTHER_DAY,
    InviteForm,
    MoveForm,
    PlanForm,
    ReplyForm,
    days_offered,
    first_values,
    values_of,
    values_of_series,
)
from events.models import Attendance, Occurrence, Reply, Series
from events.moments import when
from events.views import series as series_views
from events.views.responses import (
    back,
    belongs_to,
    done,
    editable,
    refused,
    safe_next,
    team_of,
)
from foundation import clock
from foundation.htmx import redirect
from foundation.inputs import row_ids
from foundation.meanwhile import ChangedMeanwhile
from foundation.messages import status

SUGGESTED = 6
DOOR = timedelta(hours=1)  # before it begins: people are at the door


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def occurrence_new(request: TeamRequest) -> HttpResponse:
    """Plan a meeting: two taps when the contact is given (?contact=, ?on=, ?with=); ?series=: a further date of one."""
    now, series = clock.now(), _series(request)
    team = series.team if series else team_of(request)  # a series need not be of the team they look at
    if not belongs_to(request, team):  # an admin who looks at a team hosts nothing in it
        raise PermissionDenied
    initial = {**first_values(now=now, on=_day(request.GET.get("on"))), **_prefilled(request)}
    form = PlanForm(
        request.POST or None,
        team=team,
        keep_kind=series.kind_id if series else None,
        initial={**initial, **(values_of_series(series) if series else {})},
    )
    if request.method == "POST" and form.is_valid():
        made = {**form.planned(), "by": request.user, "client_id": form.cleaned_data["client_id"], "now": now}
        try:
            occurrence, operation = (
                scheduling.plan_further(series=series, **made) if series else planning.plan(team=team, **made)
            )
        except planning.CannotChange:
            form.add_error("day", _("It has a date then already, or has ended."))
            return _form_page(request, form, now, None, series)
        said = _("Planned: %(what)s, %(when)s.") % {"what": _names(occurrence), "when": when(occurrence)}
        undo = reverse("accounts:undo", args=[operation.pk]) if operation else ""
        there = reverse("occurrence", args=[occurrence.pk])
        status(request, said, undo_url=undo, links=[(_("Open"), there)])
        # Not to its own page: after Undo that is none any more.
        return redirect(request, safe_next(request, reverse("calendar")))
    return _form_page(request, form, now, None, series)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def occurrence_edit(request: TeamRequest, pk: int) -> HttpResponse:
    """Change who, when and where."""
    now, occurrence = clock.now(), editable(request, pk)
    form = PlanForm(
        request.POST or None,
        team=occurrence.team,
        keep_kind=occurrence.kind_id,
        initial=values_of(occurrence, now=now),
    )
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            planning.edit(occurrence=occurrence, by=request.user, now=now, seen=seen, **form.planned())
            return done(request, occurrence, _("Changed: %(when)s.") % {"when": when(occurrence)}, None)
        except planning.CannotChange:
            return refused(request, occurrence)
        except ChangedMeanwhile as meanwhile:
            form.come_back(meanwhile.state)
    return _form_page(request, form, now, occurrence, occurrence.series)


@team_page
@require_POST
def occurrence_cancel(request: TeamRequest, pk: int) -> HttpResponse:
    """Call it off, with Undo."""
    return _act(request, pk, planning.cancel, _("Cancelled."))


@team_page
@require_POST
def occurrence_restore(request: TeamRequest, pk: int) -> HttpResponse:
    """It is on again."""
    return _act(request, pk, planning.restore, _("It is on again."))


@team_page
@require_POST
def occurrence_move(request: TeamRequest, pk: int) -> HttpResponse:
    """By a day or a week, at the same time."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        return refused(request, editable(request, pk))
    return _act(request, pk, planning.move, _("Moved to %(when)s."), days=form.cleaned_data["days"])


@team_page
@require_POST
def reply(request: TeamRequest, pk: int, attendance_pk: int) -> HttpResponse:
    """A guest says whether they come."""
    occurrence = editable(request, pk)
    invited = get_object_or_404(Attendance, pk=attendance_pk, occurrence=occurrence)
    form = ReplyForm(request.POST)
    if form.is_valid():
        attendance.replied(attendance=invited, answer=form.cleaned_data["reply"])
    return redirect(request, back(request, occurrence))


@team_page
@require_POST
def invite(request: TeamRequest, pk: int) -> HttpResponse:
    """Put people on the list of guests; `reply=coming` at the door: they are here."""
    occurrence = editable(request, pk)
    form = InviteForm(request.POST, team=occurrence.team)
    if not form.is_valid():
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        status(request, said, level=messages.WARNING)
        return redirect(request, back(request, occurrence))
    if occurrence.outcome or occurrence.cancelled_at:
        return refused(request, occurrence)
    guests, operation = inviting.invite(
        occurrence=occurrence,
        by=request.user,
        **form.people(),
        reply=form.cleaned_data["reply"],
        now=clock.now(),
    )
    names = ", ".join(guest.name for guest in guests)
    here = form.cleaned_data["reply"] == Reply.COMING
    words = _("Here: %(names)s.") if here else _("Invited: %(names)s.")
    return done(request, occurrence, words % {"names": names}, operation)


@team_page
@require_POST
def uninvite(request: TeamRequest, pk: int, attendance_pk: int) -> HttpResponse:
    """Take a guest off the list. Clicked twice, it shows the list without them."""
    occurrence = editable(request, pk)
    if occurrence.outcome:
        return refused(request, occurrence)
    invited = occurrence.attendances.select_related("contact").filter(pk=attendance_pk).first()
    if invited is None:
        return redirect(request, back(request, occurrence))
    operation = inviting.take_off(attendance=invited, by=request.user, now=clock.now())
    return done(request, occurrence, _("Off the list: %(name)s.") % {"name": invited.contact.name}, operation)


def _act(request: TeamRequest, pk: int, act: Callable[..., Operation], said: str, **how: Any) -> HttpResponse:
    """Do one thing to an occurrence that the person may edit, and say so with Undo."""
    occurrence = editable(request, pk)
    try:
        operation = act(occurrence=occurrence, by=request.user, now=clock.now(), **how)
    except planning.CannotChange:
        return refused(request, occurrence)
    return done(request, occurrence, said % {"when": when(occurrence)} if "%(" in said else said, operation)


def _form_page(
    request: TeamRequest,
    form: PlanForm,
    now: datetime,
    occurrence: Occurrence | None,
    series: Series | None,
) -> HttpResponse:
    team, chosen = form.team, form.chosen()
    context = {
        "form": form,
        "occurrence": occurrence,
        "series": series,
        "chips": faces.suggested(team=team, user=request.user, now=now, chosen=chosen, limit=SUGGESTED),
        "chosen": chosen,
        "new_names": form.sent("new_name"),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "days": days_offered(now),
        "other_day": OTHER_DAY,
        "hosts": row_ids(form["host"].value() or []),
        "joint": len(form["host"].value() or []) > 1,
        "alone": len(form.fields["host"].queryset) < 2,  # type: ignore[attr-defined]
    }
    return render(request, "events/occurrence_form.html", context, status=422 if form.errors else 200)


def _prefilled(request: TeamRequest) -> dict[str, Any]:
    return {
        "client_id": uuid.uuid4(),
        "contact": request.GET.getlist("contact"),
        "host": [request.user.pk, *row_ids(request.GET.getlist("with"))],
        "kind": next(iter(row_ids(request.GET.getlist("kind"))), None),
    }


def _series(request: TeamRequest) -> Series | None:
    """The series that gets a further date, if one that the person may change was named."""
    wanted = row_ids([request.GET.get("series", "")])
    return series_views.editable(request, wanted[0]) if wanted else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _names(occurrence: Occurrence) -> str:
    """Who comes, in a few names; else what it is."""
    listed = list(occurrence.guests.order_by("sort_key").values_list("name", flat=True))
    if not listed:
        return str(occurrence)
    if len(listed) <= 3:
        return ", ".join(listed)
    more = len(listed) - 2
    others = ngettext("%(n)d more", "%(n)d more", more) % {"n": more}
    return ", ".join([*listed[:2], others])
