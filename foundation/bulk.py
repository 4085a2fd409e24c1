"""Many rows at once, past the cost of a model instance each: COPY on PostgreSQL, one prepared INSERT on SQLite.

For imports and what is kept to undo them: values that are made of text, numbers and keys that need no conversion.
What is the same for all rows goes through the fields of the model, defaults included, so a column added later is
filled as `save` would.
"""

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg.types.json import Json, Jsonb


def next_pks(model: type[models.Model], count: int) -> Sequence[int]:
    """Primary keys for `count` new rows. On SQLite the caller's transaction must hold the write lock, as ours do."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            one = "nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass))"
            cursor.execute(f"SELECT array_agg({one}) FROM generate_series(1, %s)", [table, count])  # noqa: S608  # ours
            return array("q", cursor.fetchone()[0])
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
            if value is not None:  # what is not named is null
                columns.append(column)
                constants.append(column.get_db_prep_save(value, connection))
    names = ", ".join(connection.ops.quote_name(str(column.column)) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for lines in _as_text(rows, constants):
                    copy.write(lines)
        else:
            whole = ((*row, *constants) for row in rows)
            marks = ", ".join(["%s"] * len(columns))
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # names of our own columns
            cursor.executemany(sql, whole)  # type: ignore[arg-type]  # any iterable will do


def update(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write (a value of each of `fields`, id) of each row. `bulk_update`, a case each, takes ten times as long."""
    if not rows:
        return
    columns: list[Any] = [model._meta.get_field(name) for name in (*fields, "id")]
    table = connection.ops.quote_name(model._meta.db_table)
    *names, key = (connection.ops.quote_name(column.column) for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{column.db_type(connection)}[]" for column in columns)
            values = ", ".join(f"{name} = new.{name}" for name in names)
            new = f"unnest({arrays}) AS new ({', '.join(names)}, {key})"
            sql = f"UPDATE {table} SET {values} FROM {new} WHERE {table}.{key} = new.{key}"  # noqa: S608  # our own columns
            cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        else:
            values = ", ".join(f"{name} = %s" for name in names)
            cursor.executemany(f"UPDATE {table} SET {values} WHERE {key} = %s", rows)  # noqa: S608  # our own columns


@contextmanager
def checking() -> Iterator[None]:
    """Meanwhile PostgreSQL looks at the foreign keys of what was written so far in this transaction: else it would do so
    at its end, while we wait. No statement may be made meanwhile. Raises IntegrityError, when it is left."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.wrap_database_errors, connection.connection.pipeline():
        for when in ("IMMEDIATE", "DEFERRED"):
            connection.connection.execute(f"SET CONSTRAINTS ALL {when}")
        yield


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_LINES = 100  # sent at once: the database begins with them while the next are made


def _as_text(rows: Iterable[Sequence[Any]], constants: Sequence[Any]) -> Iterator[str]:
    """Rows in the text format of COPY, many lines at once: what is the same for all is written out once."""
    end = "".join(f"\t{_text(value)}" for value in constants) + "\n"
    lines: list[str] = []
    for row in rows:
        texts = [value if type(value) is str else _text(value) for value in row]
        if not (whole := "".join(texts)).isprintable() or "\\" in whole:  # of a hundred rows hardly one
            texts = [_text(value) for value in row]
        lines.append("\t".join(texts) + end)
        if len(lines) == _LINES:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


def _text(value: Any) -> str:
    """A value as COPY reads it. Raises TypeError for what is none of those that our imports write."""
    kind = type(value)
    if kind is str:
        return value if value.isalnum() else value.translate(_ESCAPES)
    if kind is int:
        return str(value)
    if value is None:
        return "\\N"
    if kind is bool:
        return "t" if value else "f"
    if isinstance(value, date | time | UUID | Decimal | float | int | str):
        return str(value).translate(_ESCAPES)
    if isinstance(value, Jsonb | Json):
        return json.dumps(value.obj).translate(_ESCAPES)
    raise TypeError(f"COPY was handed a {kind.__name__}")
