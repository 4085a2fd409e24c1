"""Contacts as vCards 4.0 (RFC 6350), for phones and address books."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_AT_A_TIME = 500
_OCTETS = 75  # a line (RFC 6350, 3.2)


@dataclass(frozen=True)
class Card:
    """What a card says. `kind` is "individual" or "org"; `groups` are (name, role); `uid` names the card everywhere."""

    uid: str
    kind: str
    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    street: str = ""
    town: str = ""
    postcode: str = ""
    groups: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""


def as_vcards(cards: Iterable[Card]) -> Iterator[bytes]:
    """The cards in UTF-8, a piece at a time."""
    piece: list[str] = []
    for card in cards:
        piece.append(vcard(card))
        if len(piece) == _AT_A_TIME:
            yield "".join(piece).encode()
            piece.clear()
    yield "".join(piece).encode()


def vcard(card: Card) -> str:
    """One card. Several groups of one person are told apart by property groups: `g1.ORG` goes with `g1.ROLE`."""
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"KIND:{card.kind}",
        f"UID:{_text(card.uid)}",
        f"FN:{_text(card.name)}",
    ]
    lines += [f"EMAIL:{_text(email)}" for email in card.emails]
    lines += [f"TEL:{_text(phone)}" for phone in card.phones]
    # RFC 6350 escapes nothing in an address; readers that split at every comma and semicolon are many.
    lines += [f"URL:{_text(link)}" for link in card.links]
    if card.street or card.town or card.postcode:
        lines.append(f"ADR:;;{_text(card.street)};{_text(card.town)};;{_text(card.postcode)};")
    for number, (group, role) in enumerate(card.groups, start=1):
        lines.append(f"g{number}.ORG:{_text(group)}")
        if role:
            lines.append(f"g{number}.ROLE:{_text(role)}")
    if card.tags:
        lines.append(f"CATEGORIES:{','.join(map(_text, card.tags))}")
    if card.note:
        lines.append(f"NOTE:{_text(card.note)}")
    lines.append("END:VCARD")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _text(value: str) -> str:
    """A text value: commas, semicolons, backslashes and line ends escaped (RFC 6350, 3.4)."""
    for character in ("\\", ",", ";"):
        value = value.replace(character, f"\\{character}")
    return _plain(value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n"))


def _plain(value: str) -> str:
    """A value without control characters: they would end the line, or the card."""
    return "".join(character for character in value if character == "\t" or ord(character) >= 32)


def _folded(line: str) -> str:
    """A long line on several, each of at most 75 octets, no character torn apart."""
    if len(line.encode()) <= _OCTETS:
        return line
    pieces, piece, room = [], "", _OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", _OCTETS - 1  # a continuation begins with a space
        piece += character
        room -= size
    return "\r\n ".join([*pieces, piece])
