"""A list that has no columns: the recipients of an e-mail, or a name a line."""

import re

from contacts.imports.rows import Row

HEADERS = ["Display Name", "Email Address"]

_RECIPIENT = re.compile(
    r'\s*(?:"(?P<quoted>[^"]*)"|(?P<name>[^<>"@]*?))\s*<\s*(?P<email>[^<>\s]+@[^<>\s]+)\s*>\s*'
)
_BARE = re.compile(r"\s*(?:mailto:)?([^\s<>@,;\"]+@[^\s<>@,;\"]+)\s*")
# Between recipients, but not within a quoted name: "Brume, Jo" <jo@brume.org>
_BETWEEN = re.compile(r'[,;\r\n]+(?=(?:[^"\r\n]*"[^"\r\n]*")*[^"\r\n]*(?:$|[\r\n]))')
_LABEL = re.compile(r"^\s*(?:to|cc|bcc|à|a|cci|from|de)\s*:\s*", re.I)


def read(text: str) -> tuple[list[str], list[Row]] | None:
    """Headers and rows of a list; None where it is a table after all (cut by tabs, or evenly by something)."""
    return _recipients(text) or _names(text)


def _recipients(text: str) -> tuple[list[str], list[Row]] | None:
    """People as an e-mail names them; None unless almost everything in it is an address."""
    rows: list[Row] = []
    others = 0
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        before = ""  # a name that was cut at its own comma: Brume, Jo <jo@brume.org>
        for piece in _BETWEEN.split(_LABEL.sub("", line)):
            named, bare = _RECIPIENT.fullmatch(before + piece), _BARE.fullmatch(piece)
            if named:
                rows.append(
                    Row(number, [" ".join((named["quoted"] or named["name"] or "").split()), named["email"]])
                )
            elif bare:
                rows.append(Row(number, ["", bare[1]]))
            before = "" if named or bare or not piece.strip() else f"{before}{piece}, "
        others += bool(before.strip(" ,"))
    return (HEADERS, rows) if rows and others <= len(rows) / 10 else None


def _names(text: str) -> tuple[list[str], list[Row]] | None:
    """A name a line; None where the lines have columns."""
    lines = [
        (number, line.strip(" \t-–•*·")) for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1)
    ]
    filled = [(number, line) for number, line in lines if line]
    cut = sum(any(separator in line for separator in ("\t", ";", "|", ",")) for _number, line in filled)
    if not filled or cut > len(filled) / 3:
        return None
    return HEADERS[:1], [Row(number, [" ".join(line.split())]) for number, line in filled]
