"""Reading vCards of three decades: 2.1 with its quoted-printable, 3.0 (RFC 2426) and 4.0 (RFC 6350).

A file of cards becomes a table, one row a card, with headers that the import knows; several values of one property
stand one a line in their cell. Lines are taken apart by vobject; what it refuses in old cards (soft line breaks,
bare parameters, lines that nobody can read) is mended before or left out, so that one odd line costs a field and
never the card.
"""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from vobject.base import ParseError, parseLine

from contacts.imports.decoding import decode
from contacts.imports.errors import ReadingError, Said
from contacts.imports.errors import marked as _
from contacts.imports.rows import MAX_CELL, MAX_ROWS, Row, too_many_rows, without_controls

HEADERS = [
    "Display Name", "First Name", "Last Name", "Kind", "Organization Name", "Job Title", "Email Address", "Phone",
    "URL", "Street", "City", "Postal Code", "Tags", "Notes", "UID",
]  # fmt: skip

_BULKY = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "LABEL", "X-MS-CARDPICTURE"})
_BEGIN, _END = re.compile(r"\s*BEGIN\s*:\s*VCARD\s*", re.I), re.compile(r"\s*END\s*:\s*VCARD\s*", re.I)
_QUOTED = re.compile(r"^[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE\b[^:]*:", re.I)
_PLAIN = re.compile(r"\\(.)", re.S)
_NOT_CALLED = frozenset({"FAX", "PAGER", "MODEM", "TLX", "BBS"})
_GROUPS = frozenset({"group", "org", "organization", "location"})


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of a file as a table."""

    headers: list[str]
    rows: list[Row]
    findings: list[Said]


@dataclass(slots=True)
class _Card:
    """What one card says: values by property, in their order. Structured values are lists of parts."""

    line: int
    said: dict[str, list[list[str]]] = field(default_factory=dict)

    def add(self, name: str, parts: list[str]) -> None:
        self.said.setdefault(name, []).append(parts)

    def part(self, name: str, index: int = 0) -> str:
        """The first value's part, on one line; "" where there is none."""
        for parts in self.said.get(name, ()):
            if len(parts) > index and parts[index].strip():
                return " ".join(parts[index].split())
        return ""

    def all(self, name: str) -> str:
        """Every value, one a line."""
        return "\n".join(
            dict.fromkeys(parts[0].strip() for parts in self.said.get(name, ()) if parts[0].strip())
        )


def read(content: bytes, encoding: str = "") -> Cards:
    """The cards in a file. Raises `ReadingError` where there is none."""
    text, _encoding, findings = decode(content, encoding)
    rows = [_row(card) for card in _cards(text)]
    if not rows:
        raise ReadingError(_("No card was found in the file."))
    return Cards(HEADERS, rows, findings)


def _cards(text: str) -> Iterator[_Card]:
    """The cards of a text, one that never ends included."""
    for count, (line, lines) in enumerate(_bodies(text), start=1):
        if count > MAX_ROWS:
            raise too_many_rows()
        card = _Card(line)
        for said in lines:
            _take(card, said)
        yield card


def _bodies(text: str) -> Iterator[tuple[int, list[str]]]:
    """What stands between BEGIN and END, with the line of BEGIN; another BEGIN ends a card too."""
    start, lines = 0, list[str]()
    for line, said in _unfolded(text):
        begins = bool(_BEGIN.fullmatch(said))
        if start and (begins or _END.fullmatch(said)):
            yield start, lines
            start = 0
        if begins:
            start, lines = line, []
        elif start:
            lines.append(said)
    if start:
        yield start, lines


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines with the line each starts on: folded ones joined, soft breaks of quoted-printable too."""
    start, held = 0, ""
    quoted = False
    for number, line in enumerate(re.sub(r"\r+\n|\r", "\n", text).split("\n"), start=1):
        if held and quoted and held.endswith("="):
            held = held[:-1] + line.lstrip(" \t")
        elif held and line[:1] in (" ", "\t"):
            held += line[1:]
        else:
            if held:
                yield start, held
            start, held = number, line
            quoted = bool(_QUOTED.match(line))
    if held:
        yield start, held


def _take(card: _Card, said: str) -> None:
    """Put one property into the card; a line that says nothing to us is left out."""
    name = re.split(r"[;:]", said, maxsplit=1)[0].rpartition(".")[2].strip().upper()
    if name in _BULKY or len(said) > MAX_CELL:
        return
    try:
        _name, params, value, _group = parseLine(said)
    except ParseError:
        return
    kinds = {
        word.strip().upper()
        for param in params
        for words in (param[1:] or param[:1])
        for word in words.split(",")
    }
    if name == "TEL" and kinds & _NOT_CALLED:
        return
    if _QUOTED.match(said):
        value = _unquoted(
            value, next((param[1] for param in params if param[0].upper() == "CHARSET" and param[1:]), "")
        )
    if name in ("N", "ADR", "ORG"):
        card.add(name, [_unescaped(part) for part in re.split(r"(?<!\\);", value)])
    elif name == "CATEGORIES":
        for part in re.split(r"(?<!\\)[,;]", value):
            card.add(name, [_unescaped(part)])
    else:
        card.add(name, [_unescaped(value)])


def _unquoted(value: str, charset: str) -> str:
    raw = quopri.decodestring(value.encode("utf-8", "replace"))
    for encoding in (charset, "utf-8", "cp1252", "latin-1"):
        try:
            return without_controls(raw.decode(encoding))
        except (LookupError, UnicodeDecodeError):
            continue
    return ""


def _unescaped(value: str) -> str:
    return _PLAIN.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _row(card: _Card) -> Row:
    first, last = card.part("N", 1), card.part("N", 0)
    organisation, display = card.part("ORG"), card.part("FN") or card.part("NICKNAME") * (not (first or last))
    is_group = (
        card.part("KIND").lower() in _GROUPS
        or card.part("X-ABSHOWAS").upper() == "COMPANY"
        or (not (first or last) and organisation != "" and display in ("", organisation))
    )
    if is_group:
        display, first, last, organisation = display or organisation, "", "", ""
    kind = "other" if is_group else "person" if display or first or last else ""
    street, town, postcode = _address(card)
    role = card.part("TITLE") or card.part("ROLE")
    phones = "\n".join(_phone(value) for value in card.all("TEL").split("\n"))
    return Row(card.line, [
        display, first, last, kind, organisation, role, card.all("EMAIL"), phones, card.all("URL"),
        street, town, postcode, card.all("CATEGORIES"), card.all("NOTE"), card.part("UID"),
    ])  # fmt: skip


def _address(card: _Card) -> tuple[str, str, str]:
    """Street, town and postcode of the first address that says where it is (RFC 6350, 6.3.1)."""
    for parts in card.said.get("ADR", ()):
        street, town, postcode = (
            " ".join(part.split())
            for part in ([*parts, *[""] * 7][2], [*parts, *[""] * 7][3], [*parts, *[""] * 7][5])
        )
        if street or town or postcode:
            return street, town, postcode
    return "", "", ""


def _phone(value: str) -> str:
    """A number without its URI (RFC 3966); an extension stays, as people write it."""
    number, _semicolon, more = value.removeprefix("tel:").partition(";")
    extension = re.match(r"ext=(\d+)", more)
    return f"{number} ext. {extension[1]}" if extension else number if value.startswith("tel:") else value
