"""What a feed answers: the meetings of a person or a team as one calendar, the same bytes as long as nothing changes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar, Event

from contacts.models import TouchpointKind
from events.ical.vtimezone import vtimezone
from events.ical.writing import Writer
from events.models import Feed, Occurrence, Series
from events.models.feed import Scope

PRODID = "-//CommunityCRM//CommunityCRM//EN"
KEPT = timedelta(days=365)
"""How long a single meeting stays in a feed; series stay whole."""
_ZONE_YEARS = 10
_NOT_WRITTEN = ("touchpoint", "outcome", "answers", "ask_again_at", "created_by", "binned_at")


def of_feed(feed: Feed, *, now: datetime) -> bytes:
    """The calendar of a feed, in its person's language; a constant number of queries."""
    with translation.override(feed.user.language):
        name = f"{feed.team.name} · {feed.get_scope_display()}"
        return written(_events(feed, now), name=name)


def of_occurrence(occurrence: Occurrence) -> bytes:
    """One meeting as a file, to be sent on: without names and notes."""
    return written([Writer(_address).single(occurrence)])


def of_series(series: Series) -> bytes:
    """A series with all its dates as a file, without names and notes."""
    rows = (
        series.occurrences.filter(binned_at=None)
        .select_related("kind", "team")
        .order_by("original_start", "pk")
    )
    return written(Writer(_address).series(series, list(rows)))


def written(events: Iterable[Event], *, name: str = "") -> bytes:
    """Events as a calendar with the zones they need; an UID that is there already is not given a second time."""
    events = list(events)
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("name", name)
        calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    for zone, first, last in _zones(events):
        calendar.add_component(vtimezone(zone, first, last))
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()


def _events(feed: Feed, now: datetime) -> list[Event]:
    writer = Writer(_address, has_names=feed.has_names)
    team, is_mine = feed.team, feed.scope == Scope.MINE
    # Kind and team are put in by hand: joined, they would be made anew for each of thousands of rows.
    kinds = {kind.pk: kind for kind in TouchpointKind.objects.filter(Q(team=None) | Q(team=team))}
    rows = Occurrence.objects.filter(team=team, binned_at=None).defer(*_NOT_WRITTEN)
    rows = rows.filter(Q(series__isnull=False) | Q(starts_at__gte=now - KEPT))
    all_series = Series.objects.filter(team=team, binned_at=None).select_related("kind")
    if is_mine:
        rows, all_series = rows.hosted_by(feed.user), all_series.hosted_by(feed.user)
    if feed.has_names:
        rows = rows.with_guests().select_related(None)
    known = {series.pk: series for series in all_series}
    of: dict[int, list[Occurrence]] = defaultdict(list)
    singles: list[Occurrence] = []
    for row in rows.order_by("starts_at", "pk"):
        row.team, row.kind = team, kinds[row.kind_id]
        if row.series_id in known:
            of[row.series_id].append(row)
        elif row.starts_at >= now - KEPT:
            singles.append(row)
    return _once_each(
        [
            *(writer.series(series, of[pk]) for pk, series in known.items()),
            *([writer.single(row)] for row in singles),
        ]
    )


def _once_each(groups: list[list[Event]]) -> list[Event]:
    """Two calendars read in may hold the same meeting: clients refuse an UID that comes twice, so the first counts."""
    owner: dict[str, int] = {}
    return [
        event
        for number, events in enumerate(groups)
        for event in events
        if owner.setdefault(str(event["uid"]), number) == number
    ]


def _zones(events: list[Event]) -> list[tuple[str, int, int]]:
    """The zones that stand in the events, each with the years it is needed for."""
    years: dict[str, list[int]] = defaultdict(list)
    for event in events:
        start = event.start
        if isinstance(start, datetime) and isinstance(start.tzinfo, ZoneInfo) and start.tzinfo.key != "UTC":
            years[start.tzinfo.key].append(start.year)
    return [(zone, min(found), max(found) + _ZONE_YEARS) for zone, found in sorted(years.items())]


def _address(occurrence: Occurrence) -> str:
    return f"{settings.PUBLIC_URL}{reverse('occurrence', args=[occurrence.pk])}"
