"""What a calendar says of an event, in our terms. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from events import recurrence


@dataclass(frozen=True)
class Said:
    """When, what and where: of an event, or of one of its dates alone."""

    starts_at: datetime
    ends_at: datetime
    is_all_day: bool
    title: str
    place: str
    note: str
    is_cancelled: bool

    def let_through(self, without: Callable[[str], str]) -> "Said":
        """The same, its texts as `without` leaves them."""
        return replace(self, title=without(self.title), place=without(self.place), note=without(self.note))

    def as_json(self) -> dict[str, Any]:
        """By the names of an occurrence's fields, as `accounts.changes` writes them."""
        return {
            **{
                name: getattr(self, name) for name in ("is_all_day", "title", "place", "note", "is_cancelled")
            },
            "starts_at": self.starts_at.astimezone(UTC).isoformat(),
            "ends_at": self.ends_at.astimezone(UTC).isoformat(),
        }


@dataclass
class Incoming:
    """An event. Recurring: `dtstart`, `rdates` and `exdates` are local (naive) in `zone`, `rules` are checked.

    `changed` are the dates that are different, by the instant (UTC) at which the rules put them.
    """

    uid: str
    said: Said
    zone: ZoneInfo
    dtstart: datetime
    sequence: int = 0
    rules: tuple[str, ...] = ()
    rdates: tuple[datetime, ...] = ()
    exdates: tuple[datetime, ...] = ()
    changed: dict[datetime, Said] = field(default_factory=dict)

    @property
    def recurs(self) -> bool:
        return bool(self.rules or self.rdates)

    @property
    def duration(self) -> timedelta:
        return self.said.ends_at - self.said.starts_at

    def starts(self, first: date, last: date) -> list[datetime]:
        """The instants at which it takes place on local days from `first` to `last`, in order."""
        if self.said.is_cancelled:
            return []
        given = {
            one.starts_at
            for one in recurrence.expand(
                dtstart=self.dtstart,
                zone=self.zone,
                rules=self.rules,
                rdates=self.rdates,
                exdates=self.exdates,
                window=(first, last),
            )
        }
        moved = {
            one.starts_at
            for one in self.changed.values()
            if not one.is_cancelled and first <= one.starts_at.astimezone(self.zone).date() <= last
        }
        return sorted((given - self.changed.keys()) | moved)


@dataclass(frozen=True)
class Rejected:
    """An event that was not taken: what it calls itself, and why, as a sentence."""

    title: str
    reason: str


@dataclass
class Reading:
    """A calendar read. `count` is how many VEVENTs were taken; `cancelled` how many of them are called off.

    `unread` are the UIDs of those that could not be read: they are there, and not to be taken for gone.
    """

    events: list[Incoming] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    count: int = 0
    cancelled: int = 0
    name: str = ""
    identity: str = ""

    def let_through(self, without: Callable[[str], str]) -> None:
        """Every text as `without` leaves it."""
        self.name = without(self.name)
        self.rejected = [replace(one, title=without(one.title)) for one in self.rejected]
        for event in self.events:
            event.said = event.said.let_through(without)
            event.changed = {at: said.let_through(without) for at, said in event.changed.items()}

    def count_starts(self, first: date, last: date) -> int:
        """How often something takes place on those days."""
        return sum(len(event.starts(first, last)) for event in self.events)
