"""Bytes of a list to a table of text, with what was understood on the way.

Nothing here knows what the columns mean. What cannot be read raises `ReadingError` with a sentence for the
person: never an empty table that looks like success. Nothing here needs Django's settings either: files by
strangers are read in a child process (`sandbox`).
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from contacts.imports import rows
from contacts.imports.decoding import decode
from contacts.imports.errors import ReadingError, Said
from contacts.imports.errors import marked as _
from contacts.imports.rows import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Row, too_many_rows

MAX_BYTES = 20 * 1024 * 1024

_BOM = "\ufeff"
_WORKBOOKS = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
)  # how a zip (XLSX, ODS) and an old Excel file start
_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
SEPARATORS = (";", "\t", ",", "|")
_SAMPLE = 100  # records looked at to find the separator and the header
_WIDEST_SEARCH = 30  # title lines above a header end within these records
_END = "\x00end"  # no cell can hold it: control characters are refused before
_VALUE = re.compile(
    r"[^\s@]+@[^\s@]+\.\w+|https?://\S+|www\.\S+"  # an address of some kind
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}([ T,].*)?"  # a date, with or without a time
    r"|\+?(?:[ ().-]*\d){9,}",  # a telephone number
    re.I,
)
_GUARDED = re.compile(
    r"'+[=+\-@\t\r]"
)  # an apostrophe before a formula: our exports write it, so that it stays text
_BROKEN = re.compile(
    "Ã[\u0080-\u00bf©¨ª«¯®´»¼‰€™œ]|â€[™œ\u009d“”¦]|Â[ «»°]"
)  # UTF-8 that was taken for cp1252


class Options(NamedTuple):
    """How a person says that a file is to be read; what they leave open is found out.

    `header` is the line of the header, 0 where there is none. `pasted` says that it was typed into a field.
    """

    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    header: int | None = None
    pasted: bool = False


class Table(NamedTuple):
    """A file as rows of text. `cells` are as many as `headers`, or more where a row has more than its header.

    `headers` are as written, "" for a nameless column; `header_line` is None where the first row is already
    data, and all headers are then "". `findings` are sentences about what a person may want to check. `form` is
    "text", "workbook", "vcard" or "list"; `sheets` are those of the workbook that hold anything.
    """

    headers: list[str]
    rows: list[Row]
    header_line: int | None
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    findings: Sequence[Said] = ()
    form: str = "text"
    sheets: Sequence[str] = ()


def read(
    content: bytes,
    name: str = "",
    options: Options = Options(),  # noqa: B008  # never changed
    *,
    header: bool | None = None,
) -> Table:
    """The table in a file's `content`; `name` is the file's name, used to say what was expected.

    `header` says whether the first row is one; None finds out. Raises `ReadingError`.
    """
    if len(content) > MAX_BYTES:
        raise ReadingError(_("The file is larger than 20 MB. Split it and import the parts one by one."))
    if not content.strip():
        raise ReadingError(_("The file is empty."))
    at = options.header if header is None else (-1 if header else 0)
    if content.startswith(_WORKBOOKS):  # whatever its name says
        return _workbook(content, options.sheet, at)
    if name.lower().endswith(_WORKBOOK_NAMES):
        raise ReadingError(
            _(
                "The file is named like a workbook but is not one, or is damaged. Save it again as .xlsx or .csv."
            )
        )
    text, encoding, findings = decode(content, options.encoding)
    if not text.strip(" \t\r\n;,|"):
        raise ReadingError(_("There is nothing in the file."))
    if re.match(r"\s*BEGIN:VCARD", text, re.I):
        return _cards(content, options.encoding)
    listed = _list(text, options, is_plain=name.lower().endswith(".txt"))
    if listed:
        return Table(*listed, header_line=None, encoding=encoding, findings=findings, form="list")
    declared, skipped = _declared_separator(text)
    separator = options.separator or declared or _find_separator(text)
    records = _records(text, separator, skip=skipped)
    return _table(records, header=at, findings=findings, encoding=encoding, separator=separator)


def _workbook(content: bytes, wanted: str, header: int | None) -> Table:
    """A sheet of a workbook; what opens one takes as long to load as all else together."""
    from contacts.imports import workbooks

    sheet = workbooks.read(content, wanted)
    return _table(
        sheet.records,
        header=header,
        findings=sheet.findings,
        sheet=sheet.name,
        form="workbook",
        sheets=sheet.sheets,
    )


def _cards(content: bytes, encoding: str) -> Table:
    """A file of vCards; the module that knows them is only loaded where there are any."""
    from contacts import vcards

    cards = vcards.read(content, encoding)
    if len(cards.rows) > MAX_ROWS:
        raise too_many_rows()
    return Table(cards.headers, cards.rows, header_line=1, findings=cards.findings, form="vcard")


def _list(text: str, options: Options, *, is_plain: bool) -> tuple[list[str], list[Row]] | None:
    """A list without columns: names, or the recipients of an e-mail."""
    if options.separator or options.header or not (options.pasted or is_plain):
        return None
    from contacts.imports import pasted

    return pasted.read(text)


def _declared_separator(text: str) -> tuple[str, int]:
    """The separator of an Excel line "sep=;" and how many lines to skip for it."""
    declared = re.match(r'"?sep=(.)"?\r?\n?', text, re.I)
    return (declared[1], 1) if declared else ("", 0)


def _find_separator(text: str) -> str:
    """The separator that cuts the first records into the most columns, the same number on most of them."""
    sample = text[:200_000]
    best, best_score = ",", 0.0
    for separator in SEPARATORS:
        if separator == "|" and separator not in sample.lstrip().partition("\n")[0]:
            continue  # rare, and a sign that texts hold as well: where it separates, the header has it too
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
    csv.field_size_limit(MAX_CELL)
    lines = io.StringIO(text, newline="")
    for _line in range(skip):
        lines.readline()
    # Its end is only a record of its own when no quotation mark is left open.
    reader = csv.reader(chain(lines, [_END]), delimiter=separator)
    is_guarded = any(f"'{sign}" in text for sign in "=+-@\t\r")  # a pattern takes ten times as long
    records: list[Row] = []
    line = skip + 1
    try:
        for cells in reader:
            if cells == [_END]:
                return records
            if "".join(cells).strip():
                if len(cells) > MAX_COLUMNS:
                    raise rows.too_many_columns()
                records.append(Row(line, _unguarded(cells) if is_guarded else cells))
                if len(records) > MAX_ROWS + _WIDEST_SEARCH:
                    raise too_many_rows()
            last, line = line, skip + reader.line_num + 1
    except csv.Error as error:
        raise (rows.too_long(line) if "limit" in str(error) else _open_quote(line)) from None
    raise _open_quote(last)


def _unguarded(cells: Sequence[str]) -> list[str]:
    return [cell[1:] if _GUARDED.match(cell) else cell for cell in cells]


def _open_quote(line: int) -> ReadingError:
    return ReadingError(_("The quotation mark opened on line %(line)d is never closed."), line=line)


def _table(
    records: Sequence[Row],
    *,
    header: int | None,
    findings: list[Said],
    encoding: str = "",
    separator: str = "",
    sheet: str = "",
    form: str = "text",
    sheets: Sequence[str] = (),
) -> Table:
    """Tell the header from the data. `header` is its line, 0 for none, -1 for the first, None to find out."""
    if not records:
        raise ReadingError(_("There is nothing in the file."))
    start = _chosen_header(records, header)
    if start is None:
        width = max(len(record.cells) for record in records)
        headers, header_line, data = [""] * width, None, list(records)
    else:
        headers = [" ".join(cell.replace(_BOM, "").split())[:200] for cell in records[start].cells]
        while (
            headers
            and not headers[-1]
            and not any(_cell(row, len(headers) - 1) for row in records[start + 1 :])
        ):
            headers.pop()
        header_line, data = records[start].line, list(records[start + 1 :])
        if start:
            findings.append(
                Said(
                    _("The header was found on line %(line)d; what stands above it was left out."),
                    line=header_line,
                )
            )
    if len(data) > MAX_ROWS:
        raise too_many_rows()
    findings += _ragged(headers, data)
    for row in data:
        if len(row.cells) < len(headers):
            row.cells.extend([""] * (len(headers) - len(row.cells)))
    findings += _oddities(headers, data)
    return Table(
        headers, data, header_line, encoding, separator, sheet, findings, form=form, sheets=list(sheets)
    )


def _chosen_header(records: Sequence[Row], header: int | None) -> int | None:
    """Where among the records the header is; None: nowhere. Raises ReadingError: they end before it."""
    if header is None:
        return _header_index(records)
    if header == 0:
        return None
    if header > records[-1].line:
        text = _("There are no headers on line %(line)d: the last line that holds anything is %(last)d.")
        raise ReadingError(text, line=header, last=records[-1].line)
    return next(index for index, row in enumerate(records) if row.line >= header)


def _cell(row: Row, index: int) -> str:
    return row.cells[index] if index < len(row.cells) else ""


def _oddities(headers: list[str], data: list[Row]) -> list[Said]:
    findings = []
    for name, count in Counter(header for header in headers if header).items():
        if count > 1:
            findings.append(Said(_("%(count)d columns are called “%(name)s”."), count=count, name=name))
    return findings + _damage(data)


def _ragged(headers: list[str], data: Sequence[Row]) -> list[Said]:
    """Rows that are not as wide as the header: nothing shifts, and it is said where."""
    width = len(headers)
    uneven = [row for row in data if len(row.cells) != width]
    long = [row.line for row in uneven if any(row.cells[width:])]
    short = [row.line for row in uneven if len(row.cells) < width]
    more = _("Line %(line)d has more cells than the header (%(count)d such lines).")
    fewer = _(
        "Line %(line)d has fewer cells than the header (%(count)d such lines): the missing ones are empty."
    )
    return [
        Said(text, line=lines[0], count=len(lines)) for text, lines in ((more, long), (fewer, short)) if lines
    ]


def _damage(data: Sequence[Row]) -> list[Said]:
    """Text that was spoilt before it came here is said and not repaired: a guess would be a second damage."""
    lost, broken = list[int](), list[int]()
    for row in data:
        text = "".join(row.cells)
        if not text.isascii():
            if "\ufffd" in text:
                lost.append(row.line)
            if _BROKEN.search(text):
                broken.append(row.line)
    findings = []
    if lost:
        findings.append(
            Said(
                _(
                    "Letters are lost in the file itself, first on line %(line)d (%(count)d lines): it shows � for them."
                ),
                line=lost[0],
                count=len(lost),
            )
        )
    if broken:
        findings.append(
            Said(
                _(
                    "Accents are broken in the file itself, first on line %(line)d (%(count)d lines), as in Ã© for é."
                    " Better export it anew than import it so."
                ),
                line=broken[0],
                count=len(broken),
            )
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
