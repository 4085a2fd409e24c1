"""Bytes to text: which encoding a file is in. A ladder, because statistical guessing took French for Polish."""

import re

from contacts.imports.errors import ReadingError, Said
from contacts.imports.errors import marked as _
from contacts.imports.rows import without_controls

ENCODINGS = ("utf-8", "utf-16", "cp1252", "mac_roman", "iso-8859-15", "cp1250", "cp850")
"""Those that a person may choose; Python's names."""

_BOM = "\ufeff"
_NOT_LISTS = (
    (
        re.compile(r"\s*<(!doctype|html|\?xml|!--)", re.I),
        _("This is a web page or XML, not a table. Export a CSV or Excel file."),
    ),
    (re.compile(r"\s*%PDF-"), _("This is a PDF, not a table. Export a CSV or Excel file.")),
    (
        re.compile(r"\s*BEGIN:VCALENDAR", re.I),
        _("This is a calendar, not a list of contacts. Export the address book instead."),
    ),
)
# é is Ž in the wrong one of the two: no French word has Ž beside a small letter, and few others have.
_MAC = re.compile(r"[a-zß-ÿ][Žˆ‰Š\u0178]|[Žˆ][a-zß-ÿ]")


def decode(content: bytes, encoding: str = "") -> tuple[str, str, list[Said]]:
    """`content` as text, the name of its encoding, and findings.

    The ladder: byte order mark, UTF-16 without one, strict UTF-8, Windows-1252, and Mac Roman for what has no
    meaning in it. Marks are removed however many there are: some exports write two. An `encoding` that a person
    chose is taken, and what it cannot read becomes �. Raises `ReadingError` for what is not text.
    """
    if encoding in ENCODINGS:
        text, found = content.decode(encoding, errors="replace"), encoding
    else:
        text, found = _by_ladder(content)
    text = text.lstrip(_BOM)
    findings = []
    if found == "mac_roman" and not encoding:
        findings.append(Said(_("The file was read as Mac Roman text. Check that accents are right.")))
    for pattern, sentence in _NOT_LISTS:
        if pattern.match(text[:200]):
            raise ReadingError(sentence)
    if "\x00" in text[:10_000]:
        raise ReadingError(_("This is not a text file. Export a CSV or Excel file."))
    return without_controls(text), found, findings


def _by_ladder(content: bytes) -> tuple[str, str]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace"), "utf-16"
    head = content[:2000]
    if len(head) > 8:
        # Without a mark: every second byte of a text in Latin letters is then a NUL.
        for byte_order, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
            if zeros.count(0) > 0.8 * len(zeros):
                return content.decode(byte_order, errors="replace"), "utf-16"
    for encoding in ("utf-8", "cp1252", "mac_roman"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252" and _MAC.search(text):
            continue
        return text, encoding
    raise ReadingError(_("The file’s text cannot be read. Save it again as CSV in UTF-8."))
