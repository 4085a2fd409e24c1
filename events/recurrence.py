"""When something that recurs takes place: RFC 5545, expanded on local wall time. Pure.

A rule is reckoned in local time and only its results become instants, so 18:30 stays 18:30 whatever the clocks do.
A local time that the spring night skips (02:30) is the instant that its offset before the change gives (03:30, RFC
5545 section 3.3.5); of two in autumn it is the first. What becomes the same instant happens once.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from dateutil import rrule
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.rrules import DAYS, Rule, RuleRefused, parse
from events.rule_words import in_words

__all__ = ["Checked", "Instance", "RuleRefused", "expand", "in_words", "starts_at", "validate"]

MOST = 100_000
"""Instances looked at for one rule, more than rules that `validate` takes give in ten years."""
MOST_A_DAY = 24
_WITHIN_A_DAY = ("HOURLY", "MINUTELY", "SECONDLY")
_DAYS_OF = {"DAILY": 1, "WEEKLY": 7}
_WHICH_DAY = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}
_LOOK_AHEAD = 100  # years in which a rule must come to something
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Checked:
    """A rule as it may be kept (UNTIL in UTC), and what was put right in reading it, as sentences."""

    rule: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Instance:
    """One time it takes place: `local` as the rule has it (naive), and the instant (UTC)."""

    local: datetime
    starts_at: datetime


def starts_at(local: datetime, zone: tzinfo) -> datetime:
    """The instant (UTC) of a local time (naive) in a zone."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def validate(text: str, *, dtstart: datetime, zone: tzinfo = UTC) -> Checked:
    """A rule that a series may have, with DTSTART in local time (naive).

    Raises RuleRefused when it cannot be read, repeats within a day, or never comes to anything.
    """
    rule = parse(text)
    if rule.freq in _WITHIN_A_DAY:
        raise RuleRefused(
            _("A meeting that comes back every hour, minute or second is not one: a day is the least.")
        )
    at_times = [len(rule.by.get(name, (0,))) for name in ("BYHOUR", "BYMINUTE", "BYSECOND")]
    a_day = at_times[0] * at_times[1] * at_times[2]
    if a_day > MOST_A_DAY:
        said = ngettext("The rule gives %(n)d date a day.", "The rule gives %(n)d dates a day.", a_day) % {
            "n": a_day
        }
        raise RuleRefused(said + " " + _("At most %(most)d can be taken.") % {"most": MOST_A_DAY})
    horizon = date(min(dtstart.year + _LOOK_AHEAD, date.max.year - 1), 12, 31)
    if next(_locals(rule, dtstart, zone, dtstart.date(), horizon), None) is None:
        raise RuleRefused(_("By this rule it would never take place."))
    return Checked(rule.written(zone), rule.remarks)


def refuse_endless(text: str) -> None:
    """For rules that are only to be looked at: those that repeat within a day and have no end are refused."""
    rule = parse(text)
    if rule.freq in _WITHIN_A_DAY and not (rule.count or rule.until):
        raise RuleRefused(_("Every hour, minute or second without an end: say COUNT or UNTIL."))


def expand(
    *,
    dtstart: datetime,
    zone: tzinfo,
    rules: Sequence[str],
    exdates: Iterable[datetime] = (),
    rdates: Iterable[datetime] = (),
    window: tuple[date, date],
) -> list[Instance]:
    """The instances that begin on the local days of `window` (both included), in order, none twice.

    `dtstart`, `exdates` and `rdates` are local (naive). DTSTART itself takes place when a rule gives it, or when there
    is no rule. EXDATE takes away whatever begins at that instant, also what RDATE adds. Raises RuleRefused.
    """
    first, last = window
    # A time that does not exist may begin on the day after the one its rule said (a day that an island skipped).
    early = first - _DAY if first > date.min else first
    found = [_locals(parse(rule), dtstart, zone, early, last) for rule in rules]
    added = sorted(rdates) if rules else sorted({dtstart, *rdates})
    excluded = {starts_at(local, zone) for local in exdates}
    instances: dict[datetime, datetime] = {}
    for local in itertools.chain(*found, added):
        instant = starts_at(local, zone)
        if instant not in excluded and first <= instant.astimezone(zone).date() <= last:
            instances.setdefault(instant, local)
    return [Instance(local, instant) for instant, local in sorted(instances.items())]


class _Over(Exception):
    """The last day that was asked for lies behind."""


class _UpTo(rrule.rrule):
    """dateutil's rule, which seeks its next instance until the year 9999 (30 February, daily: minutes), with an end.

    dateutil asks for `_byeaster`, which is no part of RFC 5545, once for each month or year it turns to.
    """

    def __init__(self, turns: int, **parts: Any) -> None:
        self._turns = turns
        super().__init__(**parts)

    @property
    def _byeaster(self) -> None:
        self._turns -= 1
        if self._turns < 0:
            raise _Over

    @_byeaster.setter
    def _byeaster(self, value: None) -> None:
        """It has none."""


def _locals(rule: Rule, dtstart: datetime, zone: tzinfo, first: date, last: date) -> Iterator[datetime]:
    """What the rule gives from `first` to `last` in local time, in order."""
    stop = datetime.combine(last, time.max)
    stop = min(stop, rule.last_local(zone) or stop)
    try:
        for number, local in enumerate(_dateutil(rule, dtstart, _begin(rule, dtstart, first), stop)):
            if local > stop:
                return
            if number >= MOST:
                raise RuleRefused(_("The rule gives more than %(most)d dates.") % {"most": MOST})
            if local.date() >= first:
                yield local
    except RuleRefused:
        raise
    except (_Over, ValueError):
        # ValueError is how dateutil says that hours, minutes and seconds never meet.
        return


def _begin(rule: Rule, dtstart: datetime, first: date) -> datetime:
    """Whole intervals after DTSTART, one at least before `first`: from there on the rule gives the same.

    So what a window costs does not grow with the years since DTSTART. A rule that counts does so from DTSTART on.
    """
    if rule.count or rule.freq in _WITHIN_A_DAY:
        return dtstart
    if rule.freq in _DAYS_OF:
        days = rule.interval * _DAYS_OF[rule.freq]
        return dtstart + timedelta(days * max(0, (first - dtstart.date()).days // days - 1))
    months = rule.interval * (12 if rule.freq == "YEARLY" else 1)
    later = months * (((first.year - dtstart.year) * 12 + first.month - dtstart.month) // months - 1)
    if later <= 0:
        return dtstart
    years, month = divmod(dtstart.month - 1 + later, 12)
    return dtstart.replace(year=dtstart.year + years, month=month + 1, day=1)


def _dateutil(rule: Rule, dtstart: datetime, begin: datetime, stop: datetime) -> rrule.rrule:
    """dateutil's rule from `begin` on; what the rule leaves open is taken from DTSTART (RFC 5545 section 3.3.10)."""
    months = max(0, (stop.year - begin.year) * 12 + stop.month - begin.month)
    by: dict[str, Any] = {name.lower(): numbers for name, numbers in rule.by.items()}
    if rule.freq in ("MONTHLY", "YEARLY") and not (rule.by_day or _WHICH_DAY & rule.by.keys()):
        by["bymonthday"] = dtstart.day
        if rule.freq == "YEARLY":
            by.setdefault("bymonth", dtstart.month)
    return _UpTo(
        months + 2,
        freq=getattr(rrule, rule.freq),
        dtstart=begin,
        interval=rule.interval,
        count=rule.count,
        wkst=DAYS.index(rule.wkst or "MO"),
        byweekday=[rrule.weekday(day, which or None) for day, which in rule.by_day] or None,
        **by,
    )
