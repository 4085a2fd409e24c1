"""What stands on a day of the calendar: marks of everything, words for what is shown.

A month of a busy team holds a thousand things. Each is read as a mark of a few columns, enough to count and to order;
only those that the page shows are read again with their names. Both in a constant number of queries.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import Team, User
from contacts.models import Participation, Promise, Touchpoint, TouchpointKind
from events.models import Attendance, Occurrence, Outcome
from outreach.models import COUNTING, Post, Status

Span = tuple[datetime, datetime]
NAMES = 3
LONGEST = 90


class Mark(NamedTuple):
    """One thing on a day, before it has words; in the order of the day. `time` is "" for what has none.

    `source`: occurrence, touchpoint, post or promise, with its `pk`. `what`: meeting, post or promise; `switch` turns it
    off; `counts`: it is among its week's. `state` is said as a chip, `is_off` when it does not take place.
    """

    day: date
    time: str
    source: str
    pk: int
    what: str
    switch: str
    counts: bool = False
    state: str = ""
    is_off: bool = False


class Line(NamedTuple):
    """A mark with its words. `href` is "" when it leads nowhere."""

    mark: Mark
    title: str
    href: str
    icon: str
    meta: str = ""


def meetings(team: Team, host: User | None, span: Span, zone: tzinfo, now: datetime) -> list[Mark]:
    """Occurrences that begin in the span, one person's or everybody's.

    To come they count while they stand; gone by, when they took place and that is a real action.
    """
    rows = Occurrence.objects.filter(team=team, binned_at=None, starts_at__gte=span[0], starts_at__lt=span[1])
    if host:
        rows = rows.hosted_by(host)
    said, cancelled = {value: str(label) for value, label in Outcome.choices}, _("Cancelled")
    fields = ("pk", "starts_at", "series", "outcome", "cancelled_at", "is_all_day", "touchpoint__is_real")
    marks = []
    for pk, starts_at, series, outcome, cancelled_at, all_day, is_real in rows.order_by().values_list(
        *fields
    ):
        local = starts_at.astimezone(zone)
        marks.append(
            Mark(
                day=local.date(),
                time="" if all_day else f"{local:%H:%M}",
                source="occurrence",
                pk=pk,
                what="meeting",
                switch="series" if series else "events",
                counts=bool(is_real) if starts_at <= now else not cancelled_at,
                state=cancelled if cancelled_at else said.get(outcome, ""),
                is_off=bool(cancelled_at) or outcome in (Outcome.DID_NOT, Outcome.NOBODY_CAME),
            )
        )
    return marks


def noted(team: Team, manager: User | None, span: Span, zone: tzinfo) -> list[Mark]:
    """What was noted in the span and was no occurrence."""
    rows = Touchpoint.objects.kept().filter(
        team=team, occurrence=None, met_at__gte=span[0], met_at__lt=span[1]
    )
    if manager:
        rows = rows.filter(pk__in=Participation.objects.filter(manager=manager).values("touchpoint"))
    marks, said = [], _("Noted")
    for pk, met_at, is_real in rows.order_by().values_list("pk", "met_at", "is_real"):
        local = met_at.astimezone(zone)
        marks.append(
            Mark(local.date(), f"{local:%H:%M}", "touchpoint", pk, "meeting", "events", is_real, said)
        )
    return marks


def posts(team: Team, manager: User | None, span: Span, zone: tzinfo) -> list[Mark]:
    """Posts of the span but for the cancelled ones: one's own, or everybody's and the team's."""
    rows = Post.objects.filter(team=team, binned_at=None, publish_at__gte=span[0], publish_at__lt=span[1])
    if manager:
        rows = rows.filter(manager=manager)
    rows = rows.exclude(status=Status.CANCELLED).order_by()
    labels, marks = dict(Status.choices), []
    for pk, publish_at, status in rows.values_list("pk", "publish_at", "status"):
        local = publish_at.astimezone(zone)  # type: ignore[union-attr]  # the span is one of times
        counts = status in COUNTING
        state = "" if counts else str(labels[status])
        is_off = status == Status.FAILED
        marks.append(Mark(local.date(), f"{local:%H:%M}", "post", pk, "post", "posts", counts, state, is_off))
    return marks


def promises(team: Team, manager: User | None, days: tuple[date, date]) -> list[Mark]:
    """What is to be done by a day, and is not done."""
    rows = Promise.objects.filter(team=team, binned_at=None, done_at=None, contact__binned_at=None)
    if manager:
        rows = rows.filter(manager=manager)
    found = rows.filter(due_on__range=days).order_by().values_list("pk", "due_on")
    return [Mark(day, "", "promise", pk, "promise", "promises") for pk, day in found]


def words(
    listed: Collection[Mark], brief: Collection[Mark], team: Team, *, of_one: bool
) -> dict[tuple[str, int], Line]:
    """The lines of these marks, by source and id; of `brief` ones no more than a title is needed.

    `of_one`: it is one person's calendar, who that is need not be said.
    """
    by_source: dict[str, dict[int, Mark]] = defaultdict(dict)
    for mark in (*listed, *brief):
        by_source[mark.source][mark.pk] = mark
    whole = {source: [mark.pk for mark in listed if mark.source == source] for source in by_source}
    kinds = {kind.pk: kind for kind in TouchpointKind.objects.filter(Q(team=None) | Q(team=team))}
    lines = [
        *_of_occurrences(by_source["occurrence"], whole.get("occurrence", []), kinds, of_one=of_one),
        *_of_touchpoints(by_source["touchpoint"], kinds, of_one=of_one),
        *_of_posts(by_source["post"], whole.get("post", [])),
        *_of_promises(by_source["promise"], of_one=of_one),
    ]
    return {(line.mark.source, line.mark.pk): line for line in lines}


def _of_occurrences(
    marks: dict[int, Mark], whole: list[int], kinds: dict[int, TouchpointKind], *, of_one: bool
) -> Iterable[Line]:
    """With hosts, guests and place."""
    links = Occurrence.hosts.through.objects.filter(occurrence__in=whole).order_by("user__name")
    hosts = {} if of_one else _joined(links.values_list("occurrence", "user__name"))
    rows = Attendance.objects.filter(occurrence__in=whole, contact__binned_at=None)
    guests = _joined(rows.order_by("contact__sort_key").values_list("occurrence", "contact__name"))
    address = _pattern("occurrence")
    found = Occurrence.objects.filter(pk__in=list(marks)).order_by()
    for pk, kind, title, place in found.values_list("pk", "kind", "title", "place"):
        said = " · ".join(filter(None, (hosts.get(pk), guests.get(pk), place)))
        yield Line(
            marks[pk], title or str(kinds[kind]), address.replace("/0/", f"/{pk}/"), kinds[kind].icon, said
        )


def _of_touchpoints(
    marks: dict[int, Mark], kinds: dict[int, TouchpointKind], *, of_one: bool
) -> Iterable[Line]:
    """Whom they met, who was there, the kind. A place may be private, so none is said. Leads to the first contact."""
    there = Participation.objects.filter(touchpoint__in=list(marks)).order_by("manager__name")
    managers = {} if of_one else _joined(there.values_list("touchpoint", "manager__name"))
    links = Touchpoint.contacts.through.objects.filter(touchpoint__in=list(marks), contact__binned_at=None)
    met = list(links.order_by("contact__sort_key").values_list("touchpoint", "contact", "contact__name"))
    names = _joined((pk, name) for pk, _contact, name in met)
    first = {pk: contact for pk, contact, _name in reversed(met)}
    address = _pattern("contact")
    for pk, kind in Touchpoint.objects.filter(pk__in=list(marks)).order_by().values_list("pk", "kind"):
        href = address.replace("/0/", f"/{first[pk]}/") if pk in first else ""
        said = filter(None, (managers.get(pk), str(kinds[kind]) if pk in names else ""))
        yield Line(marks[pk], names.get(pk) or str(kinds[kind]), href, kinds[kind].icon, " · ".join(said))


def _of_posts(marks: dict[int, Mark], whole: list[int]) -> Iterable[Line]:
    """With channels and author."""
    links = Post.channels.through.objects.filter(post__in=whole).order_by("channel__key")
    channels = _joined(links.values_list("post", "channel__name"))
    address, ours, plain = reverse("posts") + "?whose=all#post-", _("The team’s"), _("Post")
    found = Post.objects.filter(pk__in=list(marks)).order_by()
    for pk, text, name in found.values_list("pk", "text", "manager__name"):
        said = f"{channels.get(pk, plain)} · {name or ours}"
        yield Line(marks[pk], Truncator(text).chars(LONGEST), f"{address}{pk}", "megaphone", said)


def _of_promises(marks: dict[int, Mark], *, of_one: bool) -> Iterable[Line]:
    """To whom, and whose."""
    address = _pattern("contact")
    found = Promise.objects.filter(pk__in=list(marks)).order_by()
    fields = ("pk", "text", "contact", "contact__name", "manager__name")
    for pk, text, contact, name, who in found.values_list(*fields):
        href = address.replace("/0/", f"/{contact}/")
        yield Line(marks[pk], text, href, "hand-helping", name if of_one else f"{who} · {name}")


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
