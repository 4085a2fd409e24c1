"""What stands on a day of the calendar, worded: meetings, posts, promises. Each a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

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


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on a day. `what`: meeting, post or promise; `switch` turns it off; `counts`: it is among its week's.

    `state` is said as a chip, `is_off` when it does not take place. `time` is "" for what has none.
    """

    day: date
    time: str
    what: str
    switch: str
    title: str
    href: str
    icon: str
    meta: str = ""
    counts: bool = False
    state: str = ""
    is_off: bool = False


def meetings(team: Team, host: User | None, span: Span, zone: tzinfo, now: datetime) -> list[Line]:
    """Occurrences that begin in the span, one person's or everybody's, with hosts (of everybody's), guests, place.

    To come they count while they stand; gone by, when they took place and that is a real action.
    """
    rows = Occurrence.objects.filter(team=team, binned_at=None, starts_at__gte=span[0], starts_at__lt=span[1])
    if host:
        rows = rows.hosted_by(host)
    kinds = {kind.pk: kind for kind in TouchpointKind.objects.filter(Q(team=None) | Q(team=team))}
    names = {pk: str(kind) for pk, kind in kinds.items()}
    found = list(
        rows.order_by("starts_at", "pk").values_list(
            "pk",
            "starts_at",
            "kind",
            "title",
            "place",
            "series",
            "outcome",
            "cancelled_at",
            "is_all_day",
            "touchpoint__is_real",
        )
    )
    pks = [row[0] for row in found]
    hosts = {} if host else _hosts(pks)
    guests = _guests(pks)
    address, said = _pattern("occurrence"), {value: str(label) for value, label in Outcome.choices}
    lines = []
    for pk, starts_at, kind, title, place, series, outcome, cancelled_at, is_all_day, is_real in found:
        local = starts_at.astimezone(zone)
        fell_through = outcome in (Outcome.DID_NOT, Outcome.NOBODY_CAME)
        lines.append(
            Line(
                day=local.date(),
                time="" if is_all_day else f"{local:%H:%M}",
                what="meeting",
                switch="series" if series else "events",
                title=title or names[kind],
                href=address.replace("/0/", f"/{pk}/"),
                icon=kinds[kind].icon,
                meta=" · ".join(filter(None, (hosts.get(pk), guests.get(pk), place))),
                counts=bool(is_real) if starts_at <= now else not cancelled_at,
                state=_("Cancelled") if cancelled_at else said.get(outcome, ""),
                is_off=bool(cancelled_at) or fell_through,
            )
        )
    return lines


def noted(team: Team, manager: User | None, span: Span, zone: tzinfo) -> list[Line]:
    """What was noted in the span and was no occurrence: the kind, who was there (of everybody's), whom they met.

    A place may be private, so none is said. The line leads to the first contact.
    """
    rows = Touchpoint.objects.kept().filter(
        team=team, occurrence=None, met_at__gte=span[0], met_at__lt=span[1]
    )
    if manager:
        rows = rows.filter(pk__in=Participation.objects.filter(manager=manager).values("touchpoint"))
    found = list(rows.order_by("met_at", "pk").values_list("pk", "met_at", "kind", "is_real"))
    pks = [row[0] for row in found]
    kinds = {kind.pk: kind for kind in TouchpointKind.objects.filter(Q(team=None) | Q(team=team))}
    words = {pk: str(kind) for pk, kind in kinds.items()}
    there = Participation.objects.filter(touchpoint__in=pks).order_by("manager__name")
    managers = {} if manager else _joined(there.values_list("touchpoint", "manager__name"))
    links = Touchpoint.contacts.through.objects.filter(touchpoint__in=pks, contact__binned_at=None)
    met = list(links.order_by("contact__sort_key").values_list("touchpoint", "contact", "contact__name"))
    names = _joined((pk, name) for pk, _contact, name in met)
    first = {pk: contact for pk, contact, _name in reversed(met)}
    address, said = _pattern("contact"), _("Noted")
    return [
        Line(
            day=met_at.astimezone(zone).date(),
            time=f"{met_at.astimezone(zone):%H:%M}",
            what="meeting",
            switch="events",
            title=names.get(pk) or words[kind],
            href=address.replace("/0/", f"/{first[pk]}/") if pk in first else "",
            icon=kinds[kind].icon,
            meta=" · ".join(filter(None, (managers.get(pk), words[kind] if pk in names else ""))),
            counts=is_real,
            state=said,
        )
        for pk, met_at, kind, is_real in found
    ]


def posts(team: Team, manager: User | None, span: Span, zone: tzinfo) -> list[Line]:
    """Posts of the span but for the cancelled ones: one's own, or everybody's and the team's."""
    rows = Post.objects.filter(team=team, binned_at=None, publish_at__gte=span[0], publish_at__lt=span[1])
    if manager:
        rows = rows.filter(manager=manager)
    found = list(
        rows.exclude(status=Status.CANCELLED)
        .order_by("publish_at", "pk")
        .values_list("pk", "publish_at", "text", "status", "manager__name")
    )
    links = Post.channels.through.objects.filter(post__in=[row[0] for row in found])
    channels = _joined(links.order_by("channel__key").values_list("post", "channel__name"))
    address, labels = reverse("posts") + "?whose=all#post-", dict(Status.choices)
    ours, plain = _("The team’s"), _("Post")
    lines = []
    for pk, publish_at, text, status, name in found:
        local = publish_at.astimezone(zone)  # type: ignore[union-attr]  # the span is one of times
        lines.append(
            Line(
                day=local.date(),
                time=f"{local:%H:%M}",
                what="post",
                switch="posts",
                title=Truncator(text).chars(LONGEST),
                href=f"{address}{pk}",
                icon="megaphone",
                meta=f"{channels.get(pk, plain)} · {name or ours}",
                counts=status in COUNTING,
                state=str(labels[status]) if status not in COUNTING else "",
                is_off=status == Status.FAILED,
            )
        )
    return lines


def promises(team: Team, manager: User | None, days: tuple[date, date]) -> list[Line]:
    """What is to be done by a day, and is not done."""
    rows = Promise.objects.filter(
        team=team, binned_at=None, done_at=None, contact__binned_at=None, due_on__range=days
    )
    if manager:
        rows = rows.filter(manager=manager)
    fields = ("due_on", "text", "contact", "contact__name", "manager__name")
    address = _pattern("contact")
    return [
        Line(
            day=due_on,
            time="",
            what="promise",
            switch="promises",
            title=text,
            href=address.replace("/0/", f"/{contact}/"),
            icon="hand-helping",
            meta=name if manager else f"{who} · {name}",
        )
        for due_on, text, contact, name, who in rows.order_by("due_on", "pk").values_list(*fields)
    ]


def _hosts(occurrences: list[int]) -> dict[int, str]:
    links = Occurrence.hosts.through.objects.filter(occurrence__in=occurrences)
    return _joined(links.order_by("user__name").values_list("occurrence", "user__name"))


def _guests(occurrences: list[int]) -> dict[int, str]:
    rows = Attendance.objects.filter(occurrence__in=occurrences, contact__binned_at=None)
    return _joined(rows.order_by("contact__sort_key").values_list("occurrence", "contact__name"))


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
