"""Whom a person has probably just seen: the strip of Today and the chips of the log page."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import DateTimeField, Q, Value
from django.db.models.functions import Cast

from accounts.models import Team, User
from contacts.models import Affiliation, Contact, Participation, Touchpoint
from foundation.compiled import Compiled, given

LOOK_BACK = timedelta(weeks=8)
LATEST, NEWEST = 300, 12  # rows looked at, however busy the weeks were; contacts added last


@dataclass(frozen=True)
class Face:
    """As much of a contact as the strip shows."""

    pk: int
    name: str
    is_group: bool


def recent_faces(*, team: Team, user: User, now: datetime, limit: int = 4) -> list[Face]:
    """The contacts most often in the person's latest meetings of eight weeks, then those in the team's, then the newest.

    One query for somebody who meets people; two for somebody who hardly does.
    """
    asked = {"team": team, "user": user, "since": now - LOOK_BACK, "now": now}
    faces = [Face(*row) for row in _often(_own().rows(**asked))[:limit]]
    if len(faces) < limit:
        found = sorted(_of_team().rows(**asked), key=lambda row: (row[0] is not None, row[0] or row[1]))
        met = [Face(*row[1:]) for row in reversed(found) if row[0] is not None]
        newest = [Face(*row[1:]) for row in reversed(found) if row[0] is None]
        faces = list(dict.fromkeys([*faces, *_often(met), *newest]))[:limit]
    return faces


@cache
def _own() -> Compiled:
    """The contacts of the person's latest meetings, the last one first."""
    contact = ("touchpoint__contacts", "touchpoint__contacts__name", "touchpoint__contacts__is_group")
    met = Participation.objects.filter(
        manager=given("user"),
        met_at__gte=given("since"),
        touchpoint__team=given("team"),
        touchpoint__binned_at=None,
        touchpoint__contacts__binned_at=None,
        touchpoint__contacts__isnull=False,
    )
    return Compiled(met.order_by("-met_at").values_list(*contact)[:LATEST])


@cache
def _of_team() -> Compiled:
    """The contacts of the team's latest meetings, each with its moment; and, without one, the contacts added last."""
    kept = Touchpoint.objects.kept().filter(
        team=given("team"), met_at__gte=given("since"), met_at__lte=given("now")
    )
    latest = kept.filter(contacts__isnull=False).order_by("-met_at").values("pk")[:LATEST]
    newest = Contact.objects.of_team(given("team")).order_by("-pk").values("pk")[:NEWEST]
    met = Touchpoint.contacts.through.objects.filter(touchpoint__in=latest, contact__binned_at=None)
    never = Cast(Value(None), DateTimeField())
    return Compiled(
        met.values_list("touchpoint__met_at", "contact", "contact__name", "contact__is_group").union(
            Contact.objects.filter(pk__in=newest)
            .annotate(at=never)
            .order_by()
            .values_list("at", "pk", "name", "is_group"),
            all=True,
        )
    )


def suggested(
    *,
    team: Team,
    user: User,
    now: datetime,
    chosen: Iterable[int] = (),
    first: Iterable[int] = (),
    limit: int = 8,
) -> list[Contact]:
    """Contacts to offer as chips: the chosen ones, `first` (guests of an event just over or of today, by the caller),
    those of the same group as the first one chosen, those most seen in eight weeks, the newest. At most five queries.

    All that are chosen are in it, however many; their kinds are selected.
    """
    chosen = list(chosen)
    ids = [*chosen, *first]
    if chosen:
        ids += _same_group(team, chosen[0])
    if len(set(ids)) < limit:
        ids += _most_seen(team, user, now)
    contacts = Contact.objects.filter(team=team, binned_at=None).select_related("kind")
    known = contacts.in_bulk(list(dict.fromkeys(ids))[: 4 * limit + len(chosen)])
    faces = [known[pk] for pk in dict.fromkeys(ids) if pk in known][: max(limit, len(set(chosen)))]
    if len(faces) < limit:
        faces += contacts.exclude(pk__in=[face.pk for face in faces]).order_by("-pk")[: limit - len(faces)]
    return faces


def _same_group(team: Team, contact: int) -> list[int]:
    """The groups of a contact and all who belong to them; a group's own members."""
    rows = Affiliation.objects.filter(team=team, until=None)
    groups = rows.filter(person=contact).values("group")
    pairs = rows.filter(Q(group__in=groups) | Q(group=contact)).order_by("pk").values_list("group", "person")
    return [pk for pair in pairs[:50] for pk in pair]


def _most_seen(team: Team, user: User, now: datetime) -> list[int]:
    """The contacts most often in the person's latest notes, then those most often in the team's."""
    since = now - LOOK_BACK
    mine = Participation.objects.filter(
        manager=user,
        met_at__gte=since,
        touchpoint__team=team,
        touchpoint__binned_at=None,
        touchpoint__contacts__isnull=False,
    )
    theirs = Touchpoint.objects.kept().filter(
        team=team, met_at__gte=since, met_at__lte=now, contacts__isnull=False
    )
    return [
        *_often(mine.order_by("-met_at").values_list("touchpoint__contacts", flat=True)[:LATEST]),
        *_often(theirs.order_by("-met_at").values_list("contacts", flat=True)[:LATEST]),
    ]


def _often(rows: Iterable[Any]) -> list[Any]:
    """Which occur most often; the earliest in the list first among equals."""
    return [row for row, _times in Counter(rows).most_common()]
