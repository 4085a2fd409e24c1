"""Visitors' figures out of a file as people export it.

Matomo (CSV in UTF-16, headers in the user's language, a week as "2026-10-19,2026-10-25"), Plausible (`date,visitors,…`;
exported by week or month its date is the first day), Google Analytics 4 (comments on top with the dates, several
tables one under the other, days as 20261023 or counted from the first one as "Nth day"), and any table with a column
of days and one of visitors.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from contacts.imports import reading, sandbox
from contacts.imports.errors import ReadingError
from contacts.names import fold
from outreach.launches.analytics.base import WEEK, Figure

VISITORS = (
    # Matomo
    "nb uniq visitors", "unique visitors", "visiteurs uniques", "eindeutige besucher", "visitantes unicos",
    "visitatori unici", "unieke bezoekers", "visitants unics", "unikalni uzytkownicy", "unika besokare",
    "unikke besogende",
    # Plausible
    "visitors", "visiteurs", "besucher", "visitantes", "visitatori", "bezoekers",
    # Google Analytics
    "active users", "utilisateurs actifs", "aktive nutzer", "usuarios activos", "utenti attivi", "actieve gebruikers",
    "usuarios ativos", "utilizadores ativos", "total users", "nombre total d utilisateurs", "nutzer insgesamt",
    "usuarios totales", "utenti totali",
)  # fmt: skip
"""Headers of the column of unique visitors, folded, the surest first."""
NTH_DAY = ("nth day", "nieme jour", "n ieme jour", "n-ter tag", "n ter tag", "dia n", "nth giorno")
_COUNTED = ("nth week", "nth month", "nth hour", "nieme semaine", "n ieme semaine")
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})$")
_RANGE = re.compile(r"\D*(\d{4}-\d{2}-\d{2})\D+(\d{4}-\d{2}-\d{2})\D*$")
_GROUPED = re.compile(r"\d{1,3}([ .,’'\u00a0\u202f]\d{3})+$")
_COMMENT_DAY = re.compile(r"(\d{8})")
_COMMENT_RANGE = re.compile(r"(\d{8})\s*-\s*(\d{8})")
_FEW = 3  # rows from which a step of seven days says that they are weeks


@dataclass(frozen=True)
class Read:
    """The figures of a file, the earliest first; `left_out` are rows with a day and without a number."""

    figures: list[Figure]
    left_out: int = 0


def read(content: bytes, name: str = "") -> Read:
    """The figures in a file. Raises ReadingError with a sentence that says what to do."""
    if content[:1] == b"#" or b"\n#" in content[:4000] or b"#\x00" in content[:4]:
        return _read_commented(reading.decode(content)[0])
    table = sandbox.read(content, name)
    return _figures(table.headers, [row.cells for row in table.rows], None)


def _read_commented(text: str) -> Read:
    """Tables under comments, as Google Analytics writes them. Of two figures for the same days the first one counts."""
    found: dict[tuple[date, date], Figure] = {}
    left_out, problem = 0, None
    for span, headers, rows in _blocks(text.splitlines()):
        try:
            part = _figures(headers, rows, span)
        except ReadingError as error:
            problem = problem or error
            continue
        for figure in part.figures:
            found.setdefault((figure.first_day, figure.last_day), figure)
        left_out += part.left_out
    if not found:
        raise problem or ReadingError(_no_days())
    return Read(sorted(found.values()), left_out)


Span = tuple[date, date] | None


def _blocks(lines: Iterable[str]) -> Iterator[tuple[Span, list[str], list[list[str]]]]:
    """(first and last day as the comments say, header, rows) of each table; blank lines and comments divide them."""
    days: list[date] = []
    block: list[str] = []
    for line in [*lines, ""]:
        is_comment = line.startswith("#")
        if line.strip() and not is_comment:
            block.append(line)
            continue
        if block:
            table = reading.read("\n".join(block).encode(), header=True)
            yield _span(days), table.headers, [row.cells for row in table.rows]
            block = []
        if is_comment:
            told = _COMMENT_RANGE.search(line)
            parts = list(told.groups()) if told else _COMMENT_DAY.findall(line)
            if parts and (len(parts) == 2 or len(days) == 2):
                days = []
            days += [day for part in parts if (day := _day(part))]


def _span(days: Sequence[date]) -> Span:
    return (days[0], days[1]) if len(days) == 2 else (days[0], days[0]) if days else None


def _figures(headers: Sequence[str], rows: Sequence[Sequence[str]], span: Span) -> Read:
    """The figures of one table; `span` are the days it is about, where that is known."""
    names = [fold(header) for header in headers]
    visitors = next((names.index(name) for name in VISITORS if name in names), None)
    if any(name in _COUNTED for name in names):
        raise ReadingError(_("The file counts weeks or months, not days. Export it by day."))
    if visitors is None:
        raise ReadingError(
            _("No column of unique visitors was found. It should be called “Visitors” or “Unique visitors”.")
        )
    if len(names) == 1 and span and len(rows) == 1:
        count = _count(rows[0][0])
        return Read([Figure(*span, count)] if count is not None else [])
    column, days = _days(names, rows, span, visitors)
    found, left_out = [], 0
    for row in rows:
        stretch = days(row[column])
        count = _count(row[visitors]) if stretch else None
        if stretch and count is not None:
            found.append(Figure(*stretch, count))
        elif stretch and row[visitors].strip():
            left_out += 1
    stretches = {(one.first_day, one.last_day) for one in found}
    if len(stretches) < len(found):
        raise ReadingError(
            _("There are several rows for the same day. Export visitors by day, without another division.")
        )
    return Read(sorted(_widened(found)), left_out)


Stretch = tuple[date, date] | None


def _days(
    names: Sequence[str], rows: Sequence[Sequence[str]], span: Span, visitors: int
) -> tuple[int, Callable[[str], Stretch]]:
    """The column of days, and how its cells are read."""
    nth = next((names.index(name) for name in NTH_DAY if name in names), None)
    if nth is not None and span:
        return nth, lambda cell: _nth(cell, span[0])
    columns = [column for column in range(len(names)) if column != visitors]
    best = max(
        columns, key=lambda column: sum(_stretch(row[column]) is not None for row in rows), default=None
    )
    if best is None or not any(_stretch(row[best]) for row in rows):
        raise ReadingError(_no_days())
    return best, _stretch


def _stretch(cell: str) -> Stretch:
    """2026-10-23, 20261023, or "2026-10-19,2026-10-25" with whatever words around it."""
    day = _day(cell.strip())
    if day:
        return day, day
    told = _RANGE.match(cell.strip())
    first, last = (_day(told[1]), _day(told[2])) if told else (None, None)
    return (first, last) if first and last and first <= last else None


def _day(text: str) -> date | None:
    told = _DAY.match(text)
    try:
        return date(*map(int, told.groups())) if told else None
    except ValueError:
        return None


def _nth(cell: str, first: date) -> Stretch:
    text = cell.strip()
    if not text.isdecimal() or len(text) > 5:
        return None
    day = first + timedelta(days=int(text))
    return day, day


def _count(cell: str) -> int | None:
    """6240, "6 240", "6,240", "6.240"; None for what is no whole number."""
    text = cell.strip()
    if _GROUPED.match(text):
        text = re.sub(r"\D", "", text)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _widened(figures: list[Figure]) -> list[Figure]:
    """Days that all lie whole weeks apart, or all begin a month, are the first days of weeks, or of months."""
    days = sorted(one.first_day for one in figures)
    steps = [(later - earlier).days for earlier, later in pairwise(days)]
    if len(days) < _FEW or any(one.first_day != one.last_day for one in figures):
        return figures
    if all(step % 7 == 0 for step in steps):
        return [Figure(one.first_day, one.first_day + WEEK, one.count) for one in figures]
    if all(day.day == 1 for day in days):
        return [Figure(one.first_day, _end_of_month(one.first_day), one.count) for one in figures]
    return figures


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _no_days() -> str:
    return _("No column of days was found. Export visitors by day: one row for each, such as 2026-10-23.")
