"""Rules in words, in French and English: « le dernier jeudi du mois à 18 h 30 ». Pure."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo

from django.utils import translation
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from events.rrules import Rule, RuleRefused, parse
from foundation.formatting import day_month, full_date, sentence_time

_WHICH = {
    1: pgettext_lazy("which", "first"),
    2: pgettext_lazy("which", "second"),
    3: pgettext_lazy("which", "third"),
    4: pgettext_lazy("which", "fourth"),
    5: pgettext_lazy("which", "fifth"),
    -1: pgettext_lazy("which", "last"),
    -2: pgettext_lazy("which", "second to last"),
}
_EVERY = (
    pgettext_lazy("every …", "Monday"),
    pgettext_lazy("every …", "Tuesday"),
    pgettext_lazy("every …", "Wednesday"),
    pgettext_lazy("every …", "Thursday"),
    pgettext_lazy("every …", "Friday"),
    pgettext_lazy("every …", "Saturday"),
    pgettext_lazy("every …", "Sunday"),
)
_WORKING_DAYS = tuple((day, 0) for day in range(5))
_FIRST_MONTHS, _LAST_MONTHS = (1, 4, 7, 10), (3, 6, 9, 12)
_SHORTEST_MONTH = 28
_LEAP_YEAR = 2024


def in_words(
    rules: Sequence[str],
    *,
    dtstart: datetime,
    language: str,
    zone: tzinfo = UTC,
    is_all_day: bool = False,
) -> str:
    """Rules as people say them, to go into a sentence; DTSTART is local (naive), `zone` says on which day UNTIL falls.

    A rule that we have no words for is given as it is written, and said to be one.
    """
    with translation.override(language):
        at = "" if is_all_day else " " + _("at %(time)s") % {"time": sentence_time(dtstart, language)}
        if not rules:
            return _("on days chosen one by one") + at
        return "; ".join(_one(rule, dtstart, at, language, zone) for rule in rules)


def _one(text: str, dtstart: datetime, at: str, language: str, zone: tzinfo) -> str:
    try:
        rule = parse(text)
    except RuleRefused:
        return _other(text) + at
    said = _frequency(rule, dtstart, language)
    return (said or _other(text)) + at + _end(rule, language, zone)


def _other(text: str) -> str:
    return _("by a rule of its own (%(rule)s)") % {"rule": text}


def _end(rule: Rule, language: str, zone: tzinfo) -> str:
    last = rule.last_local(zone)
    said = ""
    if last:
        said += ", " + _("until %(day)s") % {"day": full_date(last.date(), language)}
    if rule.count:
        said += ", " + ngettext("%(n)d time", "%(n)d times", rule.count) % {"n": rule.count}
    return said


def _frequency(rule: Rule, dtstart: datetime, language: str) -> str:
    """Everything but time and end; empty when there are no words for it."""
    if not set(rule.by) <= {"BYMONTH", "BYMONTHDAY", "BYSETPOS"}:
        return ""
    say = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}.get(rule.freq)
    return say(rule, dtstart, language) if say else ""


def _daily(rule: Rule, dtstart: datetime, language: str) -> str:
    if rule.by or rule.by_day:
        return ""
    return ngettext("every day", "every %(n)d days", rule.interval) % {"n": rule.interval}


def _weekly(rule: Rule, dtstart: datetime, language: str) -> str:
    if rule.by:
        return ""
    days = sorted(day for day, _which in rule.by_day) or [dtstart.weekday()]
    if rule.interval > 1:
        # In French each day has its article: « le lundi et le mardi ».
        on = _and([pgettext("on …", "%(weekday)s") % {"weekday": WEEKDAYS[day]} for day in days])
        return _("every %(n)d weeks on %(days)s") % {"n": rule.interval, "days": on}
    if rule.by_day == _WORKING_DAYS:
        return _("every day from Monday to Friday")
    return _("every %(days)s") % {"days": _and([str(_EVERY[day]) for day in days])}


def _monthly(rule: Rule, dtstart: datetime, language: str) -> str:
    which = _day_of_month(rule, dtstart, language)
    months = rule.by.get("BYMONTH", ())
    if not which or (months and rule.interval > 1):
        return ""
    if rule.interval > 1:
        return _("%(which)s, every %(n)d months") % {"which": which, "n": rule.interval}
    if months and tuple(sorted(months)) == (_LAST_MONTHS if _counts_back(rule) else _FIRST_MONTHS):
        return _("%(which)s of each quarter") % {"which": which}
    if months:
        return _("%(which)s of the month, in %(months)s") % {"which": which, "months": _and_months(months)}
    if _is_missing_in_some_months(rule, dtstart):
        return _("%(which)s of each month that has one") % {"which": which}
    return _("%(which)s of each month") % {"which": which}


def _yearly(rule: Rule, dtstart: datetime, language: str) -> str:
    months, days = rule.by.get("BYMONTH", (dtstart.month,)), rule.by.get("BYMONTHDAY", (dtstart.day,))
    if rule.interval > 1 or (rule.by_day and "BYMONTH" not in rule.by):
        return ""
    if not rule.by_day and len(months) == len(days) == 1:
        return _on_a_date(months[0], days[0], language)
    which = _day_of_month(rule, dtstart, language)
    if not which:
        return ""
    return _("%(which)s of the month, in %(months)s, each year") % {
        "which": which,
        "months": _and_months(months),
    }


def _on_a_date(month: int, day: int, language: str) -> str:
    try:
        said = day_month(date(_LEAP_YEAR, month, day), language)
    except ValueError:
        return ""
    return _("each year on %(day)s") % {"day": said}


def _day_of_month(rule: Rule, dtstart: datetime, language: str) -> str:
    """Last Thursday, first working day, 15th (in French with the article); empty when there are no words."""
    days, positions = rule.by.get("BYMONTHDAY", ()), rule.by.get("BYSETPOS", ())
    if positions:
        if days or rule.by_day != _WORKING_DAYS or len(positions) > 1 or positions[0] not in _WHICH:
            return ""
        return _("%(which)s working day") % {"which": _WHICH[positions[0]]}
    if rule.by_day:
        if days or any(which not in _WHICH for _day, which in rule.by_day):
            return ""
        return _and([f"{_WHICH[which]} {WEEKDAYS[day]}" for day, which in rule.by_day])
    return _days_of_month(days or (dtstart.day,), language)


def _days_of_month(days: tuple[int, ...], language: str) -> str:
    if days == (-1,):
        return pgettext("which", "last day")
    if min(days) < 1:
        return ""
    return _and([_ordinal(day, language) for day in sorted(days)])


def _ordinal(day: int, language: str) -> str:
    """15th / le 15, 1st / le 1er."""
    if language.startswith("fr"):
        return f"le {day}er" if day == 1 else f"le {day}"
    suffix = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{suffix}"


def _is_missing_in_some_months(rule: Rule, dtstart: datetime) -> bool:
    """The 31st, which only seven months have."""
    days = rule.by.get("BYMONTHDAY", () if rule.by_day else (dtstart.day,))
    return len(days) == 1 and days[0] > _SHORTEST_MONTH


def _counts_back(rule: Rule) -> bool:
    counted = [*rule.by.get("BYSETPOS", ()), *(which for _day, which in rule.by_day)]
    return any(number < 0 for number in counted)


def _and_months(months: tuple[int, ...]) -> str:
    return _and([str(MONTHS[month]) for month in sorted(months)])


def _and(words: list[str]) -> str:
    """Monday, Tuesday and Friday."""
    if len(words) == 1:
        return words[0]
    return pgettext("list", "%(others)s and %(last)s") % {"others": ", ".join(words[:-1]), "last": words[-1]}
