"""What the import has to say, kept as a sentence of ours and its values, and translated for whoever reads it.

An import is read by one person, checked by another and finished by a worker: a text that was translated where it was
thought of would be in the wrong language for some of them. It also travels as JSON, out of the child process that
reads the file and into the rows of the database.
"""

from collections.abc import Sequence
from typing import Any


def marked(text: str) -> str:
    """Marks a sentence for the catalogue where it is written; `Said` translates it where it is read."""
    return text


class Said:
    """A sentence: the English text as the catalogue knows it, and the values of its `%(name)s`."""

    __slots__ = ("text", "values")

    def __init__(self, text: str, /, **values: Any) -> None:
        self.text, self.values = text, values

    def __str__(self) -> str:
        from django.utils.translation import gettext  # the child process knows no Django

        said = gettext(self.text) if self.text else ""
        return said % self.values if self.values else said

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Said) and (self.text, self.values) == (other.text, other.values)

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Said({self.text!r}, {self.values!r})"

    def as_json(self) -> list[Any]:
        """For a JSON column; `of` reads it."""
        return [self.text, self.values]

    @classmethod
    def of(cls, said: Sequence[Any]) -> "Said":
        """What `as_json` wrote."""
        return cls(str(said[0]), **dict(said[1]))


class ReadingError(Exception):
    """A file that cannot be read as a list. `str()` is a sentence for the person who chose the file."""

    def __init__(self, text: str = "", /, **values: Any) -> None:
        super().__init__(text)
        self.said = Said(str(text), **values)

    def __str__(self) -> str:
        return str(self.said)
