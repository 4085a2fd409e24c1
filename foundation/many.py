"""Many values in one statement."""

import json
from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL


def among(values: Iterable[int] | Iterable[str], kind: type[int] | type[str] = int) -> RawSQL:
    """For `__in`: any number of ids, or (`kind` str) of texts, as one parameter. In a list each would be one, and SQLite
    takes only so many."""
    some = json.dumps(list(values))
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [some])
    value = "value::bigint" if kind is int else "value"
    return RawSQL(f"SELECT {value} FROM json_array_elements_text(%s::json)", [some])  # noqa: S608, S611  # one of the two
