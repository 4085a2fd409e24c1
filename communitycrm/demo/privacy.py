"""What the demo shows of clearing up and of people's rights: a double, a request, somebody long silent."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.conf import settings

from communitycrm.demo.calendar import Calendar
from communitycrm.demo.people import Cast
from contacts import duplicates, keys, privacy
from contacts.models import Contact, ContactPoint, RequestKind
from contacts.names import sort_key

DOUBLE, SILENT = ("Jo Berniere", "Jo Bernières"), "Hervé Lenoir"


def build_privacy(cast: Cast, calendar: Calendar) -> None:
    """Two thirds of the people know that they are held; one asks what is; one has not been heard of for three years."""
    people = [contact for contact in cast.contacts.values() if not contact.is_group]
    know = [contact.pk for number, contact in enumerate(people) if number % 3]
    informed_on = calendar.today - timedelta(days=90)
    Contact.objects.filter(pk__in=know).update(informed_on=informed_on)
    double = _like(cast.contacts[DOUBLE[1]], DOUBLE[0])
    phone = cast.contacts[DOUBLE[1]].points.filter(property="tel").first()
    if phone:
        ContactPoint.objects.create(
            team=cast.team, contact=double, property="tel", value=phone.value, key=phone.key
        )
    silent = _like(cast.contacts[DOUBLE[1]], SILENT)
    came_in = calendar.now - relativedelta(months=settings.RETENTION_MONTHS, days=12)
    Contact.objects.filter(pk=silent.pk).update(
        created_at=came_in, sourced_on=came_in.date(), informed_on=informed_on
    )
    request = privacy.register(
        kind=RequestKind.ERASURE,
        name=SILENT,
        address="herve.lenoir@mail.example",
        note="Ne travaille plus dans la musique.",
        received_on=calendar.today - timedelta(days=9),
        by=cast.users["admin"],
        now=calendar.now,
    )
    request.contacts.add(silent)
    privacy.tick_off(request, privacy.IDENTITY, day=calendar.today)
    duplicates.look(team=cast.team, now=calendar.now)


def _like(contact: Contact, name: str) -> Contact:
    """A person of the same town and source."""
    made = Contact.objects.create(
        team=contact.team,
        kind=contact.kind,
        name=name,
        sort_key=sort_key(name),
        search_key="",
        town=contact.town,
        source=contact.source,
        basis=contact.basis,
        sourced_on=contact.sourced_on,
        created_at=contact.created_at,
    )
    keys.refresh([made.pk])
    return made
