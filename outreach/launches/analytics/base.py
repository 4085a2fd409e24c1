"""What all sources of visitors' figures share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from foundation.fetch import Answer, FetchError

WEEK = timedelta(days=6)
MOST = 1_000_000_000
"""More unique visitors than that are a mistake, and fit into no column."""


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """Unique visitors of a stretch of days, both included; counted as one stretch, never added up."""

    first_day: date
    last_day: date
    count: int


class Trouble(StrEnum):
    """Why a service could not be asked."""

    REFUSED = "refused"
    GONE = "gone"
    BUSY = "busy"
    DOWN = "down"
    ODD = "odd"
    SEALED = "sealed"


PERMANENT = frozenset({Trouble.REFUSED, Trouble.GONE, Trouble.SEALED})
"""What waiting does not mend: somebody has to change something."""


class CannotAsk(Exception):
    """The service gave no figures; nothing of it is kept."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def parsed(answer: Answer) -> Any:
    """The JSON of an answer. Raises CannotAsk for what is none: a page of a proxy, half an answer."""
    try:
        return answer.json()
    except FetchError:
        raise CannotAsk(Trouble.ODD) from None


def each_once(figures: Iterable[Figure]) -> list[Figure]:
    """What was said twice is one figure, the earliest first. Raises CannotAsk for two figures of the same days."""
    found = sorted(set(figures))
    if len({(one.first_day, one.last_day) for one in found}) < len(found):
        raise CannotAsk(Trouble.ODD)
    return found


def day_figure(day: str, count: object) -> Figure:
    """A day's figure as services write it. Raises CannotAsk for what is none."""
    try:
        parsed = date.fromisoformat(day)
    except (TypeError, ValueError):
        raise CannotAsk(Trouble.ODD) from None
    return Figure(parsed, parsed, whole(count))


def whole(count: object) -> int:
    """A number of visitors: nothing negative or beyond MOST, no fractions, no text. Raises CannotAsk."""
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MOST:
        raise CannotAsk(Trouble.ODD)
    return count
