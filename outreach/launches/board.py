"""The page of a launch before its day: the board, whom to see next, what was promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from accounts.models import Team, User
from contacts.models import Promise
from outreach.launches import coverage, pace, words
from outreach.launches.coverage import Card, Coverage, State
from outreach.models import Launch, Relay

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NEXT, PROMISES = 5, 20


@dataclass(frozen=True)
class Column:
    """One column of the board: everybody in one state, with the states they can be put into."""

    state: State
    label: "StrOrPromise"
    icon: str
    cards: Sequence[Card]
    others: Sequence[tuple[State, "StrOrPromise"]]


@dataclass(frozen=True)
class BoardPage:
    """What the page of a launch shows. `expected` and `behind` follow an even pace; `links` are relays by contact."""

    launch: Launch
    coverage: Coverage
    columns: Sequence[Column]
    next: Sequence[Card]
    promises: Sequence[Promise]
    links: dict[int, Relay]
    expected: int
    behind: int
    today: date

    @property
    def is_out(self) -> bool:
        return self.launch.is_out(self.today)

    @property
    def sentence(self) -> tuple[str, str]:
        """What stands in bold, and how much time is left."""
        return words.met(self.coverage), words.left(self.launch.day, self.today)

    @property
    def pace(self) -> str:
        """How that compares with an even pace; nothing once it is out, or without anybody to meet."""
        if self.is_out or not self.coverage.total:
            return ""
        return words.pace(self.expected, self.behind)


def of_launch(launch: Launch, *, user: User, now: datetime) -> BoardPage:
    """Everything of a launch's page, in a constant number of queries."""
    found, today = coverage.of_launch(launch), team_day(launch.team, now)
    dates = {"since": launch.prepared_since(), "day": launch.day, "today": today}
    contacts = [card.contact.pk for card in found.everybody]
    promises = Promise.objects.filter(team=launch.team, contact__in=contacts, done_at=None, binned_at=None)
    links = Relay.objects.filter(launch=launch, contact__in=contacts)
    return BoardPage(
        launch=launch,
        coverage=found,
        columns=[_column(state, found) for state in State],
        next=found.next(NEXT, user=user),
        promises=list(promises.select_related("contact", "manager").order_by("due_on", "pk")[:PROMISES]),
        links={relay.contact_id: relay for relay in links if relay.contact_id},
        expected=pace.expected(found.total, **dates),
        behind=pace.behind(found.met, found.total, **dates),
        today=today,
    )


def team_day(team: Team, now: datetime) -> date:
    """The team's day of an instant."""
    return now.astimezone(team.zone).date()


def _column(state: State, found: Coverage) -> Column:
    label, icon = words.STATES[state]
    others = [(other, words.ACTIONS[other]) for other in State if other not in (state, State.TO_MEET)]
    return Column(state, label, icon, found.in_state(state), others)
