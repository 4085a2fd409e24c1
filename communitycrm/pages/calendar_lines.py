"""What stands on a day of the calendar: marks of everything, words for what is shown.

A month of a busy team holds thousands of things, a page a hundred of them. Each is read once, its own columns and no
more; names of people are read of those that the page shows. Both in a constant number of queries.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, tzinfo
from typing import NamedTuple

from django.db.models import Q, TextField
from django.db.models.functions import Cast, Left
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import Team, User
from contacts.models import Participation, Promise, Touchpoint, TouchpointKind
from events.models import Attendance, Occurrence, Outcome
from events.moments import day_of_midnight
from outreach.models import COUNTING, Post, Status

Span = tuple[datetime, datetime]
NAMES = 3
LONGEST = 90


class Mark(NamedTuple):
    """One thing on a day, before people's names are known; in order of time.

    `at`: see `as_text`. `source`: occurrence, touchpoint, post or promise, with its `pk`; `switch` turns it off;
    `counts`: it is among its week's. `state` is said as a chip, `is_off` when it does not take place. `said`: what its
    own row has for the line below the title.
    """

    at: str
    source: str
    pk: int
    switch: str
    counts: bool = False
    title: str = ""
    kind: int = 0
    said: str = ""
    state: str = ""
    is_off: bool = False
    has_time: bool = True
    contact: int = 0

    @property
    def what(self) -> str:
        """meeting, post or promise."""
        return "meeting" if self.source in ("occurrence", "touchpoint") else self.source


class Line(NamedTuple):
    """A mark with its words. `href` is "" when it leads nowhere; `time` when it has none."""

    mark: Mark
    title: str
    href: str
    icon: str
    meta: str = ""
    time: str = ""


Said = tuple[Mark, str, str, str, str]  # what a Line begins with


def as_text(moment: datetime) -> str:
    """A moment to the second in UTC, as the database writes it: 2026-11-26 17:30:00. It orders and compares like the
    moment itself: making a datetime of each of thousands would take as long as all the rest of the page."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def moment_of(text: str) -> datetime:
    """What `as_text` wrote."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _text_of(column: str) -> Left:
    """The column of moments, as `as_text` has them."""
    return Left(Cast(column, TextField()), 19)


def meetings(team: Team, host: User | None, span: Span, now: datetime, begins: dict[date, str]) -> list[Mark]:
    """Occurrences that begin in the span, one person's or everybody's. `begins`: when each day does.

    To come they count while they stand; gone by, when they took place and that is a real action.
    """
    rows = Occurrence.objects.filter(team=team, binned_at=None, starts_at__gte=span[0], starts_at__lt=span[1])
    if host:
        rows = rows.hosted_by(host)
    labels, cancelled = {value: str(label) for value, label in Outcome.choices}, _("Cancelled")
    fields = ("pk", "series", "outcome", "cancelled_at", "is_all_day", "touchpoint__is_real")
    found = rows.order_by().values_list(*fields, "kind", "title", "place", _text_of("starts_at"))
    present, marks = as_text(now), []
    for pk, series, outcome, cancelled_at, all_day, is_real, kind, title, place, at in found:
        marks.append(
            Mark(
                begins.get(day_of_midnight(moment_of(at)), at) if all_day else at,
                "occurrence",
                pk,
                switch="series" if series else "events",
                counts=bool(is_real) if at <= present else not cancelled_at,
                title=title,
                kind=kind,
                said=place,
                state=cancelled if cancelled_at else labels.get(outcome, ""),
                is_off=bool(cancelled_at) or outcome in (Outcome.DID_NOT, Outcome.NOBODY_CAME),
                has_time=not all_day,
            )
        )
    return marks


def noted(team: Team, manager: User | None, span: Span) -> list[Mark]:
    """What was noted in the span and was no occurrence. A place may be private, so none is said."""
    rows = Touchpoint.objects.kept().filter(
        team=team, occurrence=None, met_at__gte=span[0], met_at__lt=span[1]
    )
    if manager:
        rows = rows.filter(pk__in=Participation.objects.filter(manager=manager).values("touchpoint"))
    said = _("Noted")
    return [
        Mark(at, "touchpoint", pk, "events", is_real, kind=kind, state=said)
        for pk, is_real, kind, at in rows.order_by().values_list("pk", "is_real", "kind", _text_of("met_at"))
    ]


def posts(team: Team, manager: User | None, span: Span) -> list[Mark]:
    """Posts of the span but for the cancelled ones: one's own, or everybody's and the team's."""
    rows = Post.objects.filter(team=team, binned_at=None, publish_at__gte=span[0], publish_at__lt=span[1])
    if manager:
        rows = rows.filter(manager=manager)
    rows = rows.exclude(status=Status.CANCELLED).order_by()
    states = {value: "" if value in COUNTING else str(label) for value, label in Status.choices}
    ours = _("The team’s")
    fields = ("pk", "status", "manager__name", Left("text", LONGEST + 1), _text_of("publish_at"))
    return [
        Mark(
            at,
            "post",
            pk,
            "posts",
            status in COUNTING,
            title=text,
            said=name or ours,
            state=states[status],
            is_off=status == Status.FAILED,
        )
        for pk, status, name, text, at in rows.values_list(*fields)
    ]


def promises(
    team: Team, manager: User | None, days: tuple[date, date], begins: dict[date, str]
) -> list[Mark]:
    """What is to be done by a day, and is not done. `begins`: when each day does."""
    rows = Promise.objects.filter(team=team, binned_at=None, done_at=None, contact__binned_at=None)
    if manager:
        rows = rows.filter(manager=manager)
    fields = ("pk", "due_on", "text", "contact", "contact__name", "manager__name")
    return [
        Mark(
            begins[day],
            "promise",
            pk,
            "promises",
            title=text,
            said=name if manager else f"{who} · {name}",
            has_time=False,
            contact=contact,
        )
        for pk, day, text, contact, name, who in rows.filter(due_on__range=days)
        .order_by()
        .values_list(*fields)
    ]


def words(
    listed: Collection[Mark], brief: Collection[Mark], team: Team, zone: tzinfo, *, of_one: bool
) -> dict[tuple[str, int], Line]:
    """The lines of these marks, by source and id; of `brief` ones no more than a title is needed.

    `of_one`: it is one person's calendar, who that is need not be said.
    """
    marks, whole = defaultdict(list), defaultdict(list)
    for mark in {*listed, *brief}:
        marks[mark.source].append(mark)
    for mark in listed:
        whole[mark.source].append(mark.pk)
    kinds = {kind.pk: kind for kind in TouchpointKind.objects.filter(Q(team=None) | Q(team=team))}
    lines = [
        *_of_occurrences(marks["occurrence"], whole["occurrence"], kinds, of_one=of_one),
        *_of_touchpoints(marks["touchpoint"], whole["touchpoint"], kinds, of_one=of_one),
        *_of_posts(marks["post"], whole["post"]),
        *_of_promises(marks["promise"]),
    ]
    return {(line[0].source, line[0].pk): Line(*line, time=_time(line[0], zone)) for line in lines}


def _time(mark: Mark, zone: tzinfo) -> str:
    if not mark.has_time:
        return ""
    return f"{moment_of(mark.at).astimezone(zone):%H:%M}"


def _of_occurrences(
    marks: list[Mark], whole: list[int], kinds: dict[int, TouchpointKind], *, of_one: bool
) -> Iterable[Said]:
    """With hosts, guests and place."""
    links = Occurrence.hosts.through.objects.filter(occurrence__in=whole).order_by("user__name")
    hosts = {} if of_one else _joined(links.values_list("occurrence", "user__name"))
    rows = Attendance.objects.filter(occurrence__in=whole, contact__binned_at=None)
    guests = _joined(rows.order_by("contact__sort_key").values_list("occurrence", "contact__name"))
    address = _pattern("occurrence")
    for mark in marks:
        kind, pk = kinds[mark.kind], mark.pk
        said = " · ".join(filter(None, (hosts.get(pk), guests.get(pk), mark.said)))
        yield mark, mark.title or str(kind), address.replace("/0/", f"/{pk}/"), kind.icon, said


def _of_touchpoints(
    marks: list[Mark], whole: list[int], kinds: dict[int, TouchpointKind], *, of_one: bool
) -> Iterable[Said]:
    """Whom they met, who was there, the kind. Leads to the first contact."""
    there = Participation.objects.filter(touchpoint__in=whole).order_by("manager__name")
    managers = {} if of_one else _joined(there.values_list("touchpoint", "manager__name"))
    links = Touchpoint.contacts.through.objects.filter(
        touchpoint__in=[mark.pk for mark in marks], contact__binned_at=None
    )
    met = list(links.order_by("contact__sort_key").values_list("touchpoint", "contact", "contact__name"))
    names = _joined((pk, name) for pk, _contact, name in met)
    first = {pk: contact for pk, contact, _name in reversed(met)}
    address = _pattern("contact")
    for mark in marks:
        kind, pk = kinds[mark.kind], mark.pk
        href = address.replace("/0/", f"/{first[pk]}/") if pk in first else ""
        said = filter(None, (managers.get(pk), str(kind) if pk in names else ""))
        yield mark, names.get(pk) or str(kind), href, kind.icon, " · ".join(said)


def _of_posts(marks: list[Mark], whole: list[int]) -> Iterable[Said]:
    """With channels and author."""
    links = Post.channels.through.objects.filter(post__in=whole).order_by("channel__key")
    channels = _joined(links.values_list("post", "channel__name"))
    address, plain = reverse("posts") + "?whose=all#post-", _("Post")
    for mark in marks:
        said = f"{channels.get(mark.pk, plain)} · {mark.said}"
        yield mark, Truncator(mark.title).chars(LONGEST), f"{address}{mark.pk}", "megaphone", said


def _of_promises(marks: list[Mark]) -> Iterable[Said]:
    """To whom, and whose. Leads to the contact."""
    address = _pattern("contact")
    for mark in marks:
        yield mark, mark.title, address.replace("/0/", f"/{mark.contact}/"), "hand-helping", mark.said


def _joined(pairs: Iterable[tuple[int, str]]) -> dict[int, str]:
    """A few names for each id, in a line."""
    names: dict[int, list[str]] = defaultdict(list)
    for pk, name in pairs:
        names[pk].append(name)
    others = _("and others")
    return {
        pk: ", ".join(some[:NAMES]) + (f" {others}" if len(some) > NAMES else "")
        for pk, some in names.items()
    }


def _pattern(name: str) -> str:
    """The address of a page of one row, with 0 for its id: reversed once for hundreds of lines."""
    return reverse(name, args=[0])
