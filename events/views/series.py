"""A series: set up, looked at, changed, ended. One verb a URL."""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import changes
from accounts.http import TeamRequest, back_to
from accounts.models import Operation
from accounts.permissions import team_page
from contacts.models import TouchpointKind
from events import clashes, editions, formats, recurrence, regulars, scheduling
from events.clashes import Slot
from events.models import Occurrence, Series
from events.planning import CannotChange
from events.series_forms import SeriesForm, first_values, values_of
from events.views.responses import belongs_to, leads_team, safe_next, team_of
from foundation import clock
from foundation.compiled import Compiled, given
from foundation.formatting import day_and_time, weekday_date
from foundation.htmx import redirect, respond
from foundation.inputs import row_ids
from foundation.messages import status

NEXT = 3
FORM = "events/series_form.html"


@team_page
@require_safe
def series_list(request: TeamRequest) -> HttpResponse:
    """The recurring ways to meet, with their next date, and templates to begin with."""
    now, team = clock.now(), team_of(request)
    coming = Occurrence.objects.upcoming(now).filter(series=OuterRef("pk"))
    rows = (
        Series.objects.going_on().filter(team=team).annotate(next_at=Subquery(coming.values("starts_at")[:1]))
    )
    rows = rows.select_related("kind").prefetch_related("hosts").order_by("next_at", "pk")
    lines = [(one, in_words(one)) for one in rows]
    kinds = {kind.code: kind for kind in TouchpointKind.objects.filter(team=None)}
    context = {
        "lines": lines,
        "formats": [(one, kinds[one.code]) for one in formats.FORMATS if one.code in kinds],
        "may_plan": request.membership is not None,
    }
    return render(request, "events/series_list.html", context)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def series_new(request: TeamRequest) -> HttpResponse:
    """Set up a series, from a template if one is named (?format=apero)."""
    now, team = clock.now(), team_of(request)
    if request.membership is None:  # an admin who looks at a team hosts nothing in it
        raise PermissionDenied
    initial = {**_first_values(request, now), "client_id": uuid.uuid4()}
    form = SeriesForm(
        request.POST or None, team=team, user=request.user, zone_name=team.time_zone, initial=initial
    )
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        series, operation = scheduling.start(
            team=team,
            by=request.user,
            client_id=form.cleaned_data["client_id"],
            wanted=form.wanted(),
            now=now,
        )
        said = _("Planned: %(what)s, %(rule)s.") % {"what": series, "rule": in_words(series)}
        there = reverse("events:series_detail", args=[series.pk])
        status(request, said, undo_url=_undo_url(operation), links=[(_("Open"), there)])
        # Not to its own page: after Undo that is none any more.
        return redirect(request, safe_next(request, reverse("calendar")))
    return _form_page(request, form, None, None)


@team_page
@require_safe
def series_detail(request: TeamRequest, pk: int) -> HttpResponse:
    """Its rule in words, the next dates, who comes always, who stopped, who is new."""
    now, series = clock.now(), series_of(request, pk)
    following = _coming().rows(series=series, now=now)
    shown = _until_standing(following, NEXT)
    remarks = clashes.of_slots([clashes.slot_of(one) for one in shown], team=series.team)
    context = {
        "series": series,
        "words": in_words(series),
        "dates": list(zip(shown, remarks, strict=True)),
        "has_date": any(one.cancelled_at is None for one in following),
        "story": regulars.of_series(series, now),
        "followed_by": next(iter(_followed_by().rows(series=series)), None),
        "may_edit": series.may_be_edited_by(request.user, leads=leads_team(request, series.team_id)),
        "may_plan": belongs_to(request, series.team),
        "here": request.path,
    }
    return render(request, "events/series_detail.html", context)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def series_edit(request: TeamRequest, pk: int) -> HttpResponse:
    """Change all dates to come, or with ?from=<occurrence> this one and the following."""
    now, series = clock.now(), editable(request, pk)
    split = _split(request, series)
    begin = (
        split or series.occurrences.filter(binned_at=None, starts_at__gt=now).order_by("starts_at").first()
    )
    starts = begin.original_start if begin else None
    day = starts.astimezone(series.zone).date() if starts else max(series.starts_on, _today(series, now))
    initial = values_of(series, given=editions.remaining(series, starts or now), starts_on=day)
    form = SeriesForm(
        request.POST or None,
        team=series.team,
        user=request.user,
        zone_name=series.zone_name,
        series=series,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        try:
            operation = (
                scheduling.edit_following(occurrence=split, by=request.user, wanted=form.wanted(), now=now)
                if split
                else scheduling.edit(series=series, by=request.user, wanted=form.wanted(), now=now)
            )
        except CannotChange:
            return _refused(request, series)
        now_is = Series.objects.get(pk=operation.details["series"][-1])
        said = _("Changed: %(what)s, %(rule)s.") % {"what": now_is, "rule": in_words(now_is)}
        status(request, said, undo_url=_undo_url(operation))
        # The series itself outlives an Undo; one split off does not.
        return redirect(request, reverse("events:series_detail", args=[series.pk]))
    return _form_page(request, form, series, split)


@team_page
@require_POST
def series_end(request: TeamRequest, pk: int) -> HttpResponse:
    """No more dates."""
    return _act(request, pk, scheduling.end, _("Ended: no more dates."))


@team_page
@require_POST
def series_resume(request: TeamRequest, pk: int) -> HttpResponse:
    """It goes on."""
    return _act(request, pk, scheduling.resume, _("It goes on."))


@team_page
@require_POST
def series_undo(request: TeamRequest, pk: int) -> HttpResponse:
    """Take back what was done to a series and its dates."""
    now = clock.now()
    waiting = Operation.objects.undoable_by(request.user, now=now).filter(kind=editions.SERIES)
    operation = get_object_or_404(waiting, pk=pk)
    try:
        done = scheduling.take_back(operation, by=request.user, now=now)
        stays = _("Undone, but for what was changed since.") if done.edited_since else _("Undone.")
        status(request, stays)
    except changes.CannotUndo:
        status(request, _("That can no longer be undone."), level=messages.WARNING)
    return redirect(request, back_to(request, reverse("calendar")))


def series_of(request: TeamRequest, pk: int) -> Series:
    """The series with its people; 404 when it is not of the person's teams."""
    found = _found().rows(pk=pk, teams=[team.pk for team in request.teams])
    if not found:
        raise Http404
    return cast("Series", found[0])


@cache
def _found() -> Compiled:
    """The series of a number, if it is of one of the `teams` (those of the request: all that the person may see)."""
    visible = Series.objects.filter(pk=given("pk"), team__in=given("teams"), binned_at=None)
    return Compiled(visible.select_related("team", "kind", "follows").prefetch_related("hosts", "tags"))


@cache
def _coming() -> Compiled:
    """The next dates of a series, twice as many as are shown: some may be cancelled."""
    rows = Occurrence.objects.filter(
        series=given("series"), starts_at__gt=given("now"), binned_at=None, outcome=""
    )
    return Compiled(rows.order_by("starts_at", "pk").with_people()[: NEXT * 2])


@cache
def _followed_by() -> Compiled:
    """The first of the series that were split off from one."""
    rows = Series.objects.filter(follows=given("series"), binned_at=None)
    return Compiled(rows.select_related("kind").order_by("pk")[:1])


def editable(request: TeamRequest, pk: int) -> Series:
    """Seen by the whole team; changed by its hosts, who set it up, and the lead."""
    series = series_of(request, pk)
    if not series.may_be_edited_by(request.user, leads=leads_team(request, series.team_id)):
        raise PermissionDenied
    return series


def in_words(series: Series) -> str:
    """Its rule in the reader's language: "last Thursday of each month at 18:30"."""
    return recurrence.in_words(
        series.rules,
        dtstart=series.dtstart,
        language=get_language() or "en",
        zone=series.zone,
        is_all_day=series.is_all_day,
    )


def _act(request: TeamRequest, pk: int, act: Callable[..., Operation], said: str) -> HttpResponse:
    """Do one thing to a series that the person may edit, and say so with Undo."""
    series = editable(request, pk)
    try:
        operation = act(series=series, by=request.user, now=clock.now())
    except CannotChange:
        return _refused(request, series)
    status(request, said, undo_url=_undo_url(operation))
    return redirect(request, safe_next(request, reverse("events:series_detail", args=[series.pk])))


def _refused(request: TeamRequest, series: Series) -> HttpResponse:
    status(request, _("It was changed meanwhile. Here is how it stands."), level=messages.INFO)
    return redirect(request, reverse("events:series_detail", args=[series.pk]))


def _undo_url(operation: Operation | None) -> str:
    return reverse("events:series_undo", args=[operation.pk]) if operation else ""


def _split(request: TeamRequest, series: Series) -> Occurrence | None:
    """The date from which on the series is to change, if one of its own was named."""
    wanted = row_ids([request.POST.get("from") or request.GET.get("from", "")])
    if not wanted:
        return None
    return get_object_or_404(series.occurrences.filter(binned_at=None).select_related("series"), pk=wanted[0])


def _until_standing(rows: list[Occurrence], count: int) -> list[Occurrence]:
    """The rows up to the `count`-th that stands, with the cancelled ones between them."""
    shown: list[Occurrence] = []
    for row in rows:
        if sum(1 for one in shown if one.cancelled_at is None) == count:
            break
        shown.append(row)
    return shown


def _first_values(request: TeamRequest, now: datetime) -> dict[str, Any]:
    kinds = dict(TouchpointKind.objects.filter(team=None).values_list("code", "pk"))
    return first_values(code=request.GET.get("format", ""), now=now, user=request.user, kinds=kinds)


def _today(series: Series, now: datetime) -> Any:
    return now.astimezone(series.zone).date()


def _form_page(
    request: TeamRequest, form: SeriesForm, series: Series | None, split: Occurrence | None
) -> HttpResponse:
    context = {
        "form": form,
        "series": series,
        "split": split,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "hosts": row_ids(form["host"].value() or []),
        "alone": len(form.fields["host"].queryset) < 2,  # type: ignore[attr-defined]
        "preview": _preview(form, series),
        "zone_differs": form.zone_name != str(timezone.get_current_timezone()),
    }
    wrong = form.is_bound and form.errors
    return respond(request, FORM, context, fragment="dates", status=422 if wrong else 200)


def _preview(form: SeriesForm, series: Series | None) -> dict[str, Any]:
    """The rule in words and the next dates with what stands in their way; of what is on the form as it is now."""
    filled = form if form.is_bound else _as_sent(form, series)
    if not filled.is_valid():
        return {}
    wanted, language = filled.wanted(), get_language() or "en"
    begin = filled.next_dates[0]
    zone = ZoneInfo(filled.zone_name)
    hosts = frozenset(host.pk for host in wanted.hosts) or frozenset({filled.user.pk})
    slots = [
        Slot(one.replace(tzinfo=zone), one.replace(tzinfo=zone) + wanted.duration, hosts)
        for one in filled.next_dates
    ]
    remarks = clashes.of_slots(slots, team=filled.team, without=series)
    say = weekday_date if series and series.is_all_day else day_and_time
    return {
        "words": recurrence.in_words(list(wanted.rules), dtstart=begin, language=language, zone=zone),
        "dates": [
            (say(one, language), remark) for one, remark in zip(filled.next_dates, remarks, strict=True)
        ],
    }


def _as_sent(form: SeriesForm, series: Series | None) -> SeriesForm:
    """The form as if its first values had been sent."""
    sent = {name: form[name].value() for name in form.fields}
    return SeriesForm(
        sent,
        team=form.team,
        user=form.user,
        zone_name=form.zone_name,
        series=series,
        initial=form.initial,
    )
