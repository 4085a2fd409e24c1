"""One recurrence rule of RFC 5545 (section 3.3.10), read part by part. Pure.

Read as most calendars read: what is commonly written wrong and can only mean one thing is taken, and said in
`remarks`; what could mean two things, or nothing, is refused with a sentence.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo

from django.utils.translation import gettext as _

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# The numbers that may stand in each list, and whether they may count from the end (-1: the last).
_NUMBERS = {
    "BYSECOND": (0, 59, False),
    "BYMINUTE": (0, 59, False),
    "BYHOUR": (0, 23, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYMONTH": (1, 12, False),
    "BYSETPOS": (1, 366, True),
}
_LONGEST = 2_000  # characters
_LARGEST_INTERVAL = 10_000
_LARGEST_COUNT = 100_000


class RuleRefused(ValueError):
    """A rule that cannot be taken, and why, as a sentence in the active language."""


@dataclass(frozen=True)
class Rule:
    """A rule's parts. `by` holds the lists of numbers by name; `by_day` weekdays as (0 for Monday, which or 0)."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: str = ""  # 20261231, 20261231T183000 or 20261231T183000Z
    by: dict[str, tuple[int, ...]] = field(default_factory=dict)
    by_day: tuple[tuple[int, int], ...] = ()
    wkst: str = ""
    remarks: tuple[str, ...] = ()

    def last_local(self, zone: tzinfo) -> datetime | None:
        """The last local moment (naive) at which an instance may begin; None when UNTIL is not given.

        UNTIL is in UTC when DTSTART has a zone; without Z it is taken as local, and a bare day as the whole of it.
        """
        if not self.until:
            return None
        if "T" not in self.until:
            return datetime.combine(date.fromisoformat(self.until), time.max)
        moment = datetime.fromisoformat(self.until[:15])
        if self.until.endswith("Z"):
            return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        return moment

    def written(self, zone: tzinfo) -> str:
        """The rule as RFC 5545 wants it next to a DTSTART with a zone: UNTIL in UTC."""
        parts = [f"FREQ={self.freq}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        last = self.last_local(zone)
        if last:
            parts.append(f"UNTIL={last.replace(microsecond=0, tzinfo=zone).astimezone(UTC):%Y%m%dT%H%M%SZ}")
        if self.count:
            parts.append(f"COUNT={self.count}")
        parts += [
            f"{name}={','.join(map(str, numbers))}" for name, numbers in self.by.items() if name != "BYSETPOS"
        ]
        if self.by_day:
            parts.append("BYDAY=" + ",".join(f"{which or ''}{DAYS[day]}" for day, which in self.by_day))
        if "BYSETPOS" in self.by:
            parts.append("BYSETPOS=" + ",".join(map(str, self.by["BYSETPOS"])))
        if self.wkst:
            parts.append(f"WKST={self.wkst}")
        return ";".join(parts)


def parse(text: str) -> Rule:
    """Read a rule, with or without `RRULE:` in front. Raises RuleRefused."""
    remarks: list[str] = []
    parts = _parts(text, remarks)
    freq = parts.pop("FREQ", "")
    if freq not in FREQUENCIES:
        raise RuleRefused(_("The rule does not say how often (FREQ)."))
    by = {name: _numbers(name, parts.pop(name)) for name in _NUMBERS if name in parts}
    by_day = tuple(_days(parts.pop("BYDAY", ""), freq, remarks))
    if "BYSETPOS" in by and len(by) == 1 and not by_day:
        raise RuleRefused(_("BYSETPOS picks from what another BY… part gives, and there is none."))
    interval = _whole("INTERVAL", parts.pop("INTERVAL", "1"), _LARGEST_INTERVAL)
    count = _whole("COUNT", parts.pop("COUNT"), _LARGEST_COUNT) if "COUNT" in parts else None
    until = _until(parts.pop("UNTIL", ""), remarks)
    if until and count:
        remarks.append(_("COUNT and UNTIL stand together; whichever ends it first is taken."))
    wkst = parts.pop("WKST", "")
    if wkst and wkst not in DAYS:
        raise _unreadable("WKST", wkst)
    _rest(parts, remarks)
    return Rule(freq, interval, count, until, by, by_day, wkst, tuple(remarks))


def _parts(text: str, remarks: list[str]) -> dict[str, str]:
    """Name and value of each part, in upper case."""
    given = "".join(text.split()).upper().removeprefix("RRULE:")
    if len(given) > _LONGEST:
        raise RuleRefused(_("The rule is longer than any rule needs to be."))
    if given.startswith(";") or given.endswith(";") or ";;" in given:
        remarks.append(_("A semicolon too many was passed over."))
    parts: dict[str, str] = {}
    for part in filter(None, given.split(";")):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise RuleRefused(_("“%(part)s” is no part of a rule.") % {"part": part})
        if name in parts:
            raise RuleRefused(_("%(name)s stands in the rule twice.") % {"name": name})
        parts[name] = value
    return parts


def _numbers(name: str, value: str) -> tuple[int, ...]:
    least, most, may_count_back = _NUMBERS[name]
    numbers: list[int] = []
    for one in filter(None, value.split(",")):
        number = int(one) if re.fullmatch(r"[+-]?\d{1,3}", one, re.ASCII) else None
        if number is None or not least <= (abs(number) if may_count_back else number) <= most:
            raise _unreadable(name, one)
        if number not in numbers:
            numbers.append(number)
    if not numbers:
        raise _unreadable(name, value)
    return tuple(numbers)


def _days(value: str, freq: str, remarks: list[str]) -> list[tuple[int, int]]:
    days: list[tuple[int, int]] = []
    for one in filter(None, value.split(",")):
        found = re.fullmatch(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", one, re.ASCII)
        which = int(found[1] or 0) if found else 0
        if not found or (found[1] and not 1 <= abs(which) <= 53):
            raise _unreadable("BYDAY", one)
        if which and freq not in ("MONTHLY", "YEARLY"):
            remarks.append(
                _("A number before a weekday means something in months and years only; it was passed over.")
            )
            which = 0
        if (DAYS.index(found[2]), which) not in days:
            days.append((DAYS.index(found[2]), which))
    if value and not days:
        raise _unreadable("BYDAY", value)
    return days


def _whole(name: str, value: str, most: int) -> int:
    """A number from 1 on."""
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not 1 <= int(value) <= most:
        if value.strip("0") == "":
            raise RuleRefused(_("%(name)s=0 would never come to an end.") % {"name": name})
        raise _unreadable(name, value)
    return int(value)


def _until(value: str, remarks: list[str]) -> str:
    if not value:
        return ""
    found = re.fullmatch(
        r"(\d{8})(?:T(\d{4}(?:\d\d)?)(Z?))?", value.replace("-", "").replace(":", ""), re.ASCII
    )
    if not found:
        raise _unreadable("UNTIL", value)
    day, clock, utc = found.groups()
    try:
        moment = datetime.strptime(f"{day}{clock or '0000':0<6}", "%Y%m%d%H%M%S")  # noqa: DTZ007 - local or UTC
    except ValueError:
        raise _unreadable("UNTIL", value) from None
    if not 1 < moment.year < 9999:
        raise _unreadable("UNTIL", value)
    if clock is None:
        remarks.append(_("UNTIL is a day without a time; the whole of that day is taken in."))
    elif not utc:
        remarks.append(_("UNTIL is written without Z; it was read as local time."))
    return day if clock is None else f"{moment:%Y%m%dT%H%M%S}{utc}"


def _rest(parts: dict[str, str], remarks: list[str]) -> None:
    """Parts of RFC 7529 that change nothing, and those of one program alone, are passed over; others are refused."""
    harmless: dict[str, Callable[[str], bool]] = {
        "RSCALE": lambda value: value == "GREGORIAN",
        "SKIP": lambda value: value == "OMIT",
    }
    for name, value in parts.items():
        if name.startswith("X-"):
            remarks.append(_("%(name)s was passed over: no other calendar knows it.") % {"name": name})
        elif not (name in harmless and harmless[name](value)):
            raise RuleRefused(_("“%(part)s” is no part of a rule.") % {"part": f"{name}={value}"})


def _unreadable(name: str, value: str) -> RuleRefused:
    return RuleRefused(_("“%(value)s” cannot be read as %(name)s.") % {"value": value[:40], "name": name})
