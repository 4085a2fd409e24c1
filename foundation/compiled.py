"""Queries whose SQL is written once in a process: for one of several parts Django needs longer than the database does.

A `Compiled` is built from an ordinary queryset in which `given("name")` stands where a request puts its value, and finds
what that queryset would find: models or tuples, converted, with what they prefetch.
"""

import re
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

_PLACE = re.compile("(?<!%)%s")


def given(name: str, output_field: "Field[Any, Any] | None" = None) -> Any:
    """Stands for a value in a queryset to be compiled; `output_field` where what it is held against does not tell."""
    return _Given(name, output_field)


class _Given(Expression):
    def __init__(self, name: str, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", [self]


@dataclass(frozen=True, slots=True)
class _Written:
    """What is kept for one database: the SQL in parts, a parameter after each but the last, and the compiler, which knows
    how rows become models or tuples."""

    compiler: SQLCompiler
    parts: list[str]
    params: list[Any]

    def filled(self, given: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """As the driver takes it. A list becomes as many parameters."""
        sql, params = [self.parts[0]], []
        for param, part in zip(self.params, self.parts[1:], strict=True):
            value = given[param.name] if isinstance(param, _Given) else param
            if isinstance(value, list):
                sql += [", ".join(["%s"] * len(value)) or "NULL", part]
                params += value
            else:
                sql += ["%s", part]
                params.append(value)
        return "".join(sql), tuple(params)


class Compiled:
    """A queryset to be asked again and again; keep it in a cached function. Nothing in it may depend on the request (a
    zone that is active, say) but by being `given`."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        self._queryset = queryset
        self._written: dict[str, _Written] = {}

    def rows(self, **values: Any) -> list[Any]:
        """What it finds with these values: moments, days, rows (their key is meant), numbers, text; a list where `__in`
        asks for it, and of an empty one nothing is. Raises KeyError for a name without a value."""
        alias = self._queryset.db
        written, connection = self._written.get(alias) or self._write(alias), connections[alias]
        filled = written.filled({name: _adapted(value, connection.ops) for name, value in values.items()})
        compiler = copy(written.compiler)
        compiler.connection = connection  # of this thread
        compiler.as_sql = lambda *_args, **_kwargs: filled  # type: ignore[method-assign]
        found = self._queryset.all()
        found.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        return list(found)

    def _write(self, alias: str) -> _Written:
        compiler = self._queryset.query.get_compiler(using=alias)
        sql, params = compiler.as_sql()
        written = self._written[alias] = _Written(compiler, _PLACE.split(sql), list(params))
        return written


def _adapted(value: Any, ops: Any) -> Any:
    """A value as the database's driver takes it."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, datetime):
        return ops.adapt_datetimefield_value(value)
    return ops.adapt_datefield_value(value) if isinstance(value, date) else value
