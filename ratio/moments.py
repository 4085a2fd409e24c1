"""How thousands of rows are handed over at once, in the same way by both databases.

What Django and the drivers do to turn columns into moments costs more than everything else a team's page does. Here rows
that are alike come as one, their ids and moments joined, and the standard library reads them.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Aggregate, Func, QuerySet, TextField


class _AsText(Func):
    """A column of moments as ISO text with its offset from UTC."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s || '+00:00'", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s::text", **extra)


class _Joined(Aggregate):
    """The values of a group with commas between them. All of a query's come in the same order."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="group_concat(%(expressions)s)", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="string_agg((%(expressions)s)::text, ',')", **extra)


def joined(of: QuerySet[Any, Any], pk: str, at: str) -> QuerySet[Any, Any]:
    """The rows of a `values_list`, those that are alike as one: two columns more hold the id and the moment of each."""
    return of.order_by().annotate(ids=_Joined(pk), moments=_Joined(_AsText(at)))


def alike(found: Iterable[Sequence[Any]]) -> Iterator[tuple[list[Any], Iterator[int], Iterator[dt.datetime]]]:
    """What such a query found: the values of rows that are alike, and the id and the moment of each, in no order."""
    for *values, ids, moments in found:
        yield values, map(int, ids.split(",")), map(dt.datetime.fromisoformat, moments.split(","))
