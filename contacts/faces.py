"""Whom a person has probably just seen: the strip of Today and the chips of the log page."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Q

from accounts.models import Team, User
from contacts.models import Affiliation, Contact, Touchpoint

LOOK_BACK = timedelta(weeks=8)


def recent_faces(*, team: Team, user: User, now: datetime, limit: int = 4) -> list[Contact]:
    """The contacts that the person met most often in the last eight weeks, then those the team did; two queries."""
    return suggested(team=team, user=user, now=now, limit=limit)


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
    those of the same group as the first one chosen, those most seen in eight weeks, the newest. At most four queries.

    All that are chosen are in it, however many; their kinds are selected.
    """
    chosen = list(chosen)
    ids = [*chosen, *first]
    if chosen:
        ids += _same_group(team, chosen[0])
    if len(set(ids)) < limit:
        ids += _most_seen(team, user, now, limit + len(ids))
    contacts = Contact.objects.filter(team=team, binned_at=None).select_related("kind")
    known = contacts.in_bulk(list(dict.fromkeys(ids))[: 3 * limit + len(chosen)])
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


def _most_seen(team: Team, user: User, now: datetime, limit: int) -> list[int]:
    met = Touchpoint.contacts.through.objects.filter(
        touchpoint__team=team,
        touchpoint__met_at__gte=now - LOOK_BACK,
        touchpoint__met_at__lte=now,
        touchpoint__binned_at=None,
        contact__binned_at=None,
    )
    mine = Q(touchpoint__participations__manager=user)
    often = met.values("contact").annotate(
        mine=Count("touchpoint", distinct=True, filter=mine), all=Count("touchpoint", distinct=True)
    )
    return list(often.order_by("-mine", "-all", "contact").values_list("contact", flat=True)[:limit])
