"""Excel and OpenDocument workbooks to rows of text, through calamine, which expands no XML entities."""

import datetime
import io
import re
import zipfile
from dataclasses import dataclass

import python_calamine
from django.utils.translation import gettext as _

from contacts.imports.errors import ReadingError
from contacts.imports.rows import MAX_ROWS, Row, too_many_rows, without_controls

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_UNPACKED = 400 * 1024 * 1024
_MAX_CELLS = 20_000_000
# A cell with something in it; and one far enough out to matter: two letters of column or six digits of row.
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]+)([0-9]+)["'][^>]*[^/]>""")
_FAR_CELL = re.compile(rb"""\br=["'](?:[A-Z]{2,}[0-9]|[A-Z][0-9]{6})""")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet that was read: its rows that are not blank, with their row numbers."""

    name: str
    records: list[Row]
    findings: list[str]


def is_workbook(content: bytes) -> bool:
    """Whether `content` starts like a zip (XLSX, ODS) or an old Excel file, whatever its name says."""
    return content.startswith((_ZIP, _OLE))


def read(content: bytes) -> Sheet:
    """The first visible sheet that holds anything. Formulas give their last computed value.

    Raises `ReadingError` for what is damaged, protected, hostile or empty.
    """
    if content.startswith(_ZIP):
        _refuse_bombs(content)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible
            and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        sheets = [(name, _records(workbook.get_sheet_by_name(name))) for name in visible]
    except python_calamine.PasswordError:
        raise ReadingError(_("The workbook is protected by a password. Save it without one.")) from None
    except (python_calamine.CalamineError, OSError, ValueError):
        # XmlError and ZipError among them; an entity bomb ends here, at its first entity
        raise ReadingError(
            _("The workbook is damaged and cannot be read. Save it again as .xlsx or .csv.")
        ) from None
    filled = [(name, records) for name, records in sheets if records]
    if not filled:
        raise ReadingError(_("No sheet with anything in it was found in the workbook."))
    name, records = filled[0]
    findings = []
    if len(filled) > 1:
        others = ", ".join(other for other, _records in filled[1:])
        findings.append(
            _("The sheet “%(name)s” was read; not read: %(others)s.") % {"name": name, "others": others}
        )
    return Sheet(name, records, findings)


def _records(sheet: python_calamine.CalamineSheet) -> list[Row]:
    records: list[Row] = []
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        if any(value != "" for value in values):
            cells = [value.strip() if type(value) is str else _text(value) for value in values]
            if any(cells):
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
    return str(value).strip()


def _refuse_bombs(content: bytes) -> None:
    """Refuse what would unpack to far more than it says or than a table needs.

    Reading every part once proves the declared sizes, which bound the work. Cells far out are looked for
    because calamine lays a sheet out as a full rectangle: two cells, A1 and XFD1048576, would be 17 billion.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED:
                raise ReadingError(_("The workbook unpacks to too much. Save only the table as .csv."))
            for part in archive.infolist():
                data = archive.read(part)
                if part.filename.startswith("xl/worksheets/") and _extent(data) > _MAX_CELLS:
                    raise ReadingError(
                        _("The sheet is too wide or too long: something stands far outside the table.")
                    )
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        raise ReadingError(
            _("The workbook is damaged and cannot be read. Save it again as .xlsx or .csv.")
        ) from None


def _extent(xml: bytes) -> int:
    """Rows x columns that a sheet spans, or 0 where no cell stands beyond column Z or row 99,999."""
    if not _FAR_CELL.search(xml):
        return 0
    width = height = 0
    for match in _CELL.finditer(xml):
        column = 0
        for letter in match[1]:
            column = column * 26 + letter - 64
        width, height = max(width, column), max(height, int(match[2]))
    return width * height
