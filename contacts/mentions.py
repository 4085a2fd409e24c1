"""Whose data it is: a person's rows, and the strings by which a text would give them away.

Pure: `Person` is filled by `contacts.erasing`, nothing here reads the database.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from contacts import points as reading
from contacts.models.contact import PointProperty
from contacts.names import fold
from contacts.points import Point

LEFT_OUT = "…"
SHORTEST = 3  # letters of a part of a name that is left out by itself: not "de", not "la"
LONGEST = 4  # words of a name that is looked for in a text
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:/]+[^\W_]")
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_NUMBER = re.compile(r"\+?\d[\d\s.()/–-]{5,}\d")


@dataclass(frozen=True)
class Person:
    """One person (or group) as the book holds them: contact rows, those merged into them included.

    `names` and `points` are all of these rows'; `words` are the parts of people's names, by which a text that is about
    them may call them; `country` is where phone numbers in texts are read as dialled. Where several people go at once,
    `people` are they, and only they have names: a text about one of them says nothing by the name of another.
    """

    contact_ids: tuple[int, ...]
    names: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    words: tuple[str, ...] = ()
    country: str = "FR"
    people: tuple["Person", ...] = ()

    @property
    def telling_names(self) -> tuple[str, ...]:
        """Names of two words or more: enough to say who is meant in a text that is about somebody else."""
        return tuple(name for name in self.names if len(fold(name).split()) > 1)

    def mentioned_in(self, text: str, *, anywhere: bool = False) -> bool:
        """Whether a text names them. `anywhere`: in a text of other people, where one word ("Jo") says nothing."""
        return any(self._stretches(text, anywhere=anywhere))

    def without(self, text: str, *, anywhere: bool = False) -> str:
        """The text without their names, addresses and numbers: "…" in their place."""
        return left_out(text, self._stretches(text, anywhere=anywhere))

    def _stretches(self, text: str, *, anywhere: bool) -> Iterator[tuple[int, int]]:
        """Where in a text they are named: (start, end)."""
        if not text:
            return
        yield from _named(text, self.telling_names if anywhere else (*self.names, *self.words))
        lowered = text.lower()
        for point in self.points:
            if point.property != PointProperty.TEL.value:
                for written in {point.value.lower(), point.key.lower()}:
                    yield from ((hit.start(), hit.end()) for hit in re.finditer(re.escape(written), lowered))
        numbers = {point.key for point in self.points if point.property == PointProperty.TEL.value}
        for hit in _NUMBER.finditer(text) if numbers else ():
            found = reading.phone(hit[0], self.country)
            if found and found.key in numbers:
                yield hit.start(), hit.end()


def left_out(text: str, stretches: Iterable[tuple[int, int]]) -> str:
    """The text with "…" in place of the stretches (start, end)."""
    kept, last = [], 0
    for start, end in sorted(stretches):
        if start >= last:
            kept += [text[last:start], LEFT_OUT]
        last = max(last, end)
    return "".join([*kept, text[last:]])


def named_or_reached(text: str, country: str) -> Iterator[tuple[int, int, str | Point]]:
    """What in a text might name somebody, (start, end, what): two to four words in the order of the alphabet, or a way
    to reach them."""
    tokens = _tokens(text)
    for length in range(2, LONGEST + 1):
        for first in range(len(tokens) - length + 1):
            stretch = tokens[first : first + length]
            name = " ".join(sorted(word for word, _start, _end in stretch))
            yield stretch[0][1], stretch[-1][2], name
    for pattern, read in (
        (_ADDRESS, reading.email),
        (_LINK, reading.link),
        (_NUMBER, lambda number: reading.phone(number, country)),
    ):
        for hit in pattern.finditer(text):
            point = read(hit[0])
            if point:
                yield hit.start(), hit.end(), point


def parts(name: str) -> list[str]:
    """The words of a person's name that say who is meant where the text is about them."""
    return [word for word in fold(name).split() if len(word) >= SHORTEST]


def _tokens(text: str) -> list[tuple[str, int, int]]:
    """The words of a text, folded, and where each stands: (word, start, end)."""
    found, start = [], None
    for place, letter in enumerate(f"{text} "):
        category = unicodedata.category(letter)
        if category[0] in "LNM" or category == "Cf":
            start = place if start is None else start
        elif start is not None:
            found += [(word, start, place) for word in fold(text[start:place]).split()]
            start = None
    return found


def _named(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where one of the names stands as whole words, in any order; one made of signs alone, between spaces.

    The text is walked once for each number of words, however many names there are.
    """
    by_length: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    for name in names:
        by_length[len(words := _words(name))].add(words or (name.strip(),))
    for (signs,) in by_length.pop(0, set()):
        yield from (
            (hit.start(), hit.end()) for hit in re.finditer(rf"(?<!\S){re.escape(signs)}(?!\S)", text)
        )
    tokens = _tokens(text)
    for length, wanted in by_length.items():
        for first in range(len(tokens) - length + 1):
            stretch = tokens[first : first + length]
            if tuple(sorted(word for word, _start, _end in stretch)) in wanted:
                yield stretch[0][1], stretch[-1][2]


@lru_cache(maxsize=2000)
def _words(name: str) -> tuple[str, ...]:
    return tuple(sorted(word for word, _start, _end in _tokens(name)))
