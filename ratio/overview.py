"""What leads and admins see of presence: the team together, and single people if the individual view is on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import ngettext

from accounts.models import AuditEntry, Team, User
from accounts.permissions import is_lead
from ratio import periods, readings, words
from ratio.ledgers import team_counts
from ratio.models import Policy
from ratio.presence import Bar, Card, Entry, card_of, entries
from ratio.readings import Book
from ratio.verdicts import Counts
from ratio.words import Phrase

COLLECTIVE_FROM = 3
"""Below that many CMs a team's figures would be somebody's own."""


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """The team's figures of the last 28 days; without them, `told_why` says why."""

    people: int
    first_day: dt.date
    last_day: dt.date
    told_why: str = ""
    sentence: Phrase | None = None
    bar: Bar | None = None
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class TeamPage:
    """The team's page: figures, and equal cards by the alphabet if the individual view is on."""

    team: Team
    figures: TeamFigures
    cards: Sequence[Card]
    policy: Policy
    only_under: bool = False

    @property
    def shown(self) -> list[Card]:
        """The cards the reader asked for: filtered, never sorted."""
        return [card for card in self.cards if card.is_under or not self.only_under]

    @property
    def under(self) -> int:
        """How many of them are under target."""
        return sum(card.is_under for card in self.cards)

    @property
    def peak(self) -> Counts:
        """The highest counts of any column of any card: all are drawn to one scale."""
        columns = [column.counts for card in self.cards for column in card.columns]
        return Counts(
            max((counts.real for counts in columns), default=0),
            max((counts.online for counts in columns), default=0),
        )


def team_figures(team: Team, now: dt.datetime) -> TeamFigures:
    """The collective figures, from 3 CMs on. Six queries."""
    return _figures(readings.of_team(team, now=now, back=periods.WINDOW))


def _figures(book: Book) -> TeamFigures:
    people, first = len(book.present), periods.window(book.today)[0]
    if people < COLLECTIVE_FROM:
        why = ngettext(
            "The team’s figures are shown from three community managers on: with %(n)s they would be one person’s.",
            "The team’s figures are shown from three community managers on: with %(n)s each could work out "
            "the other’s.",
            people,
        ) % {"n": people}
        return TeamFigures(people, first, book.today, told_why=why)
    members = [person.member for person in book.people]
    counts = team_counts(members, book.team_posts, book.now, book.team.zone)
    return TeamFigures(
        people,
        first,
        book.today,
        sentence=words.sentence(counts, first),
        bar=Bar(counts, known=counts.share is not None),
        share=counts.share,
    )


def team_page(team: Team, viewer: User, now: dt.datetime, *, only_under: bool = False) -> TeamPage:
    """The team's page for a lead or an admin; single people only with the individual view on.

    Whoever is looked at can see it afterwards: one audit entry a viewer, person and day.
    """
    page = _page(team, now, only_under=only_under)
    record_looks(viewer, page, now)
    return page


def peek(team: Team, now: dt.datetime) -> TeamPage | None:
    """The team's page for the Monday mail, looked at by nobody yet; None when it would say nothing."""
    page = _page(team, now)
    return page if page.cards or page.figures.share is not None else None


def _page(team: Team, now: dt.datetime, *, only_under: bool = False) -> TeamPage:
    book = readings.of_team(team, now=now)
    cards = [card_of(person, book) for person in book.present] if book.policy.shows_people else []
    return TeamPage(team, _figures(book), cards, book.policy, only_under)


def record_looks(viewer: User, page: TeamPage, now: dt.datetime) -> None:
    """The viewer has seen the people of the page."""
    _record_looks(viewer, [card.person for card in page.cards], page.team, now)


def _record_looks(viewer: User, people: Sequence[User], team: Team, now: dt.datetime) -> None:
    """Write who looked at whom, in two queries whatever the team's size. Looking at oneself is no look."""
    since = periods.start_of(periods.local_day(now, team.zone), team.zone)
    action = "presence.viewed"
    seen = set(
        AuditEntry.objects.filter(action=action, actor=viewer, team=team, at__gte=since).values_list(
            "subject", flat=True
        )
    )
    AuditEntry.objects.bulk_create(
        AuditEntry(at=now, actor=viewer, team=team, action=action, subject=person)
        for person in people
        if person.pk != viewer.pk and person.pk not in seen
    )


@dataclass(frozen=True, slots=True)
class MemberPage:
    """What the others who may see a CM's presence see of it: the card and the lines, as on the CM's own page.

    `may_correct`: the reader may take a line out; its leads may, admins look only.
    """

    team: Team
    card: Card
    policy: Policy
    entries: Sequence[Entry]
    may_correct: bool


def member_page(person: User, team: Team, viewer: User, now: dt.datetime) -> MemberPage | None:
    """One CM for a lead or an admin; None with the individual view off, or for no CM of the team today.

    The person can see afterwards who looked: one audit entry a viewer, person and day.
    """
    book = readings.of_person(person, team, now=now)
    found = book.of(person)
    if found is None or not book.policy.shows_people:
        return None
    _record_looks(viewer, [found.user], team, now)
    shown = card_of(found, book)
    lines = entries(found, book, shown.standing)
    return MemberPage(team, shown, book.policy, lines, may_correct=is_lead(viewer, team))
