"""VTIMEZONE: what a zone's clocks do, for programs that do not know it by its name. Pure.

Written by hand because the library's own puts the beginning of summer time an hour too late.
"""

import functools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@functools.lru_cache(maxsize=256)
def vtimezone(name: str, first_year: int, last_year: int) -> Timezone:
    """The zone from its offset at the start of `first_year` to its last change in `last_year`."""
    zone = ZoneInfo(name)
    component = Timezone()
    component.add("tzid", name)
    begin = datetime(first_year, 1, 1, tzinfo=UTC)
    component.add_component(_observance(zone, begin, begin, [begin]))
    same: dict[tuple[timedelta, timedelta, str], list[datetime]] = {}
    for change in changes(zone, begin, datetime(last_year + 1, 1, 1, tzinfo=UTC)):
        before, after = _offset(zone, change - _MINUTE), _offset(zone, change)
        same.setdefault((before, after, change.astimezone(zone).tzname() or ""), []).append(change)
    for moments in same.values():
        component.add_component(_observance(zone, moments[0] - _MINUTE, moments[0], moments))
    return component


def changes(zone: tzinfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """The instants (UTC, to the minute) at which the zone's offset changes; more than one a day is not looked for."""
    day = begin
    while day < end:
        if _offset(zone, day) != _offset(zone, day + _DAY):
            low, high = day, day + _DAY
            while high - low > _MINUTE:
                middle = low + (high - low) // 2 // _MINUTE * _MINUTE
                low, high = (middle, high) if _offset(zone, middle) == _offset(zone, low) else (low, middle)
            yield high
        day += _DAY


def _offset(zone: tzinfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)


def _observance(
    zone: tzinfo, before: datetime, first: datetime, moments: list[datetime]
) -> TimezoneStandard | TimezoneDaylight:
    """STANDARD or DAYLIGHT from the instants on at which it begins; local times are those of the offset before."""
    offset_from, local = _offset(zone, before), first.astimezone(zone)
    part = TimezoneDaylight() if local.dst() else TimezoneStandard()
    part.add("tzname", local.tzname())
    part.add("tzoffsetfrom", offset_from)
    part.add("tzoffsetto", _offset(zone, first))
    begins = [moment.replace(tzinfo=None) + offset_from for moment in moments]
    part.add("dtstart", begins[0])
    if begins[1:]:
        part.add("rdate", begins[1:])
    return part
