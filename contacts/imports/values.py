"""Cells as people fill them, taken apart: several e-mails in one, postcodes that lost a zero, links without http.

Each function gives what it found and a list of remarks, sentences for the person who imports. What cannot be used
costs the field, never the row.
"""

import re
from collections.abc import Callable, Iterable

from contacts import points
from contacts.imports.errors import Said
from contacts.imports.errors import marked as _
from contacts.models import PointProperty
from contacts.names import fold
from contacts.points import Point

_BLANK = frozenset({"", "-", "--", "/", "\\", ".", "?"})
_NAMED = re.compile(r"<\s*([^<>\s@]+@[^<>\s]+)\s*>")  # Jo Brume <jo@brume.org>
_AT = re.compile(r"\s*[\[({]\s*(?:at|chez|arobase|@)\s*[\])}]\s*|\s+(?:at|chez|arobase)\s+|\s*@\s*", re.I)
_DOT = re.compile(r"\s*[\[({]\s*(?:dot|point)\s*[\])}]\s*", re.I)
_BAD_DOT = re.compile(r"(@[\w-]+)[,;](?=(?:fr|com|org|net|eu|info|bzh|be|ch|ca|uk|io|coop)\b(?!@))", re.I)
_LOST_ZERO = re.compile(r"[1-9]\d{8}")
_POSTCODE_FR = re.compile(r"(?:F-?)?(\d{2})\s?(\d{3})(?:\.0)?(?!\d)", re.I)


def clean(text: str) -> str:
    """A cell on one line: every run of spaces, no-break ones included, is one space."""
    return " ".join(text.split())


def emails(text: str) -> tuple[list[Point], list[Said]]:
    """The e-mail addresses in a cell, in their order."""
    plain = points.email(text)
    if plain:
        return [plain], []
    return _each_line(text, _emails) if "\n" in text else _emails(text)


def _emails(text: str) -> tuple[list[Point], list[Said]]:
    value = clean(text)
    if value in _BLANK:
        return [], []
    named = _NAMED.findall(value)
    repaired = " ".join(named) or _BAD_DOT.sub(r"\1.", _DOT.sub(".", _AT.sub("@", value)))
    found, unused = [], []
    for part in re.split(r"\s*(?://|[/,;|\s]|:::)\s*", repaired):
        point = points.email(part)
        if point:
            found.append(point)
        elif part.strip("<>") and fold(part) not in ("ou", "et", "or", "and", "mailto"):
            unused.append(part)
    if unused or not found:
        remarks = [
            Said(_("“%(value)s” is not an e-mail address."), value=value if not found else " ".join(unused))
        ]
    elif repaired != value and not named:
        remarks = [
            Said(
                _("“%(value)s” was read as %(found)s."),
                value=value,
                found=", ".join(point.value for point in found),
            )
        ]
    else:
        remarks = []
    return once(found), remarks


def phones(text: str, country: str) -> tuple[list[Point], list[Said]]:
    """The telephone numbers in a cell, in their order."""
    if "\n" in text:
        return _each_line(text, lambda line: _phones(line, country))
    return _phones(text, country)


def _phones(text: str, country: str) -> tuple[list[Point], list[Said]]:
    value = clean(text)
    if value in _BLANK:
        return [], []
    if len(value) == 9 and country == "FR" and _LOST_ZERO.fullmatch(value):
        return [Point(PointProperty.TEL.value, f"0{value}", f"+33{value}")], [
            Said(_("“%(value)s” was read as %(found)s."), value=value, found=f"0{value}")
        ]
    whole = points.phone(value, country)
    if whole:
        return [whole], []
    found, unused = [], []
    for part in re.split(r"\s*(?://?|[,;|]|:::|\bou\b|\bet\b|\bor\b|\band\b)\s*", value):
        point = points.phone(part, country)
        if point:
            found.append(point)
        elif part:
            unused.append(part)
    if unused:
        return once(found), [Said(_("“%(value)s” is not a telephone number."), value=", ".join(unused))]
    return once(found), []


def links(text: str, network: str = "") -> tuple[list[Point], list[Said]]:
    """The web addresses in a cell, in their order; `network` is where a bare handle lives."""
    if "\n" in text:
        return _each_line(text, lambda line: _links(line, network))
    return _links(text, network)


def _links(text: str, network: str) -> tuple[list[Point], list[Said]]:
    value = clean(text)
    if value in _BLANK:
        return [], []
    whole = points.link(value, network) or (
        points.link(f"@{value}", network) if _is_handle(value, network) else None
    )
    if whole:
        return [whole], []
    found, unused = [], []
    for part in re.split(r"\s*(?:[,;|]|:::|\s/\s|\s//\s|\s)\s*", value):
        point = points.link(part, network)
        if point:
            found.append(point)
        elif part:
            unused.append(part)
    if not found:
        return [], [Said(_("“%(value)s” is not a web address."), value=value)]
    if unused:
        return once(found), [Said(_("“%(value)s” is not a web address."), value=" ".join(unused))]
    return once(found), []


def _is_handle(value: str, network: str) -> bool:
    return bool(network) and re.fullmatch(r"[\w-]{2,60}", value) is not None


def postcode(text: str, country: str) -> tuple[str, list[Said]]:
    """The postcode in a cell. Spreadsheets drop leading zeros: four digits are repaired for France."""
    value = clean(text)
    if value in _BLANK:
        return "", []
    if country != "FR":
        return value[:16], []
    if len(value) == 5 and value.isascii() and value.isdecimal():
        return value, []
    if re.fullmatch(r"\d{4}(\.0)?", value):
        found = f"0{value[:4]}"
        return found, [Said(_("“%(value)s” was read as %(found)s."), value=value, found=found)]
    match = _POSTCODE_FR.search(value)
    if not match:
        # A neighbour country's, or a remark: kept as written while it fits.
        if len(value) <= 16 and any(character.isdigit() for character in value):
            return value, []
        return "", [Said(_("“%(value)s” is not a postcode."), value=value)]
    found = match[1] + match[2]
    if value == found or re.sub(r"\s", "", value) == found:
        return found, []
    return found, [Said(_("“%(value)s” was read as %(found)s."), value=value, found=found)]


def _each_line(
    text: str, read: Callable[[str], tuple[list[Point], list[Said]]]
) -> tuple[list[Point], list[Said]]:
    """A cell that holds several values, one a line, as address books and our own exports write them."""
    found: list[Point] = []
    remarks: list[Said] = []
    for line in text.splitlines():
        if line.strip():
            points_of_line, more = read(line)
            found += points_of_line
            remarks += more
    return once(found), remarks


def once(found: Iterable[Point]) -> list[Point]:
    """The same way to reach somebody once, in the order of the first time."""
    first: dict[tuple[str, str], Point] = {}
    for point in found:
        first.setdefault((point.property, point.key), point)
    return list(first.values())
