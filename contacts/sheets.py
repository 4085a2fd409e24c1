"""Rows of text as CSV and as an Excel workbook, a piece at a time: memory does not follow the number of rows.

A text that a spreadsheet would take for a formula leaves with an apostrophe before it (CSV), or marked as text (XLSX);
`contacts.imports` takes the apostrophe away again. The workbook is written here because it can then be sent while it is
made: openpyxl's write-only mode needs the whole file on a disk first, and four times as long for it.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

# What Excel, LibreOffice and Google Sheets compute (OWASP, CSV injection); apostrophes that stand there already count
# as one of ours, so that taking one away always gives back what there was.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ROWS = 500  # a piece
LONGEST = 32_767  # characters in a cell of Excel

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML 1.0
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # ECMA-376 22.9.2.19: "_x0041_" would be read as "A"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The least that a workbook needs. Style 0: text as it is; 1: text marked as such (quotePrefix); 2: the bold header.
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}">'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="3"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>'
        '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


def safe(text: str) -> str:
    """`text` as a CSV holds it: no spreadsheet takes it for a formula. `unsafe` gives back what it was."""
    return f"'{text}" if _FORMULA.match(text) else text


def unsafe(text: str) -> str:
    """What `safe` made of a text, undone."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]], *, for_excel: bool) -> Iterator[bytes]:
    """The table as CSV in UTF-8. `for_excel`: byte order mark and semicolons, as a French Excel opens it by a click."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if for_excel else ",", lineterminator="\r\n")
    writer.writerow(map(safe, header))
    yield (("\ufeff" if for_excel else "") + _taken(buffer)).encode()
    for number, row in enumerate(rows, start=1):
        writer.writerow([safe(cell) for cell in row])
        if number % _ROWS == 0:
            yield _taken(buffer).encode()
    yield _taken(buffer).encode()


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


class _Pipe(io.RawIOBase):
    """What a zip archive writes to: it keeps only what nobody has taken yet."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        self.kept.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        found, self.kept = b"".join(self.kept), []
        return found


def as_xlsx(header: Sequence[str], rows: Iterable[Sequence[str]], *, title: str) -> Iterator[bytes]:
    """The table as a workbook of one sheet; all cells are text, the header stays in sight."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, _XML + text)
        archive.writestr("xl/workbook.xml", _XML + _workbook(title))
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write((_XML + _sheet_begins(len(header))).encode())
            sheet.write(_row(header, style=2).encode())
            yield pipe.taken()
            piece: list[str] = []
            for row in rows:
                piece.append(_row(row))
                if len(piece) == _ROWS:
                    sheet.write("".join(piece).encode())
                    piece.clear()
                    yield pipe.taken()
            sheet.write(f"{''.join(piece)}</sheetData></worksheet>".encode())
    yield pipe.taken()


def _workbook(title: str) -> str:
    name = re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "1"
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{_text(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _sheet_begins(columns: int) -> str:
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{columns}" width="18" customWidth="1"/></cols><sheetData>'
    )


def _row(cells: Sequence[str], style: int = 0) -> str:
    return f"<row>{''.join([_cell(cell, style) for cell in cells])}</row>"


def _cell(text: str, style: int) -> str:
    if not text:
        return "<c/>"
    style = style or int(_FORMULA.match(text) is not None)
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{_text(text[:LONGEST])}</t></is></c>'


def _text(text: str) -> str:
    if text.isalnum():
        return text
    text = _ILLEGAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return escape(_ESCAPED.sub("_x005F_", text), {'"': "&quot;"})
