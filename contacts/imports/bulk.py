"""Many rows at once, past the cost of a model instance each: COPY on PostgreSQL, one prepared INSERT on SQLite.

Only for imports, whose values are made of text, numbers and keys that need no conversion. What is the same for all
rows goes through the fields of the model, defaults included, so a column added later is filled as `save` would.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models


def next_pks(model: type[models.Model], count: int) -> Sequence[int]:
    """Primary keys for `count` new rows. On SQLite the caller's transaction must hold the write lock, as ours do."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        first = (found[0] if found else 0) + 1
        return range(first, first + count)


def insert(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    same: Mapping[str, Any] | None = None,
) -> None:
    """Insert `rows`, each with the values of `fields` as the database takes them (foreign keys by id, JSON as text).

    `same` are values of all rows, as the model takes them; every other field has its default. Constraints hold as
    ever; nothing is returned, so keys that are needed come from `next_pks`.
    """
    given = dict(same or {})
    columns: list[Any] = [model._meta.get_field(name) for name in fields]
    constants = []
    for column in model._meta.concrete_fields:
        if column not in columns and not (column.primary_key and column.get_default() is None):
            value = given.pop(column.name) if column.name in given else column.get_default()
            columns.append(column)
            constants.append(column.get_db_prep_save(value, connection))
    names = ", ".join(connection.ops.quote_name(str(column.column)) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    whole = ((*row, *constants) for row in rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in whole:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # names of our own columns
            cursor.executemany(sql, whole)  # type: ignore[arg-type]  # any iterable will do
