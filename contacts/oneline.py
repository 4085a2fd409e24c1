"""A contact typed in one line: name, group, phone, e-mail, handle, in any order.

"Jo (Brume) 06 12 34 56 78 jo@brume.org", "@brume, Jo, chanteuse, Brume": what has the form of a phone, an address or
a handle is taken out wherever it stands; of the words that remain, cut at commas and the like, one that is a group
the team knows, stands in brackets or follows "de", "from", "chez", "at", "@" is the group; the first other is the name.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from contacts import points
from contacts.names import fold
from contacts.points import Point

HANDLES_ARE = "instagram"  # where a handle alone lives: said under the field

_EMAIL = re.compile(r"(?:mailto:)?[^\s,;<>()]+@[^\s,;<>()]+\.[^\s,;<>()]+")
_HANDLE = re.compile(
    r"(?:\b(facebook|fb|instagram|insta|twitter|x|tiktok|youtube|linkedin|threads|soundcloud)\s*[:/]?\s*)?"
    r"(?<![\w.@])@([\w.-]{2,60})",
    re.I,
)
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s,;<>()]+|\b[\w-]+(?:\.[\w-]+)*\.(?:fr|com|org|net|eu|info|bzh|be|ch|ca|uk|io|coop)(?:/[^\s,;<>()]*)?(?![\w@])",
    re.I,
)
_PHONE = re.compile(r"(?<![\w@])(?:\+|00)?\d(?:[\s.\-–()/]*\d){7,14}(?!\w)")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_CUTS = re.compile(r"\s*(?:[,;|·\n\t]|\s[-–—/]\s)\s*")
_OF = re.compile(r"\s+(?:de la|de l[’']|de|du|des|d[’']|chez|from|of|at)\s+", re.I)
_NETWORKS = {"fb": "facebook"}


@dataclass(frozen=True)
class Line:
    """What a line says. `rest` are words that are neither name nor group: a role, a town; nothing is lost."""

    name: str = ""
    group: str = ""
    points: tuple[Point, ...] = ()
    rest: tuple[str, ...] = ()

    @property
    def role(self) -> str:
        """What the person does in the group, if a word says it: roles are written without a capital."""
        return next((word for word in self.rest if word[0].islower()), "") if self.group else ""

    @property
    def remarks(self) -> str:
        """The words that found no other place."""
        return ", ".join(word for word in self.rest if word != self.role)


def parse(text: str, *, country: str = "FR", groups: Collection[str] = ()) -> Line:
    """Take a line apart. `groups` are folded names of groups that the team knows; `country` is where phones are dialled.

    Pure. A line without a name gives `name` "": a group alone is the name, for groups are contacts too.
    """
    found: list[Point] = []
    text = _take(text, _EMAIL, lambda match: points.email(match[0]), found)
    text = _take(text, _HANDLE, lambda match: _handle(match[1], match[2]), found)
    text = _take(text, _LINK, lambda match: points.link(match[0]), found)
    text = _take(text, _PHONE, lambda match: points.phone(match[0], country), found)
    bracketed = [part.strip() for part in _BRACKETS.findall(text) if part.strip()]
    words = [part.strip(" .:-–") for part in _CUTS.split(_BRACKETS.sub(",", text))]
    words = [" ".join(part.split()) for part in words if fold(part)]
    group, words = _group(words, bracketed, groups)
    name = words.pop(0) if words else ""
    if not name:
        name, group = group, ""
    unique = {(point.property, point.key): point for point in found}
    return Line(name=name[:200], group=group[:200], points=tuple(unique.values()), rest=tuple(words))


def _take(text: str, pattern: re.Pattern[str], read: object, found: list[Point]) -> str:
    """Move what `read` understands of the pattern's matches to `found`; a comma stays where it stood."""

    def replace(match: re.Match[str]) -> str:
        point = read(match)  # type: ignore[operator]
        if point is None:
            return match[0]
        found.append(point)
        return " , "

    return pattern.sub(replace, text)


def _handle(network: str | None, handle: str) -> Point | None:
    known = (network or HANDLES_ARE).casefold()
    return points.link(f"@{handle}", _NETWORKS.get(known, known))


def _group(words: list[str], bracketed: list[str], groups: Collection[str]) -> tuple[str, list[str]]:
    """Which of the words is the group, and the others."""
    if bracketed:
        return bracketed[0], [*words, *bracketed[1:]]
    for index, word in enumerate(words):
        if fold(word) in groups and len(words) > 1:
            return word, words[:index] + words[index + 1 :]
    for index, word in enumerate(words):
        before, after = _cut_at_of(word, groups, is_first=index == 0)
        if after:
            others = (
                [*words[:index], before, *words[index + 1 :]]
                if before
                else words[:index] + words[index + 1 :]
            )
            return after, others
    return _by_capital(words)


def _by_capital(words: list[str]) -> tuple[str, list[str]]:
    """Names have capitals, roles do not: "Jo, chanteuse, Brume". Where nothing has one the second is the group."""
    capital = next((word for word in words[1:] if not word[0].islower()), "")
    if not capital and len(words) > 1 and words[0][0].islower():
        capital = words[1]
    if not capital:
        return "", words
    index = words.index(capital, 1)
    return capital, words[:index] + words[index + 1 :]


def _cut_at_of(word: str, groups: Collection[str], *, is_first: bool) -> tuple[str, str]:
    """ "Jo de Brume" is Jo and Brume where Brume is a known group; "chanteuse de Brume", not first, is a role and a group."""
    for match in _OF.finditer(word):
        before, after = word[: match.start()], word[match.end() :]
        is_role = not is_first and before[:1].islower() and not after[:1].islower()
        if fold(after) in groups or is_role:
            return before, after
    return word, ""
