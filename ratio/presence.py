"""Where one CM stands, as a card: what Today, their own page and (if switched on) the team's page show of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import ngettext

from accounts.models import Team, User
from contacts.rhythm import Suggestion
from events import planning
from ratio import periods, readings, words
from ratio.counting import Entry, WhyNot
from ratio.ledgers import Ledger
from ratio.readings import Book, Days, Person
from ratio.standings import Standing
from ratio.verdicts import Counts, Reading, Word
from ratio.words import Phrase, State

BLOCKS = 8
NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """The presence bar: counts, and the target's notch. `known` False: too early, a dashed bar without percent."""

    counts: Counts
    target: Fraction | None = None
    known: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """One block of 7 days of the equaliser (or, `planned`, what is still to come until a Sunday).

    `away`: all of it was leave; `before`: it ended before the person joined. Such columns are empty, not 0.
    """

    first: dt.date
    last: dt.date
    counts: Counts
    is_now: bool = False
    planned: bool = False
    away: bool = False
    before: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """Where one CM stands, as Today, their own page and (if switched on) the team's page show it."""

    person: User
    standing: Standing
    reading: Reading
    state: State
    sentence: Phrase
    why: str
    bar: Bar
    outlook: str
    advice: Phrase | None
    columns: Sequence[Column]
    at_a_distance: int
    posts_to_come: int
    notes: Sequence[Days] = ()

    @property
    def is_stale(self) -> bool:
        """Whether bringing the posts in is what helps."""
        return self.standing.verdict.reason == "stale"

    @property
    def is_under(self) -> bool:
        """Below the target, a little or much."""
        return self.standing.verdict.is_under

    @property
    def could_move(self) -> int:
        """How many posts the advice says could be moved instead; 0 when it does not speak of that."""
        said = self.advice and self.standing.fits_in_a_week and self.standing.needed.meetings
        return (said and self.standing.needed.posts) or 0


def card(user: User, team: Team, now: dt.datetime) -> Card | None:
    """The card of one CM; None for somebody who is no CM of the team today. Three queries."""
    book = readings.of_person(user, team, now=now)
    person = book.of(user)
    return card_of(person, book) if person else None


def card_of(person: Person, book: Book, *, blocks: int = BLOCKS) -> Card:
    """The card of a person in a book that has been read, with so many columns."""
    standing, ledger = book.standing(person), person.ledger
    reading = ledger.reading(book.now)
    since = periods.start_of(standing.first_day, book.team.zone)
    return Card(
        person=person.user,
        standing=standing,
        reading=reading,
        state=words.state(standing.verdict, reading),
        sentence=words.sentence(standing.verdict.counts, standing.first_day),
        why=words.why(standing, reading, book.rules),
        bar=Bar(standing.verdict.counts, standing.target, known=_is_known(standing)),
        outlook=_outlook(standing),
        advice=words.advice(standing),
        columns=columns(ledger, standing, book.now, blocks),
        at_a_distance=ledger.actions.why_not[ledger.actions.span(since, book.now)].count(
            WhyNot.AT_A_DISTANCE
        ),
        posts_to_come=ledger.online.after(book.now),
        notes=[
            one
            for one in person.days
            if not one.is_leave and one.first <= standing.today and one.last >= standing.first_day
        ],
    )


def _outlook(standing: Standing) -> str:
    """What the week leads to, for somebody who is on target now and would not be."""
    needs, planned = standing.needed, standing.planned
    if standing.verdict.word is not Word.ON_TARGET or not needs.meetings:
        return ""
    ahead = Counts(needs.after.real - needs.meetings, needs.after.online)
    return words.outlook(planned, ahead, words.by_sunday(standing))


def _is_known(standing: Standing) -> bool:
    """A percent is shown when the verdict is one; of somebody away, when it would be."""
    said = standing.verdict
    return said.word is not Word.INCONCLUSIVE and said.counts.share is not None


def columns(ledger: Ledger, standing: Standing, now: dt.datetime, count: int) -> list[Column]:
    """The equaliser's columns, oldest first, the one that ends today, and what is planned until a Sunday."""
    done = [
        Column(
            first,
            last,
            counts,
            is_now=last == standing.today,
            away=bool(ledger.leave) and ledger.leave.issuperset(periods.days_between(first, last)),
            before=last < ledger.joined_on,
        )
        for first, last, counts in ledger.blocks(now, count)
    ]
    if standing.planned.total:
        done.append(Column(standing.today, standing.needed.until, standing.planned, planned=True))
    return done


# --- What would bring it back -------------------------------------------------------------------


def people_to_see(user: User, team: Team, now: dt.datetime, limit: int = NAMES_SHOWN) -> list[Suggestion]:
    """Some who are due by rhythm, a colleague among them if one is; nobody already booked."""
    return planning.to_see(team=team, user=user, now=now, limit=limit)


@dataclass(frozen=True, slots=True)
class Move:
    """Posts whose moving by so many weeks does what is needed."""

    posts: Sequence[Entry]
    weeks: int

    @property
    def days(self) -> int:
        return 7 * self.weeks


def posts_to_move(person: Person, book: Book, standing: Standing) -> Move | None:
    """The last ones before the Sunday, moved beyond it; None when that many do not lie before it."""
    needs, zone = standing.needed, book.team.zone
    if not needs.posts:
        return None
    to_come = person.ledger.posts.span(book.now, periods.last_moment(needs.until, zone))
    counting = [line for line in person.ledger.posts[to_come] if line.counts and line.entry.at > book.now]
    last = counting[-needs.posts :]
    monday = periods.week_of(needs.until)[0]
    return Move([line.entry for line in last], 1 if last[0].day >= monday else 2)


# --- Posts --------------------------------------------------------------------------------------


def with_posts_sentence(user: User, team: Team, now: dt.datetime) -> str:
    """With these 5 posts, this week's presence would be 38 %: for the posts page.

    Empty without posts to come this week, for somebody who is no CM, and while nothing can be said.
    """
    book = readings.of_person(user, team, now=now)
    person = book.of(user)
    if person is None:
        return ""
    sunday = periods.coming_sunday(book.today)
    posts = person.ledger.planned(now, sunday).online
    ahead = person.ledger.forecast(sunday)
    share = ahead.used(book.rules).share
    if not posts or share is None or ahead.why_inconclusive(book.rules):
        return ""
    text = ngettext(
        "With this post, presence would stand at %(percent)s on Sunday.",
        "With these %(n)s posts, presence would stand at %(percent)s on Sunday.",
        posts,
    )
    return text % {"n": posts, "percent": words.percent(share)}
