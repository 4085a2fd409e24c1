"""Over time: who comes to a series always, who stopped, who is new. Told by its touchpoints alone."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from contacts.models import Contact, Touchpoint
from events.models import Occurrence, Outcome, Series
from foundation.compiled import Compiled, given

LOOKED_AT = 12  # dates
SHOWN_BACK = 6  # series that one follows
HEIGHT = 40  # of the tallest column
TELLING = 3  # dates that took place before anything is said of habits


@dataclass(frozen=True)
class Habits:
    """Contact ids by their habit; somebody is in one of the three at most."""

    always: frozenset[int] = frozenset()
    stopped: frozenset[int] = frozenset()
    new: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Held:
    """One past date: how many came; None when it is cancelled, fell through, or is not yet noted.

    `height` of its column, of HEIGHT for the date to which most came.
    """

    occurrence: Occurrence
    came: int | None
    height: int = 0

    @property
    def top(self) -> int:
        """Where the column begins, from above."""
        return HEIGHT - self.height


@dataclass(frozen=True)
class Story:
    """The latest dates of a series, the oldest first, and who comes. `is_telling`: enough of them took place."""

    held: list[Held]
    always: list[Contact] = field(default_factory=list)
    stopped: list[Contact] = field(default_factory=list)
    new: list[Contact] = field(default_factory=list)
    is_telling: bool = False


def habits(dates: Sequence[AbstractSet[int]]) -> Habits:
    """Who came how, from the guests of each date that took place, the oldest first. Pure.

    Always: at each of the last three. Stopped: at two of the earlier ones, at none of the last two. New: at the last
    one, and never before. Nothing is said before three dates.
    """
    if len(dates) < TELLING:
        return Habits()
    lately, earlier = dates[-TELLING:], dates[:-2]
    always = frozenset.intersection(*map(frozenset, lately))
    once: set[int] = set()
    twice: set[int] = set()
    for came in earlier:
        twice |= once & came
        once |= came
    return Habits(
        always=always,
        stopped=frozenset(twice - dates[-1] - dates[-2]),
        new=frozenset(set(dates[-1]).difference(*dates[:-1])),
    )


def of_series(series: Series, now: datetime) -> Story:
    """The story of a series and of those it follows: a constant number of queries."""
    latest = _latest().rows(series=_line(series), now=now)[::-1]
    came = _came(latest)
    most = max([1, *map(len, came.values())])
    held = [
        Held(row, len(came[row.pk]), HEIGHT * len(came[row.pk]) // most)
        if row.pk in came
        else Held(row, None)
        for row in latest
    ]
    dates = [came[row.pk] for row in latest if row.pk in came]
    found = habits(dates)
    people = Contact.objects.filter(pk__in=found.always | found.stopped | found.new, binned_at=None)
    by_id = {person.pk: person for person in people.order_by("sort_key", "pk")}
    return Story(
        held=held,
        is_telling=len(dates) >= TELLING,
        **{
            name: [one for pk, one in by_id.items() if pk in getattr(found, name)]
            for name in ("always", "stopped", "new")
        },
    )


def always_there(series: Series, now: datetime) -> frozenset[int]:
    """The ids of those who come each time."""
    latest = _latest().rows(series=_line(series), now=now)[::-1]
    came = _came(latest)
    return habits([came[row.pk] for row in latest if row.pk in came]).always


@cache
def _latest() -> Compiled:
    """The dates of some series that have begun, the latest first."""
    rows = Occurrence.objects.filter(series__in=given("series"), binned_at=None, starts_at__lte=given("now"))
    return Compiled(rows.select_related("touchpoint").order_by("-starts_at", "-pk")[:LOOKED_AT])


def _line(series: Series) -> list[int]:
    """The series and those it was split off from."""
    line, one = [series.pk], series
    while one.follows is not None and len(line) < SHOWN_BACK:
        one = one.follows
        line.append(one.pk)
    return line


def _came(occurrences: Sequence[Occurrence]) -> dict[int, set[int]]:
    """Who came to each date that was noted as having taken place, or to which nobody came."""
    noted = {
        row.touchpoint_id: row.pk for row in occurrences if row.touchpoint and not row.touchpoint.binned_at
    }
    came: dict[int, set[int]] = {row.pk: set() for row in occurrences if row.outcome == Outcome.NOBODY_CAME}
    came |= {pk: set() for pk in noted.values()}
    links = Touchpoint.contacts.through.objects.filter(touchpoint__in=list(noted))
    for touchpoint, contact in links.values_list("touchpoint", "contact"):
        came[noted[touchpoint]].add(contact)
    return came
