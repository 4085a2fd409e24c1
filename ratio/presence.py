"""What a CM's own pages show of their presence: one function a page, values without HTML."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.utils.translation import gettext, ngettext

from accounts.models import AuditEntry, Team, User
from contacts import rhythm
from contacts.models import Touchpoint
from contacts.rhythm import Suggestion
from events import planning
from outreach.models import Post
from ratio import periods, readings, words
from ratio.counting import Line, WhyNot
from ratio.ledgers import Ledger
from ratio.models import Episode, Exclusion, Leave, Policy
from ratio.readings import Book, Person
from ratio.standings import Standing
from ratio.verdicts import Counts, Reading, Word
from ratio.words import Phrase, State

BLOCKS = 8
LOOKS_SHOWN = 10
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

    @property
    def is_stale(self) -> bool:
        """Whether bringing the posts in is what helps."""
        return self.standing.verdict.reason == "stale"

    @property
    def is_under(self) -> bool:
        """Below the target, a little or much."""
        return self.standing.verdict.is_under


def card(user: User, team: Team, now: dt.datetime) -> Card | None:
    """The card of one CM; None for somebody who is no CM of the team today. Six queries."""
    book = readings.of_person(user, team, now=now)
    person = book.of(user)
    return card_of(person, book) if person else None


def card_of(person: Person, book: Book) -> Card:
    """The card of a person in a book that has been read."""
    standing, ledger = book.standing(person), person.ledger
    reading = ledger.reading(book.now)
    window = frozenset(periods.days_between(standing.first_day, standing.today))
    return Card(
        person=person.user,
        standing=standing,
        reading=reading,
        state=words.state(standing, reading),
        sentence=words.sentence(standing.verdict.counts, standing.first_day),
        why=words.why(standing, reading, book.rules),
        bar=Bar(standing.verdict.counts, standing.target, known=_is_known(standing)),
        outlook=_outlook(standing),
        advice=words.advice(standing),
        columns=columns(ledger, standing, book.now),
        at_a_distance=sum(
            line.why_not is WhyNot.AT_A_DISTANCE and line.day in window for line in ledger.actions
        ),
        posts_to_come=sum(line.counts and line.entry.at > book.now for line in ledger.posts),
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


def columns(ledger: Ledger, standing: Standing, now: dt.datetime, count: int = BLOCKS) -> list[Column]:
    """The equaliser's columns, oldest first, the one that ends today, and what is planned until a Sunday."""
    done = [
        Column(
            first,
            last,
            counts,
            is_now=last == standing.today,
            away=all(day in ledger.leave for day in periods.days_between(first, last)),
            before=last < ledger.joined_on,
        )
        for first, last, counts in ledger.blocks(now, count)
    ]
    if standing.planned.total:
        done.append(Column(standing.today, standing.needed.until, standing.planned, planned=True))
    return done


# --- One's own page -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list "what counted": when, what, and why not if it does not count. `thing` opens it."""

    at: dt.datetime
    text: str
    icon: str
    is_post: bool
    why_not: str
    thing: Touchpoint | Post
    exclusion: Exclusion | None = None


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A CM's own page."""

    card: Card
    policy: Policy
    entries: Sequence[Entry]
    leaves: Sequence[Leave]
    looks: Sequence[AuditEntry]
    episode: Episode | None
    to_see: Sequence[str] = field(default=())
    team_target: Fraction | None = None


def own_page(user: User, team: Team, now: dt.datetime) -> OwnPage | None:
    """All that a CM sees of their own presence; None for somebody who is no CM of the team today."""
    book = readings.of_person(user, team, now=now)
    person = book.of(user)
    if person is None:
        return None
    own = card_of(person, book)
    looks = AuditEntry.objects.filter(action="presence.viewed", subject=user).select_related("actor")
    leaves = Leave.objects.filter(manager=user, team=team, last_day__gte=book.today - dt.timedelta(days=84))
    return OwnPage(
        card=own,
        policy=book.policy,
        entries=entries(person, book, own.standing),
        leaves=list(leaves),
        looks=list(looks[:LOOKS_SHOWN]),
        episode=Episode.objects.filter(manager=user, closed_on=None).first(),
        to_see=names_to_see(user, team, now) if own.advice or own.is_stale else (),
        team_target=book.target_of(None),
    )


def entries(person: Person, book: Book, standing: Standing) -> list[Entry]:
    """What lies in the window, the latest first, with why some of it does not count. Four queries."""
    days = frozenset(periods.days_between(standing.first_day, standing.today))
    actions = {
        line.entry.id: line
        for line in person.ledger.actions
        if line.day in days and not line.entry.planned and line.entry.at <= book.now
    }
    posts = {
        line.entry.id: line for line in person.ledger.posts if line.day in days and line.entry.at <= book.now
    }
    excluded = Exclusion.objects.filter(manager=person.user, team=book.team).select_related("by")
    of_action = {one.touchpoint_id: one for one in excluded if one.touchpoint_id}
    of_post = {one.post_id: one for one in excluded if one.post_id}
    touchpoints = (
        Touchpoint.objects.filter(pk__in=actions).select_related("kind").prefetch_related("contacts")
    )
    shown = [
        _entry(actions[one.pk], one, _names(one), one.kind.icon, of_action.get(one.pk)) for one in touchpoints
    ]
    shown += [
        _entry(posts[one.pk], one, one.text, "megaphone", of_post.get(one.pk))
        for one in Post.objects.filter(pk__in=posts)
    ]
    return sorted(shown, key=lambda entry: entry.at, reverse=True)


def _entry(line: Line, thing: Touchpoint | Post, text: str, icon: str, exclusion: Exclusion | None) -> Entry:
    return Entry(
        at=line.entry.at,
        text=text,
        icon=icon,
        is_post=isinstance(thing, Post),
        why_not=why_not(line),
        thing=thing,
        exclusion=exclusion,
    )


def _names(touchpoint: Touchpoint) -> str:
    names = [contact.name for contact in touchpoint.contacts.all()]
    return ", ".join(names) or str(touchpoint.kind)


def why_not(line: Line) -> str:
    """Why a line does not count, in words; empty when it does."""
    if line.why_not is None:
        return ""
    reasons = {
        WhyNot.AT_A_DISTANCE: gettext("At a distance"),
        WhyNot.EXCLUDED: gettext("Taken out"),
        WhyNot.ON_LEAVE: gettext("On a day away"),
        WhyNot.COLLEAGUE_CAP: gettext("Colleagues count up to a weekly limit"),
        WhyNot.DAY_CAP: gettext("The day’s limit was reached"),
    }
    return reasons[line.why_not]


def names_to_see(user: User, team: Team, now: dt.datetime) -> list[str]:
    """Some who are due by rhythm, a colleague among them if one is; nobody already booked."""
    return [suggestion.contact.name for suggestion in people_to_see(user, team, now)]


def people_to_see(user: User, team: Team, now: dt.datetime, limit: int = NAMES_SHOWN) -> list[Suggestion]:
    """The same with why."""
    booked = planning.booked(team, now)
    return rhythm.suggestions(team=team, user=user, now=now, limit=limit, without=booked)


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
