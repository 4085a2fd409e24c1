"""Occurrences and series as VEVENTs.

A series is one VEVENT with its rules. Rows are the truth about its dates: one that is missing is an EXDATE, one that
is different or cancelled an event of its own with RECURRENCE-ID; one that the rules do not give stands by itself.
What cannot be known does not change from one fetch to the next: DTSTAMP is when the row was made or cancelled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Event, vRecur

from events import recurrence
from events.models import Occurrence, Series
from events.moments import day_of_midnight
from events.rrules import RuleRefused, parse

_DAY = timedelta(days=1)
_AHEAD = timedelta(days=2 * 366)
_LIFETIME = 100  # years


@dataclass(frozen=True)
class Writer:
    """Writes events. `address` gives an occurrence's page; with `has_names` notes and who is invited are said."""

    address: Callable[[Occurrence], str]
    has_names: bool = False

    def single(self, occurrence: Occurrence) -> Event:
        """An occurrence by itself: one-off, or one that the rules of its series do not give."""
        event = Event()
        event.add("uid", occurrence.uid or str(occurrence.client_id))
        event.add("sequence", occurrence.sequence)
        self._say(event, occurrence)
        self._when(event, occurrence, None)
        return event

    def series(self, series: Series, rows: Sequence[Occurrence]) -> list[Event]:
        """A series and those of its dates that are to be seen, which `rows` are."""
        try:
            dates = _Dates.of(series, rows)
        except RuleRefused:  # several rules, many a day, since long ago: each date by itself says the same
            return [self.single(row) for row in rows]
        strays = [self.single(row) for row in rows if row.original_start not in dates.present]
        if dates.begin is None:
            return strays
        overrides = [
            self._override(series, row, dates.local_of[start])
            for start, row in sorted(dates.present.items())
            if self._differs(series, row)
        ]
        return [self._master(series, dates), *overrides, *strays]

    def _master(self, series: Series, dates: "_Dates") -> Event:
        event = Event()
        event.add("uid", series.ical_uid)
        event.add("sequence", series.sequence)
        event.add("dtstamp", series.created_at.astimezone(UTC))
        event.add("summary", str(series))
        if series.place:
            event.add("location", series.place)
        if self.has_names and series.note:
            event.add("description", series.note)
        event.add("status", "CONFIRMED")
        begin = dates.begin or series.dtstart
        length = _in_days(series.duration) if series.is_all_day else series.duration
        event.add("dtstart", _written(begin, series))
        event.add("dtend", _written(begin + length, series))
        for rule in series.rules:
            event.add("rrule", vRecur.from_ical(dates.rule(series, rule)))
        for local in map(datetime.fromisoformat, series.rdates):
            if local > begin:
                event.add("rdate", _written(local, series))
        for local in sorted(dates.gone(series)):
            event.add("exdate", _written(local, series))
        return event

    def _override(self, series: Series, row: Occurrence, local: datetime) -> Event:
        event = Event()
        event.add("uid", series.ical_uid)
        event.add("recurrence-id", _written(local, series))
        event.add("sequence", series.sequence + row.sequence)
        self._say(event, row)
        self._when(event, row, series)
        return event

    def _say(self, event: Event, row: Occurrence) -> None:
        """What it is; who is invited only when names are wanted."""
        event.add("dtstamp", max(row.created_at, row.cancelled_at or row.created_at).astimezone(UTC))
        event.add("summary", str(row))
        if row.place:
            event.add("location", row.place)
        if self.has_names and (said := _with_names(row)):
            event.add("description", said)
        event.add("status", "CANCELLED" if row.cancelled_at else "CONFIRMED")
        event.add("url", self.address(row))

    def _when(self, event: Event, row: Occurrence, series: Series | None) -> None:
        zone: ZoneInfo = series.zone if series else row.team.zone
        begin, end = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
        if row.is_all_day:
            day = day_of_midnight(row.starts_at, zone)
            event.add("dtstart", day)
            event.add("dtend", day + _in_days(end.replace(tzinfo=None) - begin.replace(tzinfo=None)))
        elif series:
            event.add("dtstart", begin)
            event.add("dtend", end)
        else:
            event.add("dtstart", begin.astimezone(UTC))
            event.add("dtend", end.astimezone(UTC))

    def _differs(self, series: Series, row: Occurrence) -> bool:
        """Whether a row says anything else than its series."""
        said = {name: getattr(series, name) for name in ("kind_id", "title", "place", "is_all_day")}
        if self.has_names:
            said["note"] = series.note
        return bool(
            row.cancelled_at
            or row.is_moved
            or row.ends_at - row.starts_at != series.duration
            or any(getattr(row, name) != value for name, value in said.items())
            or (self.has_names and _guests(row))
        )


@dataclass(frozen=True)
class _Dates:
    """What the rules give against the rows there are. `local_of`: local time by instant; `present`: rows by instant.

    `begin` is the local DTSTART to be written, None when nothing of the rules is left: the first date that is a row,
    since the dates before a series was set up (or read in) are none. `last` ends the rules of an ended series.
    """

    local_of: dict[datetime, datetime]
    present: dict[datetime, Occurrence]
    begin: datetime | None
    last: datetime | None

    @classmethod
    def of(cls, series: Series, rows: Sequence[Occurrence]) -> "_Dates":
        """Raises RuleRefused when several rules give too many dates since DTSTART."""
        local_of, by_rule = _locals_by_start(series, rows)
        present = {row.original_start: row for row in rows if row.original_start in local_of}
        first = min(present if not series.rules else present.keys() & by_rule, default=None)
        begin = local_of[first] if first else None
        if begin is None and not series.ended_at:
            begin = _next_beyond(series)
        if begin and len(series.rules) > 1:
            begin = series.dtstart  # each rule has its own rhythm, which a later DTSTART would break
        if begin:
            # An extra date before DTSTART stands by itself.
            present = {start: row for start, row in present.items() if local_of[start] >= begin}
        return cls(local_of, present, begin, max(present, default=None) if series.ended_at else None)

    def gone(self, series: Series) -> set[datetime]:
        """Local times that the written rules give and at which nothing takes place."""
        until = _filled_until(series)
        missing = {
            local
            for start, local in self.local_of.items()
            if start not in self.present and local.date() <= until
        }
        ahead = {local for local in map(datetime.fromisoformat, series.exdates) if local.date() > until}
        last = self.last and self.local_of[self.last]
        begin = self.begin or series.dtstart
        return {local for local in ahead | missing if local > begin and not (last and local > last)}

    def rule(self, series: Series, rule: str) -> str:
        """A rule as clients should read it: of days when DTSTART is one, ended where it ends for us."""
        read, last = parse(rule), self.last
        if last is None and read.count and self.begin != series.dtstart:
            last = _last(series, rule)
        if last is not None:
            read = replace(read, count=None, until=f"{last.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        end = read.last_local(series.zone)
        if series.is_all_day and end:
            return replace(read, until="").written(series.zone) + f";UNTIL={end:%Y%m%d}"
        return read.written(series.zone)


def _filled_until(series: Series) -> date:
    return series.filled_until or series.starts_on


def _locals_by_start(
    series: Series, rows: Sequence[Occurrence]
) -> tuple[dict[datetime, datetime], set[datetime]]:
    """What the rules give from the first row as far as rows are filled, and all dates added beside them: local time by
    instant, and which of them are by rule. Of several rules all dates are wanted: they are written from DTSTART on."""
    first, until = series.starts_on, _filled_until(series)
    if len(series.rules) == 1:
        starts = [row.original_start for row in rows if row.original_start]
        first = min(starts).astimezone(series.zone).date() if starts else until
    given = _expanded(series, series.rules, (first, until))
    by_rule = {one.starts_at: one.local for one in given}
    rdates = [datetime.fromisoformat(one) for one in series.rdates]
    added = {recurrence.starts_at(local, series.zone): local for local in rdates}
    return added | by_rule, set(by_rule)


def _next_beyond(series: Series) -> datetime | None:
    """The first local date after those that are rows."""
    until = _filled_until(series)
    found = _expanded(series, series.rules, (until + _DAY, until + _AHEAD))
    return found[0].local if found else None


def _last(series: Series, rule: str) -> datetime:
    """The instant of the last date of a rule that counts."""
    end = date(min(series.starts_on.year + _LIFETIME, date.max.year), 12, 31)
    return _expanded(series, [rule], (series.starts_on, end))[-1].starts_at


def _expanded(series: Series, rules: Sequence[str], window: tuple[date, date]) -> list[recurrence.Instance]:
    return recurrence.expand(dtstart=series.dtstart, zone=series.zone, rules=rules, window=window)


def _written(local: datetime, series: Series) -> datetime | date:
    return local.date() if series.is_all_day else local.replace(tzinfo=series.zone)


def _in_days(length: timedelta) -> timedelta:
    """Whole days, one at least."""
    return max(_DAY, -(-length // _DAY) * _DAY)


def _guests(row: Occurrence) -> list[str]:
    return [attendance.contact.name for attendance in row.invited]  # type: ignore[attr-defined]


def _with_names(row: Occurrence) -> str:
    return "\n".join(filter(None, [", ".join(_guests(row)), row.note]))
