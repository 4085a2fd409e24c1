"""What a row of a file is, and how many of them are taken at once."""

import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from contacts.imports.errors import ReadingError

MAX_ROWS = 100_000

# All but tab and the line ends: they mean nothing in a cell, and PostgreSQL refuses NUL in a text.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Row(NamedTuple):
    """One row: `line` is the line of the file (the row of the sheet) it starts on, `cells` its text."""

    line: int
    cells: list[str]


class Rejected(NamedTuple):
    """A row that is not taken, and why."""

    line: int
    reason: str


def without_controls(text: str) -> str:
    """`text` without control characters other than tab and line ends."""
    return _CONTROLS.sub("", text)


def too_many_rows() -> ReadingError:
    """The refusal of a table that is too long."""
    return ReadingError(_("The file has more than 100,000 rows. Split it and import the parts one by one."))
