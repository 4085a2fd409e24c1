"""Many values in one statement."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models.expressions import RawSQL


@dataclass(slots=True)
class Texts:
    """Texts for `among`, held as it sends them: a fourth of what a set of them takes. Nor is one looked for: it may be
    there twice."""

    _packed: list[str] = field(default_factory=list)
    _last: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """One more."""
        self._last.append(text)
        if len(self._last) == 1000:
            self._pack()

    def _pack(self) -> None:
        if self._last:
            self._packed.append(json.dumps(self._last)[1:-1])
            self._last.clear()

    def as_json(self) -> str:
        """All of them, as a list."""
        self._pack()
        return f"[{','.join(self._packed)}]"


def among(values: Iterable[int] | Iterable[str] | Texts, kind: type[int] | type[str] = int) -> RawSQL:
    """For `__in`: any number of ids, or (`kind` str) of texts, as one parameter. In a list each would be one, and SQLite
    takes only so many."""
    some = values.as_json() if isinstance(values, Texts) else json.dumps(list(values))
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [some])
    value = "value::bigint" if kind is int else "value"
    return RawSQL(f"SELECT {value} FROM json_array_elements_text(%s::json)", [some])  # noqa: S608, S611  # one of the two
