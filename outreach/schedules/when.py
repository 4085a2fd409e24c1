"""Days and times as schedulers and people write them: `02/11/2026`, `12 h 30`, `15 Jan 2026`, `9:00 PM`.

Nothing is guessed: without a year, or with day and month in an order that nothing shows, there is no date.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum

from contacts.names import fold


class DateOrder(StrEnum):
    """Which comes first where a day is written in numbers alone."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class NotADate(ValueError):
    """The text is no day or time that can be read for certain."""


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv january jan",
            "fevrier fevr fev february feb",
            "mars march mar",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juil july jul",
            "aout august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")
_DAY_NAMED = re.compile(r"(?:[a-z]+ )?(\d{1,2})(?:er|st|nd|rd|th)? (?:of )?([a-z]+) (\d{4})")
_MONTH_NAMED = re.compile(r"(?:[a-z]+ )?([a-z]+) (\d{1,2})(?:st|nd|rd|th)? (\d{4})")
_WEEKDAY = re.compile(r"^\s*[^\W\d_]+\.?,?\s+(?=\d)")
_TIME = re.compile(
    r"(\d{1,2})\s*(?:[:h.]|\bh\b)\s*(\d{2})?(?::(\d{2})(?:\.\d+)?)?\s*(?:min|mn)?\s*([ap])?\.?\s*(?:m\.?)?"
    r"|(\d{1,2})\s*([ap])\.?\s*m\.?",
    re.I,
)
_OFFSET = re.compile(r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})$", re.I)


def numeric_order(texts: Iterable[str]) -> DateOrder | None:
    """The order that the days of a file show: a number above 12 is a day. None where there is nothing to decide.

    Raises `NotADate` where it matters and nothing shows it, or where the file shows both.
    """
    day_first = month_first = open_question = False
    for text in texts:
        match = _NUMERIC.match(_without_weekday(text))
        if not match or _ISO.match(text.strip()):
            continue
        first, second = int(match[1]), int(match[2])
        day_first |= first > 12
        month_first |= second > 12
        open_question |= first != second and first <= 12 and second <= 12
    if day_first and month_first:
        raise NotADate("both")
    if day_first or month_first:
        return DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST
    if open_question:
        raise NotADate("open")
    return None


def read_day(text: str, order: DateOrder | None) -> date:
    """The day that `text` is. Raises NotADate."""
    value = _without_weekday(text)
    match = _ISO.fullmatch(value)
    if match:
        return _day(match[1], match[2], match[3])
    match = _NUMERIC.fullmatch(value)
    if match:
        first, second = match[1], match[2]
        day, month = (second, first) if order is DateOrder.MONTH_FIRST else (first, second)
        year = match[3] if len(match[3]) == 4 else f"20{match[3]}"
        return _day(year, month, day)
    folded = fold(text)
    match = _DAY_NAMED.fullmatch(folded)
    if match and match[2] in _MONTHS:
        return _day(match[3], _MONTHS[match[2]], match[1])
    match = _MONTH_NAMED.fullmatch(folded)
    if match and match[1] in _MONTHS:
        return _day(match[3], _MONTHS[match[1]], match[2])
    raise NotADate(text)


def read_time(text: str) -> time:
    """The time of day that `text` is: 18:30, 18 h 30, 9h, 6.30 pm. Raises NotADate."""
    value = " ".join(text.split())
    if fold(value) in ("midi", "noon"):
        return time(12)
    match = _TIME.fullmatch(value)
    if not match:
        raise NotADate(text)
    hour, minute, second = int(match[1] or match[5]), int(match[2] or 0), int(match[3] or 0)
    half = (match[4] or match[6] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise NotADate(text)
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise NotADate(text) from None


def read_moment(text: str, order: DateOrder | None) -> datetime | date:
    """The moment that `text` is: with an offset aware, without one naive; a `date` where there is no time.

    Raises NotADate.
    """
    value = " ".join(text.split())
    for cut in _cuts(value):
        day_text, rest = value[:cut].rstrip(" ,T"), value[cut:].strip(" ,T")
        try:
            day = read_day(day_text, order)
        except NotADate:
            continue
        if not rest:
            return day
        offset = _OFFSET.search(rest)
        moment = datetime.combine(day, read_time(_at(rest[: offset.start()] if offset else rest)))
        return moment.replace(tzinfo=_zone(offset[1])) if offset else moment
    raise NotADate(text)


def _at(text: str) -> str:
    return re.sub(r"^(?:à|a|at)\s+", "", text, flags=re.I)


def _cuts(value: str) -> Iterable[int]:
    """Where the day may end and the time begin, the longest day first."""
    yield len(value)
    for match in reversed(list(re.finditer(r"(?<=\d)T(?=\d)|,?\s", value))):
        yield match.start()


def _zone(text: str) -> timezone:
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise NotADate(text)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _without_weekday(text: str) -> str:
    return _WEEKDAY.sub("", " ".join(text.split()))


def _day(year: str | int, month: str | int, day: str | int) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise NotADate(f"{year}-{month}-{day}") from None
