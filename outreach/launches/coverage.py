"""Who was met for a launch, who is on board, whom to see next: worked out from approaches and meetings.

An approach keeps what people say (met on a day, on board, no). That somebody was met follows as well from meetings
that carry the launch's tag and count as real: with the contact itself, or with a member of the group. So a meeting
that is taken back, or comes back, needs nothing done here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from accounts.models import User
from contacts.models import Affiliation, Contact, Touchpoint
from contacts.models.kind import COLLEAGUE
from outreach.models import Answer, Approach, Launch


class State(StrEnum):
    """Where one contact stands."""

    TO_MEET = "to_meet"
    MET = "met"
    ON_BOARD = "on_board"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A noted meeting for the launch, on the team's day; `contacts` are those of the launch it counts for."""

    touchpoint: int
    day: date
    contacts: frozenset[int]
    is_real: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One contact of a launch. `met_on` is the first day they were met, however that is known."""

    approach: Approach
    state: State
    met_on: date | None
    by_meeting: bool

    @property
    def contact(self) -> Contact:
        return self.approach.contact

    @property
    def is_colleague(self) -> bool:
        """Belongs to the first circle: colleagues."""
        return self.contact.kind.code == COLLEAGUE and self.contact.kind.team_id is None

    def was_met_before(self, day: date) -> bool:
        """Met, or won over, before a day."""
        return self.met_on is not None and self.met_on < day

    def is_late(self, today: date) -> bool:
        """To be met by a day that is over."""
        due = self.approach.due_on
        return self.state is State.TO_MEET and due is not None and due < today


@dataclass(frozen=True)
class Coverage:
    """The whole of a launch. `circle` are colleagues, `cards` everybody else; each in the order of names."""

    launch: Launch
    cards: Sequence[Card]
    circle: Sequence[Card] = ()
    meetings: Sequence[Meeting] = field(default_factory=list)

    @property
    def everybody(self) -> list[Card]:
        """The others, then the first circle."""
        return [*self.cards, *self.circle]

    @property
    def counted(self) -> Sequence[Card]:
        """Those the figures are about: everybody but colleagues; colleagues where there is nobody else."""
        return self.cards or self.circle

    @property
    def met(self) -> int:
        """How many of those counted were met, or won over."""
        return sum(card.met_on is not None for card in self.counted)

    @property
    def met_before(self) -> int:
        """How many of those counted were met before the launch day."""
        return sum(card.was_met_before(self.launch.day) for card in self.counted)

    @property
    def total(self) -> int:
        return len(self.counted)

    @property
    def are_groups(self) -> bool:
        """Whether "groups" is the right word for those counted."""
        return all(card.contact.is_group for card in self.counted)

    def in_state(self, state: State) -> list[Card]:
        """Everybody of one column of the board."""
        return [card for card in self.everybody if card.state is state]

    def by_kind(self) -> list[tuple[str, int, int]]:
        """(kind, how many of it were met, how many there are) of those counted, the most numerous first."""
        found: dict[str, list[Card]] = {}
        for card in self.counted:
            found.setdefault(str(card.contact.kind), []).append(card)
        rows = [
            (kind, sum(card.met_on is not None for card in cards), len(cards))
            for kind, cards in found.items()
        ]
        return sorted(rows, key=lambda row: (-row[2], row[0]))

    def by_week(self) -> list[tuple[date, int, int]]:
        """(Monday, how many were first met in that week, how many in all by its end) of those counted."""
        mondays = Counter(
            card.met_on - timedelta(days=card.met_on.weekday()) for card in self.counted if card.met_on
        )
        found, together = [], 0
        for monday, new in sorted(mondays.items()):
            together += new
            found.append((monday, new, together))
        return found

    def next(self, limit: int, *, user: User | None = None) -> list[Card]:
        """Whom to see next: by when they are to be met, one's own first, then who has not been seen for longest."""
        far = date.max
        waiting = [card for card in self.everybody if card.state is State.TO_MEET]
        return sorted(
            waiting,
            key=lambda card: (
                user is not None and card.approach.manager_id not in (None, user.pk),
                card.approach.due_on or far,
                card.contact.last_met_at.timestamp() if card.contact.last_met_at else 0.0,
                card.contact.sort_key,
            ),
        )[:limit]


def state_of(answer: str, *, was_met: bool) -> State:
    """An answer says it; without one, having been met or not."""
    if answer == Answer.ON_BOARD:
        return State.ON_BOARD
    if answer == Answer.NO:
        return State.NO
    return State.MET if was_met else State.TO_MEET


def of_launch(launch: Launch) -> Coverage:
    """The coverage of a launch, whose team is at hand; three queries, however many contacts and meetings."""
    return of_launches([launch])[launch.pk]


def of_launches(launches: Sequence[Launch]) -> dict[int, Coverage]:
    """The coverage of each of some launches of one team, by their ids; three queries for all."""
    rows = Approach.objects.kept().filter(launch__in=launches).select_related("contact__kind", "manager")
    approaches: dict[int, list[Approach]] = {launch.pk: [] for launch in launches}
    for approach in rows.order_by("contact__sort_key", "pk"):
        approaches[approach.launch_id].append(approach)
    wanted = {pk: {row.contact_id for row in rows} for pk, rows in approaches.items()}
    found = _meetings(launches, wanted)
    return {launch.pk: _coverage(launch, approaches[launch.pk], found[launch.pk]) for launch in launches}


def _coverage(launch: Launch, approaches: list[Approach], meetings: list[Meeting]) -> Coverage:
    first: dict[int, date] = {}
    for meeting in meetings:
        if meeting.is_real:
            for contact in meeting.contacts:
                first.setdefault(contact, meeting.day)
    cards = []
    for approach in approaches:
        approach.launch = launch
        cards.append(_card(approach, first.get(approach.contact_id)))
    return Coverage(
        launch,
        [card for card in cards if not card.is_colleague],
        [card for card in cards if card.is_colleague],
        meetings,
    )


def _meetings(launches: Sequence[Launch], wanted: dict[int, set[int]]) -> dict[int, list[Meeting]]:
    """Meetings that carry a launch's tag, the earliest first; a member's meeting is their group's as well."""
    by_tag = {launch.tag_id: launch for launch in launches}
    touchpoints = Touchpoint.objects.kept().filter(
        team__in={one.team_id for one in launches}, tags__in=by_tag
    )
    columns = ("tags", "pk", "met_at", "is_real", "contacts")
    rows = list(touchpoints.order_by("met_at", "pk").values_list(*columns))
    groups = _groups({row[-1] for row in rows}, set().union(*wanted.values()))
    found: dict[int, dict[int, Meeting]] = {launch.pk: {} for launch in launches}
    for tag, pk, met_at, is_real, contact in rows:
        launch = by_tag[tag]
        counted = ({contact} | groups.get(contact, set())) & wanted[launch.pk]
        before = found[launch.pk].get(pk)
        together = frozenset(counted | (before.contacts if before else frozenset()))
        found[launch.pk][pk] = Meeting(pk, met_at.astimezone(launch.team.zone).date(), together, is_real)
    return {pk: list(of_launch.values()) for pk, of_launch in found.items()}


def _groups(people: set[int], groups: set[int]) -> dict[int, set[int]]:
    """To which of these groups each of these people belongs now."""
    found: dict[int, set[int]] = {}
    pairs = Affiliation.objects.filter(person__in=people - groups, group__in=groups, until=None)
    for person, group in pairs.values_list("person", "group"):
        found.setdefault(person, set()).add(group)
    return found


def _card(approach: Approach, first_meeting: date | None) -> Card:
    said = [approach.met_on, approach.answered_on if approach.answer == Answer.ON_BOARD else None]
    met_on = min((day for day in (*said, first_meeting) if day), default=None)
    return Card(
        approach=approach,
        state=state_of(approach.answer, was_met=met_on is not None),
        met_on=met_on,
        by_meeting=first_meeting is not None,
    )
