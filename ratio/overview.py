"""What leads see of presence: the team together, and single people if the individual view is on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cache

from django.utils.translation import gettext, ngettext, pgettext

from accounts.models import AuditEntry, Team, User
from accounts.permissions import is_lead
from foundation.compiled import Compiled, given
from ratio import lines, periods, readings, words
from ratio.history import Stretch, total
from ratio.ledgers import joint
from ratio.models import Policy
from ratio.presence import BLOCKS, Bar, Card, card_of
from ratio.readings import Book, Person
from ratio.verdicts import Counts, Reason, Word
from ratio.words import Phrase

COLLECTIVE_FROM = 3
"""Below that many CMs a team's figures would be somebody's own."""
OFTEN = 3
"""One meeting of three gone to by two or more is often."""
WEEKS = (4, 12, 26, 52)
"""Periods to choose from. Single people are shown over 13 weeks at most, whatever the period."""
PERSONAL_WEEKS = 13
_VIEWED = "presence.viewed"


class Show(StrEnum):
    """Which cards: filters, never an order."""

    ALL = ""
    UNDER = "under"
    EARLY = "early"
    STALE = "stale"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """The team's figures of some weeks up to today; without them, `told_why` says why.

    `blocks` are the weeks, 7 days each, ending today; `before` the team's own figures of as many weeks earlier; `joint`
    says that they often go in twos, where it is so.
    """

    people: int
    first_day: dt.date
    last_day: dt.date
    told_why: str = ""
    sentence: Phrase | None = None
    bar: Bar | None = None
    share: Fraction | None = None
    blocks: Sequence[Stretch] = ()
    before: Counts | None = None
    joint: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter: its value, its words, how many it leaves."""

    show: Show
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class TeamPage:
    """The team's page: figures, and equal cards by the alphabet if the reader may see single people."""

    team: Team
    figures: TeamFigures
    cards: Sequence[Card]
    policy: Policy
    weeks: int
    shows_people: bool
    peak: Counts
    show: Show = Show.ALL
    lasting: frozenset[int] = frozenset()

    @property
    def shown(self) -> list[Card]:
        """The cards the reader asked for: filtered, never sorted."""
        return [card for card in self.cards if self._passes(card, self.show)]

    @property
    def chips(self) -> list[Chip]:
        """The filters that leave somebody, the whole team first."""
        names = {
            Show.UNDER: gettext("Under target for 2 weeks"),
            Show.EARLY: gettext("Too early to say"),
            Show.STALE: gettext("Posts to bring in"),
            Show.AWAY: pgettext("filter", "Away"),
        }
        chips = [Chip(Show.ALL, gettext("The whole team"), len(self.cards))]
        for show, text in names.items():
            count = sum(self._passes(card, show) for card in self.cards)
            if count or show is self.show:
                chips.append(Chip(show, text, count))
        return chips

    def _passes(self, card: Card, show: Show) -> bool:
        said = card.standing.verdict
        return {
            Show.ALL: True,
            Show.UNDER: card.person.pk in self.lasting,
            Show.EARLY: said.reason in (Reason.NEW, Reason.FEW),
            Show.STALE: said.reason is Reason.STALE,
            Show.AWAY: said.word is Word.AWAY,
        }[show]


def team_figures(team: Team, now: dt.datetime) -> TeamFigures:
    """The collective figures of 28 days, from 3 CMs on. Three queries."""
    return _figures(readings.of_team(team, now=now, back=periods.WINDOW), 4)


def _figures(book: Book, weeks: int, *, compare: bool = False) -> TeamFigures:
    people, today = len(book.present), book.today
    first = today - dt.timedelta(days=7 * weeks - 1)
    if people < COLLECTIVE_FROM:
        return TeamFigures(people, first, today, told_why=told_why(people))
    days = periods.blocks(today, weeks)
    blocks = [
        Stretch(*one, counts, one[1] == today) for one, counts in zip(days, book.together(days), strict=True)
    ]
    counts = total(blocks)
    earlier = (first - dt.timedelta(days=7 * weeks), first - dt.timedelta(days=1))
    return TeamFigures(
        people,
        first,
        today,
        sentence=words.sentence(counts, first, today),
        bar=Bar(counts, known=counts.share is not None),
        share=counts.share,
        blocks=blocks,
        before=book.together([earlier])[0] if compare else None,
        joint=_joint(book, first),
    )


def _joint(book: Book, first: dt.date) -> str:
    """Often in twos: a third or more of the meetings."""
    together, met = joint([person.member for person in book.people], first, book.today, book.now)
    if not together or together * OFTEN < met:
        return ""
    text = ngettext(
        "Often in twos: %(n)s meeting of %(all)s.", "Often in twos: %(n)s meetings of %(all)s.", together
    )
    return text % {"n": together, "all": met}


def told_why(people: int) -> str:
    """Why a small team's figures are not shown."""
    if not people:
        return gettext("The team’s figures are shown from three community managers on.")
    text = ngettext(
        "The team’s figures are shown from three community managers on: with %(n)s they would be one person’s.",
        "The team’s figures are shown from three community managers on: with %(n)s each could work out "
        "the other’s.",
        people,
    )
    return text % {"n": people}


def team_page(
    team: Team,
    viewer: User,
    now: dt.datetime,
    *,
    leads: bool = True,
    show: Show = Show.ALL,
    weeks: int = 4,
    compare: bool = False,
) -> TeamPage:
    """The team's page; single people for its leads alone (`leads`), and only with the individual view on.

    Whoever is looked at can see it afterwards: one audit entry a viewer, person and day.
    """
    page = _page(team, now, leads=leads, show=show, weeks=weeks, compare=compare)
    record_looks(viewer, page, now)
    return page


def peek(team: Team, now: dt.datetime) -> TeamPage | None:
    """The team's page for the Monday mail, looked at by nobody yet; None when it would say nothing."""
    page = _page(team, now)
    return page if page.cards or page.figures.share is not None else None


def _page(
    team: Team,
    now: dt.datetime,
    *,
    leads: bool = True,
    show: Show = Show.ALL,
    weeks: int = 4,
    compare: bool = False,
) -> TeamPage:
    days = 7 * weeks * (2 if compare else 1)
    book = readings.of_team(team, now=now, back=max(days, readings.LOOK_BACK))
    shows_people = leads and book.policy.shows_people
    cards = [card_of(person, book) for person in book.present] if shows_people else []
    lasting = frozenset(
        person.user.pk for person in book.present if shows_people and _is_lasting(person, book)
    )
    figures = _figures(book, weeks, compare=compare)
    return TeamPage(team, figures, cards, book.policy, weeks, shows_people, _peak(cards), show, lasting)


def _peak(cards: Sequence[Card]) -> Counts:
    """The highest counts of any column of any card: all are drawn to one scale."""
    columns = [column.counts for card in cards for column in card.columns]
    return Counts(
        max((counts.real for counts in columns), default=0),
        max((counts.online for counts in columns), default=0),
    )


def _is_lasting(person: Person, book: Book) -> bool:
    """Under target now, a week ago and two weeks ago, each of them sure."""
    target = book.target_of(person)
    for weeks in range(3):
        reading = person.ledger.reading(book.now - dt.timedelta(weeks=weeks))
        share = reading.used(book.rules).share
        if reading.on_leave or reading.why_inconclusive(book.rules) or share is None or share >= target:
            return False
    return True


def record_looks(viewer: User, page: TeamPage, now: dt.datetime) -> None:
    """The viewer has seen the people of the page."""
    _record_looks(viewer, [card.person for card in page.cards], page.team, now)


def _record_looks(viewer: User, people: Sequence[User], team: Team, now: dt.datetime) -> None:
    """Write who looked at whom, in two queries whatever the team's size. Looking at oneself is no look."""
    if not people:
        return
    since = periods.start_of(periods.local_day(now, team.zone), team.zone)
    seen = {subject for (subject,) in _looked_at().rows(actor=viewer, team=team, since=since)}
    AuditEntry.objects.bulk_create(
        AuditEntry(at=now, actor=viewer, team=team, action=_VIEWED, subject=person)
        for person in people
        if person.pk != viewer.pk and person.pk not in seen
    )


@cache
def _looked_at() -> Compiled:
    """At whom somebody has looked since a moment."""
    found = AuditEntry.objects.filter(
        action=_VIEWED, actor=given("actor"), team=given("team"), at__gte=given("since")
    )
    return Compiled(found.order_by().values_list("subject"))


@dataclass(frozen=True, slots=True)
class MemberPage:
    """What a lead sees of a CM: the card over 13 weeks and the lines, as on the CM's own page.

    `may_correct`: the reader may take a line out.
    """

    team: Team
    card: Card
    policy: Policy
    entries: Sequence[lines.Entry]
    may_correct: bool

    @property
    def small_card(self) -> Card:
        """The card as it stands among those of the team, with fewer columns."""
        shown = BLOCKS + any(column.planned for column in self.card.columns)
        return replace(self.card, columns=self.card.columns[-shown:])


def member_page(person: User, team: Team, viewer: User, now: dt.datetime) -> MemberPage | None:
    """One CM for a lead; None with the individual view off, or for no CM of the team today.

    The person can see afterwards who looked: one audit entry a viewer, person and day.
    """
    found = _member(person, team, now)
    if found is None:
        return None
    _record_looks(viewer, [person], team, now)
    return _page_of(*found, may_correct=is_lead(viewer, team))


def as_seen(person: User, team: Team, now: dt.datetime) -> MemberPage | None:
    """The same page for the CM themselves: nobody looked. None as long as nobody sees it."""
    found = _member(person, team, now)
    return _page_of(*found, may_correct=False) if found else None


def _member(person: User, team: Team, now: dt.datetime) -> tuple[Person, Book] | None:
    book = readings.of_person(person, team, now=now)
    found = book.of(person)
    return (found, book) if found and book.policy.shows_people else None


def _page_of(person: Person, book: Book, *, may_correct: bool) -> MemberPage:
    shown = card_of(person, book, blocks=PERSONAL_WEEKS)
    return MemberPage(
        book.team, shown, book.policy, lines.entries(person, book, shown.standing), may_correct=may_correct
    )
