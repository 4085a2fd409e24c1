"""Who is due to be seen again. Counts from the last touchpoint of any kind, by anybody of the team.

A contact's own rhythm ("every six weeks") holds; without one, a contact that was met twice or more is due after
six weeks, until half a year has passed: what was let go on purpose is not brought up for ever.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import ngettext

from accounts.models import Team, User
from contacts.models import Contact, ContactKind, ContactQuerySet, Touchpoint
from contacts.models.kind import COLLEAGUE

DEFAULT_DAYS = 42
LET_GO_DAYS = 182
LOOKED_AT = 60  # candidates, however long the list
_SHOWN = ("name", "is_group", "last_met_at", "rhythm_days", "kind__code", "kind__team")
# A meeting with the contact that is not the last one: they were met at least twice.
_EARLIER = Touchpoint.contacts.through.objects.filter(
    contact=OuterRef("pk"), touchpoint__binned_at=None, touchpoint__met_at__lt=OuterRef("last_met_at")
)


@dataclass(frozen=True)
class Due:
    """A contact that is due: what the choice needs to know. `late` is how many rhythms have passed, 1.0 or more."""

    contact: Contact
    is_colleague: bool
    is_group: bool
    late: float


@dataclass(frozen=True)
class Suggestion:
    """Somebody to see again, and why, in words: "Last met 9 weeks ago, by Noé". `days` since then."""

    contact: Contact
    reason: str
    last_met_at: datetime
    days: int


def suggestions(
    *,
    team: Team,
    user: User,
    now: datetime,
    limit: int = 5,
    without: Collection[int] | QuerySet[Any, int] = (),
) -> list[Suggestion]:
    """At most `limit` contacts the person might see again; among them a colleague and a group if any is late.

    Contacts that belong to a teammate are left to them; `without` are the ids of those already booked. Two queries;
    four when very many are late.
    """
    due = _due(team, user, now, without)
    chosen = choose(due, limit)
    last = _last_seen_by([one.contact.pk for one in chosen])
    return [_suggestion(one.contact, last.get(one.contact.pk), user, now) for one in chosen]


def choose(due: Sequence[Due], limit: int) -> list[Due]:
    """The latest `limit` of those due, by how many of their rhythms have passed; pure.

    The latest colleague and the latest group always have a place, if there are any.
    """
    order = sorted(due, key=lambda one: (-one.late, one.contact.pk))
    colleague = next((one for one in order if one.is_colleague), None)
    group = next((one for one in order if one.is_group), None)
    sure = [one for one in (colleague, group) if one][:limit]
    others = [one for one in order if one not in sure]
    return sorted([*sure, *others[: limit - len(sure)]], key=order.index)


def rhythm_days(contact: Contact) -> int:
    """The rhythm that holds for a contact met more than once."""
    return contact.rhythm_days or DEFAULT_DAYS


def _due(team: Team, user: User, now: datetime, without: Collection[int] | QuerySet[Any, int]) -> list[Due]:
    contacts = _late(Contact.objects.of_team(team), now).filter(Q(owner=user) | Q(owner=None))
    contacts = contacts.exclude(pk__in=without).annotate(met_before=Exists(_EARLIER)).select_related("kind")
    contacts = contacts.only(*_SHOWN).order_by("-last_met_at", "-pk")
    found = list(contacts[:LOOKED_AT])
    if len(found) == LOOKED_AT:  # a long list: its colleagues and its groups may lie further back
        colleagues = ContactKind.objects.filter(code=COLLEAGUE, team=None).values("pk")
        found += contacts.filter(kind__in=colleagues)[:LOOKED_AT]
        found += contacts.filter(is_group=True)[:LOOKED_AT]
    return [
        Due(
            contact=contact,
            is_colleague=contact.kind.code == COLLEAGUE and contact.kind.team_id is None,
            is_group=contact.is_group,
            late=(now - contact.last_met_at) / timedelta(days=rhythm_days(contact)),
        )
        for contact in dict.fromkeys(found)
        if contact.last_met_at and (contact.rhythm_days or contact.met_before)
    ]


def _late(contacts: ContactQuerySet, now: datetime) -> ContactQuerySet:
    """Those whose own rhythm has passed; and those without one, not seen for six weeks to half a year.

    Columns of the row alone: the index by last meeting is walked until enough are found.
    """
    own = Q(rhythm_days__isnull=False, due_at__lt=now)
    lapsed = Q(
        rhythm_days__isnull=True,
        last_met_at__lt=now - timedelta(days=DEFAULT_DAYS),
        last_met_at__gte=now - timedelta(days=LET_GO_DAYS),
    )
    return contacts.with_due_at().filter(own | lapsed, last_met_at__isnull=False)


def _last_seen_by(contact_ids: list[int]) -> dict[int, User]:
    """Who last met each of these contacts; the author speaks for all who were there. One query."""
    rows = Touchpoint.contacts.through.objects.filter(
        contact__in=contact_ids, touchpoint__binned_at=None, touchpoint__met_at=F("contact__last_met_at")
    )
    return {row.contact_id: row.touchpoint.author for row in rows.select_related("touchpoint__author")}


def _suggestion(contact: Contact, seen_by: User | None, user: User, now: datetime) -> Suggestion:
    assert contact.last_met_at is not None  # noqa: S101  # only such contacts are due
    days = (now - contact.last_met_at).days
    return Suggestion(contact, _reason(days, seen_by, user), contact.last_met_at, days)


def _reason(days: int, seen_by: User | None, user: User) -> str:
    weeks = days // 7
    if seen_by is None or seen_by == user:
        if weeks < 2:
            return ngettext("Last met %(n)d day ago", "Last met %(n)d days ago", days) % {"n": days}
        return ngettext("Last met %(n)d week ago", "Last met %(n)d weeks ago", weeks) % {"n": weeks}
    name = seen_by.get_short_name()
    if weeks < 2:
        words = ngettext("Last met %(n)d day ago, by %(name)s", "Last met %(n)d days ago, by %(name)s", days)
        return words % {"n": days, "name": name}
    words = ngettext("Last met %(n)d week ago, by %(name)s", "Last met %(n)d weeks ago, by %(name)s", weeks)
    return words % {"n": weeks, "name": name}
