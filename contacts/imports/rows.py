"""What a row of a file is, and how much of a file is taken at once."""

import re
from typing import NamedTuple

from contacts.imports.errors import ReadingError, Said
from contacts.imports.errors import marked as _

MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_CELL = 100_000  # characters; a cell of Excel holds 32,767

# All but tab and the line ends: they mean nothing in a cell, and PostgreSQL refuses NUL in a text.
_CONTROLS = bytes(code for code in (*range(0x20), 0x7F) if code not in b"\t\n\r")
_LONE = re.compile(r"[\ud800-\udfff]")


class Row(NamedTuple):
    """One row: `line` is the line of the file (the row of the sheet) it starts on, `cells` its text."""

    line: int
    cells: list[str]


class Rejected(NamedTuple):
    """A row that is not taken, and why."""

    line: int
    reason: Said | str


def without_controls(text: str) -> str:
    """`text` without control characters other than tab and line ends, and without halves of characters."""
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        encoded = _LONE.sub("\ufffd", text).encode()
    return encoded.translate(None, _CONTROLS).decode()  # as bytes: a pattern takes five times as long


def too_many_rows() -> ReadingError:
    """The refusal of a table that is too long."""
    return ReadingError(_("The file has more than 100,000 rows. Split it and import the parts one by one."))


def too_many_columns() -> ReadingError:
    """The refusal of a table that is too wide."""
    return ReadingError(_("The file has more than 500 columns. Keep those that matter and try again."))


def too_long(line: int) -> ReadingError:
    """The refusal of a cell that is a book."""
    return ReadingError(
        _("A cell on line %(line)d holds more than 100,000 characters. Is a quotation mark left open there?"),
        line=line,
    )
