"""Rules as people choose them, and the same as RFC 5545 writes them (section 3.3.10). Pure.

Four ways are offered: every so many weeks on some days; a weekday of the month or quarter (the last Thursday, the
first working day); a day of the month; and any other rule that came from a calendar, which is kept as it is.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING_DAY = "WD"  # of our own: Monday to Friday
LAST = -1

WEEKLY, WEEKDAY_OF, DAY_OF, KEPT = "weekly", "weekday_of", "day_of", "kept"
MONTH, QUARTER = "month", "quarter"
FIRST_MONTHS, LAST_MONTHS = "1,4,7,10", "3,6,9,12"


@dataclass(frozen=True)
class Choice:
    """What is chosen on the form.

    `repeat` is one of the four ways. `every` counts weeks or months; `days` are for weeks; `which` (1 to 4, or LAST)
    and `weekday` (MO to SU, or WORKING_DAY) for a weekday of `period`; `month_day` (1 to 31, or LAST) for a day of
    the month. `until` is the last day, included, in the series' zone; `times` how often. `kept` are the rules of KEPT,
    with ends of their own unless one is chosen.
    """

    repeat: str = WEEKDAY_OF
    every: int = 1
    days: tuple[str, ...] = ()
    which: int = LAST
    weekday: str = "TH"
    period: str = MONTH
    month_day: int = 15
    until: date | None = None
    times: int | None = None
    kept: tuple[str, ...] = ()


def rules_of(choice: Choice, *, zone: tzinfo) -> list[str]:
    """The RRULE values of a choice; UNTIL is the end of its day in `zone`, in UTC as the RFC wants it."""
    if choice.repeat != KEPT:
        return [_ended(_frequency(choice), choice, zone)]
    if not (choice.until or choice.times):
        return list(choice.kept)
    return [_ended(_without_end(rule), choice, zone) for rule in choice.kept]


def choice_of(rules: list[str], *, zone: tzinfo, at: time = time.min) -> Choice:
    """The choice that makes these rules of dates at `at`; KEPT when the form has no words for them."""
    kept = Choice(repeat=KEPT, kept=tuple(rules))
    if len(rules) != 1:
        return kept
    parts = dict(part.split("=", 1) for part in rules[0].upper().split(";") if "=" in part)
    ends = _ends(parts.pop("UNTIL", ""), parts.pop("COUNT", ""), zone, at)
    if parts.get("WKST") == "MO":  # as it is without being said
        del parts["WKST"]
    choice = _read(parts)
    if choice is None:
        return kept
    choice = Choice(**{**vars(choice), **ends})
    # Read back and written again it must be the same rule: nothing is lost that the form does not know.
    written = dict(part.split("=", 1) for part in _frequency(choice))
    given = {"INTERVAL": "1", **parts}
    return choice if {"INTERVAL": "1", **written} == given else kept


def cut_before(rule: str, instant: datetime) -> str:
    """The rule with its last date before an instant (aware), whatever ended it until now."""
    last = (instant - timedelta(seconds=1)).astimezone(UTC)
    return ";".join([*_without_end(rule), f"UNTIL={last:%Y%m%dT%H%M%SZ}"])


def count_of(rule: str) -> int | None:
    """How often a rule counts, or None."""
    found = re.search(r"(?:^|;)COUNT=(\d+)", rule, re.IGNORECASE)
    return int(found[1]) if found else None


def with_count(rule: str, count: int) -> str:
    """The rule counting another number of times."""
    return re.sub(r"(^|;)COUNT=\d+", rf"\g<1>COUNT={count}", rule, flags=re.IGNORECASE)


def _ended(parts: list[str], choice: Choice, zone: tzinfo) -> str:
    """A rule of these parts with the end that was chosen."""
    if choice.until:
        last = datetime.combine(choice.until, time(23, 59, 59), zone).astimezone(UTC)
        parts = [*parts, f"UNTIL={last:%Y%m%dT%H%M%SZ}"]
    elif choice.times:
        parts = [*parts, f"COUNT={choice.times}"]
    return ";".join(parts)


def _without_end(rule: str) -> list[str]:
    return [part for part in rule.split(";") if not re.match(r"(UNTIL|COUNT)=", part, re.IGNORECASE)]


def _frequency(choice: Choice) -> list[str]:
    if choice.repeat == WEEKLY:
        days = [day for day in DAYS if day in choice.days]
        return ["FREQ=WEEKLY", *_interval(choice.every), *([f"BYDAY={','.join(days)}"] if days else [])]
    if choice.repeat == DAY_OF:
        return ["FREQ=MONTHLY", *_interval(choice.every), f"BYMONTHDAY={choice.month_day}"]
    # A quarter's last Thursday lies in its last month, every other one in its first.
    months = LAST_MONTHS if choice.which == LAST else FIRST_MONTHS
    parts = ["FREQ=MONTHLY"]
    parts += [f"BYMONTH={months}"] if choice.period == QUARTER else _interval(choice.every)
    if choice.weekday == WORKING_DAY:
        return [*parts, "BYDAY=MO,TU,WE,TH,FR", f"BYSETPOS={choice.which}"]
    return [*parts, f"BYDAY={choice.which}{choice.weekday}"]


def _interval(every: int) -> list[str]:
    return [f"INTERVAL={every}"] if every != 1 else []


def _read(parts: dict[str, str]) -> Choice | None:
    """A choice that may be meant by a rule's parts."""
    every = int(parts.get("INTERVAL", "1")) if parts.get("INTERVAL", "1").isdecimal() else 1
    if parts.get("FREQ") == "WEEKLY":
        return Choice(repeat=WEEKLY, every=every, days=tuple(filter(None, parts.get("BYDAY", "").split(","))))
    if parts.get("FREQ") != "MONTHLY":
        return None
    if re.fullmatch(r"-1|[12]?\d|3[01]", parts.get("BYMONTHDAY", "")):
        return Choice(repeat=DAY_OF, every=every, month_day=int(parts["BYMONTHDAY"]))
    period = QUARTER if "BYMONTH" in parts else MONTH
    by_day = re.fullmatch(r"(-1|\+?[1-4])(MO|TU|WE|TH|FR|SA|SU)", parts.get("BYDAY", ""))
    if by_day:
        return Choice(every=every, which=int(by_day[1]), weekday=by_day[2], period=period)
    if re.fullmatch(r"-1|[1-4]", parts.get("BYSETPOS", "")):
        return Choice(every=every, which=int(parts["BYSETPOS"]), weekday=WORKING_DAY, period=period)
    return None


def _ends(until: str, count: str, zone: tzinfo, at: time) -> dict[str, date | int | None]:
    """The last day on which there may be a date at `at`, or the number of times, that a rule says."""
    if count.isdecimal():
        return {"times": int(count)}
    found = re.fullmatch(r"(\d{8})(?:T(\d{6})(Z?))?", until)
    if not found:
        return {}
    moment = datetime.strptime(f"{found[1]}{found[2] or '000000'}", "%Y%m%d%H%M%S")  # noqa: DTZ007  # local or UTC
    local = moment.replace(tzinfo=UTC).astimezone(zone) if found[3] else moment
    is_cut = bool(found[2]) and local.time() < at
    return {"until": local.date() - timedelta(days=is_cut)}
