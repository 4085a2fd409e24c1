"""Pages of a list without counting the table: one row more than shown says whether there is a next page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Page:
    """A stretch of a list, as templates/partials/pages.html draws it."""

    object_list: Sequence[Any]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1


def page_of(
    rows: QuerySet[Any, Any], number: str | None, size: int, make: Callable[[Any], Any] | None = None
) -> Page:
    """Page `number` (text of the address, from "1" on; nonsense is the first) of `size` rows, of which `make` makes
    what is shown; one query."""
    page = page_by(lambda start: rows[start : start + size + 1], number, size)
    return replace(page, object_list=[*map(make, page.object_list)]) if make else page


def page_by(rows: Callable[[int], Iterable[Any]], number: str | None, size: int) -> Page:
    """`page_of` where `rows` gives those from a place on: one more than `size`, if there are."""
    wanted = int(number) if number and number.isdecimal() and 0 < int(number) < 10_000 else 1
    found = list(rows((wanted - 1) * size))
    return Page(found[:size], wanted, has_next=len(found) > size)
