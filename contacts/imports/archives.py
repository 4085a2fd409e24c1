"""Zip archives by strangers, looked through before anything that unpacks them is let near.

What is declared is checked first, then what really comes out, piece by piece: nothing is held whole.
"""

import io
import re
import zipfile

from contacts.imports.errors import ReadingError
from contacts.imports.errors import marked as _

MAX_MEMBERS = 2_000
MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 150  # of what comes out to what is in; the XML of a real sheet stays under 40
RATIO_FROM = 20 * 1024 * 1024  # below this a ratio harms nobody
MAX_CELLS = 20_000_000

_PIECE = 1024 * 1024
_OVERLAP = 400  # a tag that two pieces share is seen whole in the second
# A cell with something in it; and one far enough out to matter: two letters of column or six digits of row.
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*[^/]>""")
_FAR_CELL = re.compile(rb"""\br=["'](?:[A-Z]{2,}[0-9]|[A-Z][0-9]{6})""")
_ENTITIES = re.compile(
    rb"<!(?:DOCTYPE|ENTITY)|<\x00!\x00(?:D\x00O\x00C|E\x00N\x00T)|\x00<\x00!\x00[DE]\x00[ON]", re.I
)
_STRICT = b"purl.oclc.org/ooxml"


def refuse_hostile(content: bytes) -> None:
    """Raise `ReadingError` for a workbook that unpacks to far more than a table, or whose XML is no table's.

    Cells far out are looked for because a sheet is laid out as a full rectangle: two cells, A1 and XFD1048576,
    would be 17 billion.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            declared = sum(part.file_size for part in parts)
            if len(parts) > MAX_MEMBERS or declared > MAX_UNPACKED or _swells(declared, len(content)):
                raise _too_much()
            if any(part.flag_bits & 1 for part in parts):
                raise ReadingError(_("The workbook is protected by a password. Save it without one."))
            unpacked = 0
            for part in parts:
                unpacked = _look_through(archive, part, unpacked, len(content))
    except (
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
        OSError,
        EOFError,
        ValueError,
        zipfile.LargeZipFile,
    ):
        raise ReadingError(
            _("The workbook is damaged and cannot be read. Save it again as .xlsx or .csv.")
        ) from None
    except Exception as error:
        if isinstance(error, ReadingError):
            raise
        # zlib.error, lzma.LZMAError, struct.error: each of the ways in which an archive can be broken
        raise ReadingError(
            _("The workbook is damaged and cannot be read. Save it again as .xlsx or .csv.")
        ) from None


def _swells(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed


def _look_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo, unpacked: int, packed: int) -> int:
    """Unpack a part piece by piece; how many bytes have come out of the archive so far."""
    is_xml = part.filename.endswith((".xml", ".rels", ".vml"))
    is_sheet = "worksheets/" in part.filename
    extent, tail = _Extent(), b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            unpacked += len(piece)
            if unpacked > MAX_UNPACKED or _swells(unpacked, packed):
                raise _too_much()
            window = tail + piece
            if is_xml and _ENTITIES.search(window):
                raise ReadingError(
                    _("The workbook holds XML entities, which no spreadsheet writes. It was not opened.")
                )
            if part.filename == "xl/workbook.xml" and _STRICT in window:
                raise ReadingError(
                    _(
                        "The workbook is saved as “Strict Open XML”, which cannot be read. Save it as a plain Excel"
                        " workbook (.xlsx) or as CSV."
                    )
                )
            if is_sheet:
                extent.look(window)
            tail = piece[-_OVERLAP:]
    return unpacked


class _Extent:
    """Rows x columns that a sheet spans, as far as cells stand beyond column Z or row 99,999."""

    def __init__(self) -> None:
        self.width = self.height = 0

    def look(self, xml: bytes) -> None:
        if not _FAR_CELL.search(xml):
            return
        for match in _CELL.finditer(xml):
            column = 0
            for letter in match[1]:
                column = column * 26 + letter - 64
            self.width, self.height = max(self.width, column), max(self.height, int(match[2]))
        if self.width * self.height > MAX_CELLS:
            raise ReadingError(
                _("The sheet is too wide or too long: something stands far outside the table.")
            )


def _too_much() -> ReadingError:
    return ReadingError(_("The workbook unpacks to too much. Save only the table as .csv."))
