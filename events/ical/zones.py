"""The time zones that calendars name: by IANA, by Windows, with a slash in front, or by a VTIMEZONE of their own."""

import functools
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from events.ical.lines import Block, split

_NAMES = {"GMT": "UTC", "Z": "UTC", "ZULU": "UTC", "UTC": "UTC", "COORDINATED UNIVERSAL TIME": "UTC"}
_WEEK = timedelta(days=7)


class UnknownZone(ValueError):
    """A time zone that nobody but its author knows."""


class Zones:
    """The zones of one file. `default` is for times without one (floating): the team's."""

    def __init__(self, blocks: dict[str, Block], default: ZoneInfo) -> None:
        self._blocks, self.default = blocks, default

    def find(self, tzid: str, *, at: datetime, recurs: bool) -> ZoneInfo:
        """The zone of IANA that is meant. Raises UnknownZone.

        One that only the file knows becomes a zone with the same offsets in the two years from `at` (local) on; for
        what takes place once, one with the same offset then is enough.
        """
        name = tzid.strip().strip('"')
        known = _by_name(name)
        if known:
            return known
        block = self._blocks.get(name)
        if block:
            for location in block.values("X-LIC-LOCATION"):
                if known := _by_name(location.strip()):
                    return known
            if found := _with_same_offsets(block.text, self.default.key, at.year, at if not recurs else None):
                return ZoneInfo(found)
        offset = _offset_in(name)
        if offset is not None:
            return ZoneInfo(offset)
        raise UnknownZone(name)


def _by_name(name: str) -> ZoneInfo | None:
    parts = name.strip("/").split("/")
    for tail in range(min(3, len(parts)), 0, -1):
        candidate = "/".join(parts[-tail:])
        if candidate in available_timezones() and (tail > 1 or candidate == name):
            return ZoneInfo(candidate)
    other = WINDOWS_TO_OLSON.get(name) or _NAMES.get(name.upper())
    return ZoneInfo(other) if other else None


def _offset_in(name: str) -> str | None:
    """`UTC+11`, `(GMT-03:00) Brasília`: a fixed offset of whole hours, as IANA names it (with the sign turned)."""
    found = re.search(r"\b(?:UTC|GMT)\s*([+-])(\d{1,2})(?::?(00))?(?!\d|:)", name, re.IGNORECASE)
    if not found or int(found[2]) > 12:
        return None
    hours = int(found[2])
    return f"Etc/GMT{'-' if found[1] == '+' else '+'}{hours}" if hours else "UTC"


@functools.lru_cache(maxsize=64)
def _with_same_offsets(text: str, first: str, year: int, once: datetime | None) -> str | None:
    """A zone of IANA whose clocks show the same as those of a VTIMEZONE."""
    theirs = _tzinfo(text)
    if theirs is None or not 1970 <= year <= 2100:
        return None
    moments = [once] if once else [datetime(year, 1, 1, 12) + _WEEK * week for week in range(104)]  # noqa: DTZ001 - local
    try:
        wanted = [theirs.utcoffset(moment) for moment in moments]
    except (ValueError, OverflowError):
        return None
    for name in _candidates(first):
        zone = ZoneInfo(name)
        if all(zone.utcoffset(moment) == offset for moment, offset in zip(moments, wanted, strict=True)):
            return name
    return None


def _candidates(first: str) -> Iterator[str]:
    """The team's own, then fixed offsets, then the others by name."""
    yield first
    names = sorted(available_timezones())
    yield from (name for name in names if name.startswith("Etc/GMT"))
    yield from names


@functools.lru_cache(maxsize=64)
def _tzinfo(text: str) -> tzinfo | None:
    """The clock of a VTIMEZONE, if its changes are reckoned in no time: yearly, in a month, by a day."""
    for name, value in map(split, text.splitlines()):
        if name == "RRULE" and not _is_simple(value):
            return None
    try:
        component = Timezone.from_ical(text)
        return component.to_tz(lookup_tzid=False)  # type: ignore[attr-defined]
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        return None


def _is_simple(rule: str) -> bool:
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    known = {"FREQ", "INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY", "UNTIL", "COUNT", "WKST"}
    return parts.get("FREQ") == "YEARLY" and "BYMONTH" in parts and set(parts) <= known


def local_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """An instant as the wall clock of a zone shows it, naive."""
    return moment.astimezone(zone).replace(tzinfo=None)


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a wall clock reading."""
    return local.replace(tzinfo=zone).astimezone(UTC)
