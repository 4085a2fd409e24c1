"""Whom a person has probably just seen: the strip of Today and the chips of the log page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Team, User
from contacts.models import Affiliation, Contact, Participation, Touchpoint

LOOK_BACK = timedelta(weeks=8)
LATEST = 300  # rows looked at, however busy the weeks were


@dataclass(frozen=True)
class Face:
    """As much of a contact as the strip shows."""

    pk: int
    name: str
    is_group: bool


def recent_faces(*, team: Team, user: User, now: datetime, limit: int = 4) -> Sequence[Face | Contact]:
    """The contacts most often in the person's latest meetings of eight weeks, then those in the team's.

    One query for somebody who meets people; at most five for somebody who hardly does.
    """
    met = Participation.objects.filter(
        manager=user,
        met_at__gte=now - LOOK_BACK,
        touchpoint__team=team,
        touchpoint__binned_at=None,
        touchpoint__contacts__binned_at=None,
        touchpoint__contacts__isnull=False,
    )
    contact = ("touchpoint__contacts", "touchpoint__contacts__name", "touchpoint__contacts__is_group")
    faces = [Face(*row) for row in _often(met.order_by("-met_at").values_list(*contact))[:limit]]
    return faces if len(faces) == limit else suggested(team=team, user=user, now=now, limit=limit)


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
        *_often(mine.order_by("-met_at").values_list("touchpoint__contacts", flat=True)),
        *_often(theirs.order_by("-met_at").values_list("contacts", flat=True)),
    ]


def _often(rows: QuerySet[Any, Any]) -> list[Any]:
    """Which rows occur most often among the latest; the most recent first among equals."""
    return [row for row, _times in Counter(rows[:LATEST]).most_common()]
