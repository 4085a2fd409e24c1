"""One person's day with something of everything that Today can show."""

import uuid
from datetime import datetime, timedelta

from accounts.models import Team, User
from contacts import rhythm_rules
from contacts.models import Contact, ContactKind, Promise, Touchpoint, TouchpointKind
from contacts.names import fold
from events.models import Attendance, Occurrence
from outreach.launches import planning
from outreach.launches.planning import Details
from outreach.models import Post
from ratio.models import Offer

CONTACTS = 120
MET = 400
"""Of the person's latest meetings, so many are with one of the contacts: who was seen, and who not for a while."""


def full_day(team: Team, person: User, lead: User, now: datetime) -> None:
    """Contacts met and due, promises, dates over and to come, a launch, offers of the lead."""
    contacts = _contacts(team, person, now)
    latest = Touchpoint.objects.filter(author=person).order_by("-met_at").values_list("pk", flat=True)[:MET]
    met = Touchpoint.contacts.through
    met.objects.bulk_create(met(touchpoint_id=pk, contact=contacts[n % 40]) for n, pk in enumerate(latest))
    Promise.objects.bulk_create(
        Promise(
            team=team,
            contact=contact,
            manager=person,
            text="Send the link",
            due_on=now.date(),
            client_id=uuid.uuid4(),
            created_at=now,
        )
        for contact in contacts[:5]
    )
    for days in (-1, 2, 3, 4):
        _date(team, [person], contacts[:6], now + timedelta(days=days), now)
    rhythm_rules.set_rule(team=team, kind=contacts[0].kind, weeks=6)
    details = Details(name="Launch", day=(now + timedelta(weeks=3)).date())
    planning.prepare(
        team=team, by=person, client_id=uuid.uuid4(), details=details, contacts=contacts[:14], now=now
    )
    together = _date(team, [lead], contacts[:2], now + timedelta(days=5), now)
    Offer.objects.create(team=team, manager=person, by=lead, occurrence=together, created_at=now)
    offer = Offer.objects.create(team=team, manager=person, by=lead, created_at=now)
    offer.posts.set(Post.objects.filter(manager=person, publish_at__gt=now)[:3])


def _contacts(team: Team, person: User, now: datetime) -> list[Contact]:
    kinds = list(ContactKind.objects.filter(team=None, code__in=["person", "band", "colleague"]))
    names = [f"Contact {n}" for n in range(CONTACTS)]
    return Contact.objects.bulk_create(
        Contact(
            team=team,
            kind=kinds[n % len(kinds)],
            is_group=kinds[n % len(kinds)].is_group,
            name=name,
            sort_key=fold(name),
            search_key=fold(name),
            owner=person if n % 2 else None,
            last_met_at=now - timedelta(days=n),
            created_at=now,
        )
        for n, name in enumerate(names)
    )


def _date(
    team: Team, hosts: list[User], guests: list[Contact], starts_at: datetime, now: datetime
) -> Occurrence:
    occurrence = Occurrence.objects.create(
        team=team,
        kind=TouchpointKind.objects.get(team=None, code="meeting"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        created_by=hosts[0],
        client_id=uuid.uuid4(),
        created_at=now,
    )
    occurrence.hosts.set(hosts)
    Attendance.objects.bulk_create(Attendance(occurrence=occurrence, contact=guest) for guest in guests)
    return occurrence
