"""Queries that a page asks again and again with other ids: written once, for the ORM takes longer to put one into words
than the database to answer it."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection, models

_FIRST = -(2**40)  # stands for an id: no row has it, and no query says it


class Statement:
    """A query of plain columns, as `build` makes it of rows of these `models` of which only the id matters.

    What it asks must not depend on anything else of them.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Any]], *models: type[models.Model]) -> None:
        self.build, self.models = build, models

    @cached_property
    def _written(self) -> tuple[str, list[Any]]:
        """The SQL, and its parameters: each of our own ids in the place of the one that comes."""
        stand_ins = [model(pk=_FIRST + place) for place, model in enumerate(self.models)]
        sql, parameters = self.build(*stand_ins).query.sql_with_params()
        return sql, list(parameters)

    def rows(self, *pks: int) -> list[tuple[Any, ...]]:
        """The answer for rows of these ids; one query."""
        sql, parameters = self._written
        ids = {_FIRST + place: pk for place, pk in enumerate(pks)}
        with connection.cursor() as cursor:
            cursor.execute(sql, [ids.get(one, one) for one in parameters])
            return cursor.fetchall()
