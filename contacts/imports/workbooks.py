"""Excel and OpenDocument workbooks to rows of text, through calamine, which expands no XML entities."""

import datetime
import io
import re
from dataclasses import dataclass

import python_calamine

from contacts.imports import archives
from contacts.imports.errors import ReadingError, Said
from contacts.imports.errors import marked as _
from contacts.imports.rows import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Row,
    too_long,
    too_many_columns,
    too_many_rows,
    without_controls,
)

_ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DAMAGED = _("The workbook is damaged and cannot be read. Save it again as .xlsx or .csv.")
PROTECTED = _("The workbook is protected by a password. Save it without one.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet that was read: its rows that are not blank, with their row numbers. `sheets`: all that hold any."""

    name: str
    records: list[Row]
    findings: list[Said]
    sheets: list[str]


def read(content: bytes, wanted: str = "") -> Sheet:
    """The sheet called `wanted`, else the first visible one that holds anything. Formulas give their last value.

    Raises `ReadingError` for what is damaged, protected, hostile or empty.
    """
    if content.startswith(_ZIP):
        archives.refuse_hostile(content)
    elif _ENCRYPTED in content:
        raise ReadingError(PROTECTED)
    try:
        name, records, filled = _read(content, wanted)
    except python_calamine.PasswordError:
        raise ReadingError(PROTECTED) from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise ReadingError(DAMAGED) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # how its own errors arrive, past `Exception`
            raise ReadingError(DAMAGED) from None
        raise
    findings = []
    others = [other for other in filled if other != name]
    if others:
        findings.append(
            Said(
                _("The sheet “%(name)s” was read; not read: %(others)s."), name=name, others=", ".join(others)
            )
        )
    return Sheet(name, records, findings, filled)


def _read(content: bytes, wanted: str) -> tuple[str, list[Row], list[str]]:
    """The sheet's name and rows, and the names of all sheets that hold any."""
    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == python_calamine.SheetVisibleEnum.Visible
        and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    filled = [name for name in visible if _holds_anything(workbook, name)]
    if not filled:
        raise ReadingError(_("No sheet with anything in it was found in the workbook."))
    name = wanted if wanted in filled else filled[0]
    return name, _records(workbook.get_sheet_by_name(name)), filled


def _holds_anything(workbook: python_calamine.CalamineWorkbook, name: str) -> bool:
    rows = workbook.get_sheet_by_name(name).iter_rows()
    return any(value != "" and str(value).strip() for row in rows for value in row)


def _records(sheet: python_calamine.CalamineSheet) -> list[Row]:
    if sheet.width > MAX_COLUMNS:
        raise too_many_columns()
    records: list[Row] = []
    for number, values in enumerate(sheet.iter_rows(), start=1):
        if any(value != "" for value in values):
            cells = [value.strip() if type(value) is str else _text(value) for value in values]
            if any(cells):
                if max(map(len, cells)) > MAX_CELL:
                    raise too_long(number)
                records.append(Row(number, [without_controls(cell) for cell in cells]))
                if len(records) > MAX_ROWS + 100:
                    raise too_many_rows()
    return records


def _text(value: object) -> str:
    """A cell's value as a person would type it: calamine hands over every number as a float."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return re.sub(r"\.0$", "", str(value).strip())
