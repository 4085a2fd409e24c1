"""How thousands of rows are handed over at once, in the same way by both databases.

What Django and the drivers do to turn columns into moments costs more than everything else a team's page does. Here rows
that are alike come as one, their ids and moments joined, and the standard library reads them.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
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


def alike(
    of: QuerySet[Any, Any], pk: str, at: str
) -> Iterator[tuple[list[Any], list[tuple[int, dt.datetime]]]]:
    """The rows of a `values_list` that are alike: their values, and the id and the moment of each, in no order.

    Values come unconverted: on SQLite a truth is 0 or 1.
    """
    joined = of.order_by().annotate(ids=_Joined(pk), moments=_Joined(_AsText(at)))
    try:
        sql, params = joined.query.sql_with_params()
    except EmptyResultSet:  # among nobody
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for *values, ids, moments in cursor.fetchall():
            each = zip(
                map(int, ids.split(",")), map(dt.datetime.fromisoformat, moments.split(",")), strict=True
            )
            yield values, list(each)
