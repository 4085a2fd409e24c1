"""A CM's own pages: where they stand, what was counted, a year back, what their lead sees. One function a page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.db.models import Min

from accounts.models import AuditEntry, Membership, Team, User
from contacts.models import Contact
from foundation.compiled import Compiled, given
from ratio import history, lines, periods, presence, readings, words
from ratio.history import By, Stretch
from ratio.lines import Kinds, Summary
from ratio.models import Episode, Policy
from ratio.presence import Bar, Card, Move
from ratio.readings import Book, Days, Person
from ratio.verdicts import Counts
from ratio.words import State

WIDE_BLOCKS = 12
"""Columns on a wide screen; a phone shows the last 8 of them."""
LOOKS_SHOWN = 20
NAMED = 2
"""People named in the plan that would bring it back."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Where the CM would stand on a Sunday to come, if everything goes as planned."""

    day: dt.date
    bar: Bar
    state: State


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A CM's own page."""

    team: Team
    card: Card
    policy: Policy
    ahead: Sequence[Ahead]
    kinds: Kinds
    summary: Summary
    days: Sequence[Days]
    episode: Episode | None
    to_see: Sequence[Contact]
    to_move: Move | None


def page(user: User, team: Team, now: dt.datetime) -> OwnPage | None:
    """Where a CM stands; None for somebody who is no CM of the team today. Eight queries at most."""
    found = _read(user, team, now)
    if found is None:
        return None
    person, book = found
    card = presence.card_of(person, book, blocks=WIDE_BLOCKS)
    helps = bool(card.advice) and card.standing.needed.meetings != 0
    since = book.today - dt.timedelta(days=readings.LOOK_BACK)
    return OwnPage(
        team=team,
        card=card,
        policy=book.policy,
        ahead=ahead(person, book, card),
        kinds=lines.by_kind(person, book, card.standing),
        summary=lines.summary(person, book, card.standing),
        days=[one for one in person.days if one.last >= since],
        episode=next(iter(_open_episode().rows(manager=user)), None),
        to_see=[one.contact for one in presence.people_to_see(user, team, now, limit=NAMED)] if helps else (),
        to_move=presence.posts_to_move(person, book, card.standing) if helps else None,
    )


@cache
def _open_episode() -> Compiled:
    return Compiled(Episode.objects.filter(manager=given("manager"), closed_on=None))


def ahead(person: Person, book: Book, card: Card) -> list[Ahead]:
    """The Sundays of the forecast that lie ahead, when something is planned; while nothing can be said, none."""
    if not card.bar.known:
        return []
    target = book.target_of(person)
    found = []
    for reading in card.standing.forecasts:
        said = book.verdict(person, periods.last_moment(reading.day, book.team.zone))
        known = said.reason is None and said.counts.share is not None
        found.append(Ahead(reading.day, Bar(said.counts, target, known=known), words.state(said, reading)))
    return found if person.ledger.planned(book.now, found[-1].day).total else []


@dataclass(frozen=True, slots=True)
class CountedPage:
    """All lines of the window."""

    team: Team
    card: Card
    entries: Sequence[lines.Entry]


def counted_page(user: User, team: Team, now: dt.datetime) -> CountedPage | None:
    """What was counted and what was not; None for no CM."""
    found = _read(user, team, now)
    if found is None:
        return None
    card = presence.card_of(*found)
    return CountedPage(team, card, lines.entries(*found, card.standing))


@dataclass(frozen=True, slots=True)
class YearPage:
    """A year by weeks or months, the oldest first; `earlier`: the day before it, if there is something to see."""

    by: By
    stretches: Sequence[Stretch]
    total: Counts
    earlier: dt.date | None
    later: dt.date | None

    @property
    def first_day(self) -> dt.date:
        return self.stretches[0].first

    @property
    def last_day(self) -> dt.date:
        return self.stretches[-1].last


def year_page(user: User, team: Team, now: dt.datetime, *, by: By, until: dt.date | None) -> YearPage | None:
    """The year that ends today, or with the week or month of an earlier day; one's own history is kept whole."""
    today = periods.local_day(now, team.zone)
    last = min(until or today, today)
    spans = history.a_year(last, by)
    book = readings.of_person(user, team, now=now, back=(today - spans[0][0]).days)
    person = book.of(user)
    if person is None:
        return None
    found = history.stretches(spans, today, lambda first, last: person.ledger.counts(first, last, now))
    began = Membership.objects.managing().filter(user=user, team=team).aggregate(first=Min("since"))["first"]
    before = spans[0][0] - dt.timedelta(days=1)
    after = spans[-1][1] + dt.timedelta(weeks=52)
    return YearPage(
        by=by,
        stretches=found,
        total=history.total(found),
        earlier=before if before >= began else None,
        later=min(after, today) if spans[-1][1] < today else None,
    )


def looks(user: User) -> list[AuditEntry]:
    """Who looked at the person's presence, the latest first."""
    found = AuditEntry.objects.filter(action="presence.viewed", subject=user).select_related("actor")
    return list(found[:LOOKS_SHOWN])


def _read(user: User, team: Team, now: dt.datetime) -> tuple[Person, Book] | None:
    book = readings.of_person(user, team, now=now, labelled=True)
    person = book.of(user)
    return (person, book) if person else None
