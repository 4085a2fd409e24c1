"""The team's table as a file: the same columns in the same order as on the page. No cell is ever a formula."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from ratio import words
from ratio.overview import TeamPage
from ratio.presence import Card

_FORMULA = re.compile(r"'*[=+\-@\t\r]")

Value = str | int | dt.date


def columns() -> list[str]:
    """What stands above the table, on the page and in the files."""
    return [
        _("Name"),
        _("State"),
        _("Since"),
        _("Meetings"),
        _("Posts"),
        _("Share"),
        _("Target"),
        _("What would help"),
    ]


def row(card: Card) -> list[Value]:
    """One person's line. While nothing can be said there is no share."""
    said = card.standing.verdict
    return [
        card.person.name,
        card.state.label,
        card.standing.first_day,
        said.counts.real,
        said.counts.online,
        words.percent(said.counts.share) if card.bar.known else "",
        words.percent(card.standing.target),
        str(card.advice or card.why),
    ]


def table(page: TeamPage) -> tuple[list[str], list[list[Value]]]:
    """Head and lines, names by the alphabet."""
    return columns(), [row(card) for card in page.shown]


def as_csv(head: Sequence[str], lines: Iterable[Sequence[Value]]) -> bytes:
    """UTF-8 with its mark, so that Excel reads the accents."""
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow(head)
    written.writerows([_safe(value) for value in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(title: str, head: Sequence[str], lines: Iterable[Sequence[Value]]) -> bytes:
    """A workbook of one sheet; text stays text, whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    sheet.freeze_panes = "A2"
    for number, _name in enumerate(head):
        sheet.column_dimensions[chr(ord("A") + number)].width = 18
    sheet.append([_cell(sheet, name, bold=True) for name in head])
    for line in lines:
        sheet.append([_cell(sheet, value) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _safe(value: Value) -> Value:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _cell(sheet: object, value: Value, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = True
    cell.font = Font(bold=bold)
    return cell
