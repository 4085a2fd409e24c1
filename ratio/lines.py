"""The lines of a CM's window: what counted, what did not, and why. For themselves, and for who may see them."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext, ngettext

from accounts.models import Team, User
from contacts.models import Contact, Touchpoint
from events.models import Occurrence
from outreach.models import Post
from ratio import periods
from ratio.counting import Line, Lines, WhyNot
from ratio.models import Contest, Exclusion
from ratio.readings import Book, Person
from ratio.standings import Standing


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: when, what, and why not if it does not count.

    `thing` is the row; an occurrence is over and "not yet noted". `exclusion`: it was taken out; `contest`: its CM
    says that it is counted wrongly.
    """

    at: dt.datetime
    text: str
    icon: str
    why_not: str
    thing: Touchpoint | Post | Occurrence
    exclusion: Exclusion | None = None
    contest: Contest | None = None

    @property
    def is_post(self) -> bool:
        return isinstance(self.thing, Post)

    @property
    def is_plan(self) -> bool:
        return isinstance(self.thing, Occurrence)


def in_window(lines: Lines, book: Book, standing: Standing) -> list[Line]:
    """Those that lie in the days counted and have happened."""
    since = periods.start_of(standing.first_day, book.team.zone)
    return [line for line in lines[lines.span(since, book.now)] if not line.entry.planned]


@dataclass(frozen=True, slots=True)
class Summary:
    """How many lines there are, and the reasons why some do not count, each with how many."""

    lines: int
    reasons: Sequence[tuple[str, int]]

    @property
    def uncounted(self) -> int:
        """How many do not count."""
        return sum(count for _reason, count in self.reasons)


def summary(person: Person, book: Book, standing: Standing) -> Summary:
    """What the list holds, from what was read already."""
    ledger = person.ledger
    lines = in_window(ledger.actions, book, standing) + in_window(ledger.posts, book, standing)
    reasons = Counter(line.why_not for line in lines if line.why_not)
    return Summary(len(lines), [(_why(reason), count) for reason, count in reasons.most_common()])


@dataclass(frozen=True, slots=True)
class Kinds:
    """What was counted in person, by kind of meeting; how many of it among colleagues alone."""

    kinds: Sequence[tuple[str, int]]
    colleagues: int


def by_kind(person: Person, book: Book, standing: Standing) -> Kinds:
    """From a labelled reading."""
    counted = [line.entry for line in in_window(person.ledger.actions, book, standing) if line.counts]
    kinds = Counter(entry.label for entry in counted)
    return Kinds(kinds.most_common(), sum(entry.colleagues_only for entry in counted))


def entries(person: Person, book: Book, standing: Standing) -> list[Entry]:
    """All lines, the latest first. Six queries, however many there are."""
    ledger, team = person.ledger, book.team
    actions = {line.entry.id: line for line in in_window(ledger.actions, book, standing)}
    posts = {line.entry.id: line for line in in_window(ledger.posts, book, standing)}
    excluded = Exclusion.objects.filter(manager=person.user, team=team).select_related("by")
    contested = Contest.objects.filter(manager=person.user, team=team)
    out = {(one.touchpoint_id, one.post_id): one for one in excluded}
    said = {(one.touchpoint_id, one.post_id): one for one in contested}
    names = Prefetch("contacts", Contact.objects.only("name", "sort_key").order_by("sort_key", "pk"))
    touchpoints = Touchpoint.objects.filter(pk__in=actions).select_related("kind").prefetch_related(names)
    shown = [
        Entry(
            at=one.met_at,
            text=_names(one),
            icon=one.kind.icon,
            why_not=why_not(actions[one.pk]),
            thing=one,
            exclusion=out.get((one.pk, None)),
            contest=said.get((one.pk, None)),
        )
        for one in touchpoints
    ]
    shown += [
        Entry(
            at=posts[one.pk].entry.at,
            text=one.text,
            icon="megaphone",
            why_not=why_not(posts[one.pk]),
            thing=one,
            exclusion=out.get((None, one.pk)),
            contest=said.get((None, one.pk)),
        )
        for one in Post.objects.filter(pk__in=posts)
    ]
    shown += _not_yet_noted(person.user, team, book.now, standing.first_day)
    return sorted(shown, key=lambda entry: entry.at, reverse=True)


def _not_yet_noted(user: User, team: Team, now: dt.datetime, first_day: dt.date) -> list[Entry]:
    """Plans whose time is over and nobody said whether they took place: they count once somebody does."""
    since = periods.start_of(first_day, team.zone)
    plans = Occurrence.objects.hosted_by(user).filter(team=team, starts_at__gte=since).not_yet_noted(now)
    return [
        Entry(one.starts_at, str(one), one.kind.icon, gettext("Not yet noted"), one)
        for one in plans.select_related("kind")
    ]


def _names(touchpoint: Touchpoint) -> str:
    names = [contact.name for contact in touchpoint.contacts.all()]
    return ", ".join(names) or str(touchpoint.kind)


def why_not(line: Line) -> str:
    """Why a line does not count, in words; empty when it does."""
    return _why(line.why_not) if line.why_not else ""


def _why(reason: WhyNot) -> str:
    reasons = {
        WhyNot.AT_A_DISTANCE: gettext("At a distance"),
        WhyNot.EXCLUDED: gettext("Taken out"),
        WhyNot.ON_LEAVE: gettext("On a day away"),
        WhyNot.COLLEAGUE_CAP: gettext("Colleagues count up to a weekly limit"),
        WhyNot.DAY_CAP: gettext("The day’s limit was reached"),
    }
    return reasons[reason]


def said_of(summed: Summary) -> str:
    """12 lines, 2 of which do not count."""
    lines = ngettext("%(n)s line", "%(n)s lines", summed.lines) % {"n": summed.lines}
    if not summed.uncounted:
        return gettext("%(lines)s, all counted") % {"lines": lines}
    left = ngettext("%(n)s of which does not count", "%(n)s of which do not count", summed.uncounted)
    return f"{lines}, {left % {'n': summed.uncounted}}"
