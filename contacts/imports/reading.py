"""Bytes of a CSV or Excel file to a table of text, with what was understood on the way.

Nothing here knows what the columns mean. What cannot be read raises `ReadingError` with a sentence for the
person: never an empty table that looks like success.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.imports import workbooks
from contacts.imports.errors import ReadingError
from contacts.imports.rows import MAX_ROWS, Row, too_many_rows, without_controls

MAX_BYTES = 20 * 1024 * 1024

_BOM = "\ufeff"
_SEPARATORS = (";", "\t", ",", "|")
_SAMPLE = 100  # records looked at to find the separator and the header
_WIDEST_SEARCH = 30  # title lines above a header end within these records
_END = "\x00end"  # no cell can hold it: control characters are refused before
_NOT_TABLES = (
    (
        re.compile(r"\s*<(!doctype html|html|\?xml)", re.I),
        gettext_lazy("This is a web page or XML, not a table. Export a CSV or Excel file."),
    ),
    (
        re.compile(r"\s*BEGIN:VCARD", re.I),
        gettext_lazy("This is a vCard file, not a table. Export a CSV or Excel file."),
    ),
    (re.compile(r"\s*%PDF-"), gettext_lazy("This is a PDF, not a table. Export a CSV or Excel file.")),
)
_VALUE = re.compile(
    r"[^\s@]+@[^\s@]+\.\w+|https?://\S+|www\.\S+"  # an address of some kind
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}([ T,].*)?"  # a date, with or without a time
    r"|\+?(?:[ ().-]*\d){9,}",  # a telephone number
    re.I,
)


@dataclass(frozen=True, slots=True)
class Table:
    """A file as rows of text. `cells` are as many as `headers`, or more where a row has more than its header.

    `headers` are as written, "" for a nameless column; `header_line` is None where the first row is already
    data, and all headers are then "". `findings` are sentences about what a person may want to check.
    """

    headers: list[str]
    rows: list[Row]
    header_line: int | None
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    findings: list[str] = field(default_factory=list)


def read(content: bytes, name: str = "", *, header: bool | None = None) -> Table:
    """The table in a file's `content`; `name` is the file's name, used to say what was expected.

    `header` says whether there is a header row; None finds out. Raises `ReadingError`.
    """
    if len(content) > MAX_BYTES:
        raise ReadingError(_("The file is larger than 20 MB. Split it and import the parts one by one."))
    if not content.strip():
        raise ReadingError(_("The file is empty."))
    if workbooks.is_workbook(content):
        sheet = workbooks.read(content)
        findings = sheet.findings
        return _table(sheet.records, header=header, findings=findings, sheet=sheet.name)
    if PurePath(name).suffix.lower() in workbooks.SUFFIXES:
        raise ReadingError(
            _(
                "The file is named like a workbook but is not one, or is damaged. Save it again as .xlsx or .csv."
            )
        )
    text, encoding, findings = decode(content)
    if not text.strip(" \t\r\n;,|"):
        raise ReadingError(_("There is nothing in the file."))
    separator, skipped = _declared_separator(text)
    separator = separator or _find_separator(text)
    records = _records(text, separator, skip=skipped)
    return _table(records, header=header, findings=findings, encoding=encoding, separator=separator)


def decode(content: bytes) -> tuple[str, str, list[str]]:
    """`content` as text, the name of its encoding, and findings.

    The ladder: byte order mark, strict UTF-8, Windows-1252, and Mac Roman for what has no meaning in it.
    Statistical guessing took French for Polish, so there is none. Marks are removed however many there are:
    some exports write two. Raises `ReadingError` for what is not text.
    """
    findings: list[str] = []
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8", "cp1252", "mac_roman"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise ReadingError(_("The file’s text cannot be read. Save it again as CSV in UTF-8."))
    text = text.lstrip(_BOM)
    if encoding == "mac_roman":
        findings.append(_("The file was read as Mac Roman text. Check that accents are right."))
    _refuse_other_kinds(text)
    return without_controls(text), encoding, findings


def _refuse_other_kinds(text: str) -> None:
    for pattern, sentence in _NOT_TABLES:
        if pattern.match(text[:200]):
            raise ReadingError(str(sentence))
    if "\x00" in text[:10_000]:
        raise ReadingError(_("This is not a text file. Export a CSV or Excel file."))


def _declared_separator(text: str) -> tuple[str, int]:
    """The separator of an Excel line "sep=;" and how many lines to skip for it."""
    declared = re.match(r'"?sep=(.)"?\r?\n?', text, re.I)
    return (declared[1], 1) if declared else ("", 0)


def _find_separator(text: str) -> str:
    """The separator that cuts the first records into the most columns, the same number on most of them."""
    sample = text[:200_000]
    best, best_score = ",", 0.0
    for separator in _SEPARATORS:
        try:
            widths = Counter(len(cells) for cells in _sample(sample, separator) if any(cells))
        except csv.Error:
            continue
        total = sum(widths.values())
        score = max((((width - 1) * count / total) for width, count in widths.items()), default=0)
        if score > best_score:
            best, best_score = separator, score
    return best


def _sample(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    for _index, cells in zip(range(_SAMPLE), reader, strict=False):
        yield cells


def _records(text: str, separator: str, *, skip: int = 0) -> list[Row]:
    """All records that are not blank, with the line each starts on."""
    lines = io.StringIO(text, newline="")
    for _line in range(skip):
        lines.readline()
    reader = csv.reader(_with_end(lines), delimiter=separator)
    records: list[Row] = []
    line = skip + 1
    try:
        for cells in reader:
            if cells == [_END]:
                return records
            if any(cell and not cell.isspace() for cell in cells):
                records.append(Row(line, cells))
                if len(records) > MAX_ROWS + _WIDEST_SEARCH:
                    raise too_many_rows()
            last, line = line, skip + reader.line_num + 1
    except csv.Error:
        raise _open_quote(line) from None
    raise _open_quote(last)


def _with_end(lines: Iterator[str]) -> Iterator[str]:
    """The lines and one that a reader only sees as a record of its own when no quotation mark is left open."""
    yield from lines
    yield _END


def _open_quote(line: int) -> ReadingError:
    return ReadingError(_("The quotation mark opened on line %(line)d is never closed.") % {"line": line})


def _table(
    records: Sequence[Row],
    *,
    header: bool | None,
    findings: list[str],
    encoding: str = "",
    separator: str = "",
    sheet: str = "",
) -> Table:
    if not records:
        raise ReadingError(_("There is nothing in the file."))
    start = _header_index(records) if header is None else (0 if header else None)
    if start is None:
        width = max(len(record.cells) for record in records)
        headers, header_line, data = [""] * width, None, list(records)
    else:
        headers = [" ".join(cell.replace(_BOM, "").split()) for cell in records[start].cells]
        while (
            headers
            and not headers[-1]
            and not any(_cell(row, len(headers) - 1) for row in records[start + 1 :])
        ):
            headers.pop()
        header_line, data = records[start].line, list(records[start + 1 :])
        if start:
            findings.append(
                _("The header was found on line %(line)d; what stands above it was left out.")
                % {"line": header_line}
            )
    if len(data) > MAX_ROWS:
        raise too_many_rows()
    for row in data:
        row.cells.extend([""] * (len(headers) - len(row.cells)))
    findings += _oddities(headers, data)
    return Table(headers, data, header_line, encoding, separator, sheet, findings)


def _cell(row: Row, index: int) -> str:
    return row.cells[index] if index < len(row.cells) else ""


def _oddities(headers: list[str], data: list[Row]) -> list[str]:
    findings = []
    for name, count in Counter(header for header in headers if header).items():
        if count > 1:
            findings.append(_("%(count)d columns are called “%(name)s”.") % {"count": count, "name": name})
    overlong = [row.line for row in data if len(row.cells) > len(headers) and any(row.cells[len(headers) :])]
    if overlong:
        findings.append(
            _("Line %(line)d has more cells than the header (%(count)d such lines).")
            % {"line": overlong[0], "count": len(overlong)}
        )
    return findings


def _header_index(records: Sequence[Row]) -> int | None:
    """Which of the first records is the header; None where the table starts with data.

    Title lines fill few cells; the header fills more than half of the usual width.
    """
    first = records[:_SAMPLE]
    widths = Counter(len(record.cells) for record in first)
    usual = max(widths, key=lambda width: (widths[width], width))
    filled = [[cell.strip() for cell in record.cells if cell.strip()] for record in first[:_WIDEST_SEARCH]]
    full = (index for index, cells in enumerate(filled) if 2 * len(cells) > usual or usual == 1)
    index = next(full, None)
    if index is None:
        index = max(range(len(filled)), key=lambda i: len(filled[i]))
    return None if any(_VALUE.fullmatch(cell) for cell in filled[index]) else index
