"""Dates, times and numbers as people write them, in French and British English. Pure: the language is an argument.

French typography: a no-break space (U+00A0) before "%" and around the "h" of the hour; the first of a month is "1er".
U+202F is never used: neither of our fonts has it.
"""

import re
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_AP, WEEKDAYS
from django.utils.translation import gettext, ngettext

NBSP = "\u00a0"
_SHORT_FR = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)
_DAYS_IN_WORDS, _WEEKS_IN_WORDS, _MONTHS_IN_WORDS = 13, 12 * 7 + 6, 365 * 2


def _speaking(language: str) -> AbstractContextManager[None]:
    """The language for some words. A page asks for its own a hundred times: nothing to switch then."""
    return nullcontext() if translation.get_language() == language else translation.override(language)


def _is_french(language: str) -> bool:
    return language.startswith("fr")


def _day_number(day: date, language: str) -> str:
    return "1er" if _is_french(language) and day.day == 1 else str(day.day)


def day_month(day: date, language: str) -> str:
    """22 novembre, 1er novembre / 22 November."""
    with _speaking(language):
        return f"{_day_number(day, language)}{NBSP}{MONTHS[day.month]}"


def full_date(day: date, language: str) -> str:
    """22 novembre 2026 / 22 November 2026."""
    return f"{day_month(day, language)} {day.year}"


@lru_cache(maxsize=1024)  # a team's page writes the same few hundreds of times
def short_date(day: date, language: str) -> str:
    """22 nov. / 22 Nov: for tables and charts."""
    if _is_french(language):
        return f"{_day_number(day, language)}{NBSP}{_SHORT_FR[day.month - 1]}"
    with _speaking("en"):
        return f"{day.day}{NBSP}{str(MONTHS_AP[day.month]).rstrip('.')[:3]}"


def weekday_date(day: date, language: str) -> str:
    """dimanche 22 novembre / Sunday 22 November: no capital inside a French sentence."""
    with _speaking(language):
        return f"{WEEKDAYS[day.weekday()]} {day_month(day, language)}"


def sentence_time(moment: time | datetime, language: str) -> str:
    """18 h 30, 14 h / 18:30, 14:00. A datetime is taken in its own zone: convert it before."""
    if not _is_french(language):
        return f"{moment.hour:02d}:{moment.minute:02d}"
    minutes = f"{NBSP}{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour}{NBSP}h{minutes}"


def day_and_time(moment: datetime, language: str) -> str:
    """jeudi 26 novembre, 18 h 30 / Thursday 26 November, 18:30, in the moment's own zone."""
    return f"{weekday_date(moment.date(), language)}, {sentence_time(moment, language)}"


def date_range(first: date, last: date, language: str) -> str:
    """du 26 octobre au 22 novembre / 26 October to 22 November; the year is said when the two differ."""
    say = day_month if first.year == last.year else full_date
    if _is_french(language):
        return f"du {say(first, language)} au {say(last, language)}"
    return f"{say(first, language)} to {say(last, language)}"


def percent(share: Fraction | Decimal | float, language: str) -> str:
    """A share (0.333) as a whole percent, halves rounded up: 33 % / 33%. No decimals: that would pretend."""
    exact = Fraction(share) * 100
    whole = int((Decimal(exact.numerator) / Decimal(exact.denominator)).to_integral_value(ROUND_HALF_UP))
    return f"{whole}{NBSP}%" if _is_french(language) else f"{whole}%"


@lru_cache(maxsize=1024)  # a list says the same few again and again
def ago(day: date, today: date, language: str) -> str:
    """How long ago a day was, in words of the largest unit that fits: il y a 9 semaines / 9 weeks ago.

    Days up to 13, weeks up to 12, months up to two years, then years. A day ahead is said as one: in 3 days.
    """
    days = (today - day).days
    with _speaking(language):
        if days < 0:
            return _ahead(-days)
        if days == 0:
            return gettext("today")
        if days == 1:
            return gettext("yesterday")
        if days <= _DAYS_IN_WORDS:
            return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
        if days <= _WEEKS_IN_WORDS:
            return ngettext("%(n)d week ago", "%(n)d weeks ago", days // 7) % {"n": days // 7}
        if days < _MONTHS_IN_WORDS:
            months = round(days / 30.44)
            return ngettext("%(n)d month ago", "%(n)d months ago", months) % {"n": months}
        years = days // 365
        return ngettext("%(n)d year ago", "%(n)d years ago", years) % {"n": years}


def _ahead(days: int) -> str:
    if days == 1:
        return gettext("tomorrow")
    return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}


def short_name(name: str, *, is_group: bool) -> str:
    """What a strip of faces says: the first word of a person's name (Jo), the whole name of a group (La Cale)."""
    return name if is_group else (name.split() or [name])[0]


def initials(name: str) -> str:
    """Two letters for an avatar: first and last word (La Cale: LC), or the first two letters (Jo: JO); "?" if none."""
    words = re.findall(r"[^\W_]+", re.sub(r"\(.*?\)", "", name)) or re.findall(r"[^\W_]+", name)
    if not words:
        return "?"
    letters = words[0][:2] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()
