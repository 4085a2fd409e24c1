"""What a team's real actions were in a period: the presence report, which one hands to a funder.

Each meeting counts once here, whoever went: it says what was done, not how anybody stands. Whom is by contact, not by CM.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from accounts.models import Membership, Team, User
from contacts.models import Contact, Tag, Touchpoint
from contacts.models.kind import shipped_contact_kind
from events.models import Occurrence
from events.models.occurrence import Outcome
from ratio import history, periods
from ratio.history import By
from ratio.overview import COLLECTIVE_FROM, told_why

SEEN_DAYS = 90
NAMED = 40
"""Contacts that nobody has met are listed up to that many; the number of all is said."""
TOWNS = 12


@dataclass(frozen=True, slots=True)
class Slice:
    """A word (a kind, a tag, a town) and how many meetings, with how many different contacts."""

    words: str
    meetings: int
    contacts: int


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month as far as it lies in the period: meetings, contacts reached, of whom for the first time."""

    first: dt.date
    meetings: int
    reached: int
    new: int


@dataclass(frozen=True, slots=True)
class Regular:
    """A recurring event: how many of its dates took place, and how many did not."""

    words: str
    held: int
    skipped: int


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a period. Without figures `told_why` says why."""

    team: Team
    first: dt.date
    last: dt.date
    tag: Tag | None
    told_why: str = ""
    meetings: int = 0
    new: int = 0
    known: int = 0
    kinds: Sequence[Slice] = ()
    tags: Sequence[Slice] = ()
    towns: Sequence[Slice] = ()
    months: Sequence[Month] = ()
    base: int = 0
    seen: int = 0
    unmet: Sequence[Contact] = ()
    unmet_count: int = 0
    regulars: Sequence[Regular] = ()

    @property
    def reached(self) -> int:
        """Different contacts met in the period."""
        return self.new + self.known

    @property
    def share_seen(self) -> Fraction | None:
        """The share of the contact base that was met in the last 90 days of the period."""
        return Fraction(self.seen, self.base) if self.base else None


def of_period(
    team: Team, viewer: User, first: dt.date, last: dt.date, *, tag: Tag | None, now: dt.datetime
) -> Report:
    """The report of the days from `first` to `last`, of contacts that bear a tag or of all. 14 queries at most."""
    people = list(Membership.objects.current().managing().filter(team=team).values_list("user", flat=True))
    if len(people) < COLLECTIVE_FROM and people != [viewer.pk]:
        return Report(team, first, last, tag, told_why=told_why(len(people)))
    met = _met(team, first, last, tag, now)
    pairs = list(met.filter(contacts__isnull=False).values_list("pk", "met_at", "contacts"))
    contacts = _contacts(team, tag)
    ids = {contact for _pk, _at, contact in pairs}
    firsts = _first_meetings(team, first, last)
    new = {contact for contact in ids if contact in firsts}
    seen = _met(team, last - dt.timedelta(days=SEEN_DAYS - 1), last, tag, now).filter(contacts__in=contacts)
    unmet = (
        contacts.filter(last_met_at__isnull=True).select_related("owner", "kind").order_by("sort_key", "pk")
    )
    return Report(
        team,
        first,
        last,
        tag,
        meetings=met.count(),
        new=len(new),
        known=len(ids) - len(new),
        kinds=_kinds(met),
        tags=_slices(met, "contacts__tags__name"),
        towns=_slices(met, "contacts__town")[:TOWNS],
        months=_months(team, first, last, pairs, met, firsts),
        base=contacts.filter(created_at__lt=periods.start_of(last + dt.timedelta(days=1), team.zone)).count(),
        seen=seen.aggregate(n=Count("contacts", distinct=True))["n"],
        unmet=list(unmet[:NAMED]),
        unmet_count=unmet.count(),
        regulars=_regulars(team, first, last, now),
    )


def _contacts(team: Team, tag: Tag | None) -> QuerySet[Contact]:
    contacts = Contact.objects.of_team(team)
    return contacts.filter(tags=tag) if tag else contacts


def _met(
    team: Team, first: dt.date, last: dt.date, tag: Tag | None, now: dt.datetime
) -> QuerySet[Touchpoint]:
    """The real actions of the days; with a tag those that bear it, or at which somebody was who bears it."""
    met = Touchpoint.objects.kept().filter(
        team=team,
        is_real=True,
        met_at__gte=periods.start_of(first, team.zone),
        met_at__lte=min(now, periods.last_moment(last, team.zone)),
    )
    if tag is None:
        return met.order_by()
    tagged = Q(pk__in=Touchpoint.contacts.through.objects.filter(contact__tags=tag).values("touchpoint"))
    return met.filter(tagged | Q(tags=tag)).distinct().order_by()


def _kinds(met: QuerySet[Touchpoint]) -> list[Slice]:
    """By kind of contact; a meeting with a band and a webzine is one of each."""
    rows = _rows(met, "contacts__kind__code", "contacts__kind__name")
    return [Slice(name or shipped_contact_kind(code), meetings, many) for code, name, meetings, many in rows]


def _slices(met: QuerySet[Touchpoint], column: str) -> list[Slice]:
    rows = _rows(met.exclude(**{column: ""}), column)
    return [Slice(name, meetings, contacts) for name, meetings, contacts in rows]


def _rows(met: QuerySet[Touchpoint], *columns: str) -> list[Any]:
    """The columns, meetings and different contacts, the most meetings first."""
    with_somebody = Touchpoint.objects.filter(pk__in=met.values("pk")).order_by()
    known = with_somebody.filter(**{f"{columns[0]}__isnull": False}).values_list(*columns)
    counted = known.annotate(n=Count("pk", distinct=True), c=Count("contacts", distinct=True))
    return list(counted.order_by("-n", *columns))


def _first_meetings(team: Team, first: dt.date, last: dt.date) -> dict[int, dt.date]:
    """Contacts whose first meeting of all, in person or not, lies in these days, and its day."""
    since, until = periods.start_of(first, team.zone), periods.last_moment(last, team.zone)
    met = Contact.objects.filter(touchpoints__team=team, touchpoints__binned_at=None)
    rows = met.annotate(first_at=Min("touchpoints__met_at")).filter(first_at__range=(since, until))
    return {pk: periods.local_day(at, team.zone) for pk, at in rows.order_by().values_list("pk", "first_at")}


def _months(
    team: Team,
    first: dt.date,
    last: dt.date,
    pairs: Sequence[tuple[int, dt.datetime, int]],
    met: QuerySet[Touchpoint],
    firsts: dict[int, dt.date],
) -> list[Month]:
    reached: dict[dt.date, set[int]] = defaultdict(set)
    for _pk, met_at, contact in pairs:
        reached[periods.local_day(met_at, team.zone).replace(day=1)].add(contact)
    meetings = Counter(
        periods.local_day(met_at, team.zone).replace(day=1) for met_at in met.values_list("met_at", flat=True)
    )
    months = [span[0] for span in history.spans(first, last, By.MONTH)]
    return [
        Month(
            month,
            meetings[month],
            len(reached[month]),
            sum(pk in firsts and firsts[pk].replace(day=1) == month for pk in reached[month]),
        )
        for month in months
    ]


def _regulars(team: Team, first: dt.date, last: dt.date, now: dt.datetime) -> list[Regular]:
    """Dates of series in the period whose time is over: held, or called off, empty or unanswered."""
    dates = Occurrence.objects.filter(
        team=team,
        series__isnull=False,
        binned_at__isnull=True,
        starts_at__gte=periods.start_of(first, team.zone),
        ends_at__lte=min(now, periods.last_moment(last, team.zone)),
    ).select_related("series__kind")
    held: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for one in dates:
        took_place = one.outcome == Outcome.TOOK_PLACE and one.cancelled_at is None
        (held if took_place else skipped)[str(one.series)] += 1
    return [Regular(words, held[words], skipped[words]) for words in sorted({*held, *skipped})]
