"""Who is told what: people with envelopes that are due, and a team whose presence slips."""

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.urls import reverse

from accounts.models import Membership, Team, User
from notifications import kinds, outbox
from notifications.kinds import Category, Kind
from notifications.models import Delivery, Preference
from tests.faults.harness import TUESDAY

WORDS = {
    "probe_subject.txt": "Trial {{ number }}",
    "probe.txt": "Trial {{ number }}\n{{ link }}",
    "probe.html": "<p>Trial {{ number }}</p>{% include 'notifications/mail/button.html' with words='See' %}",
}


def teach() -> None:
    """Two kinds of this suite: one that only says its number, one whose owner raises.

    The addresses of the pages are loaded before anything is forked, as in a worker that has been at it for a while:
    or most of the kills would hit a child that is still importing.
    """
    reverse("notifications:preferences")
    # Inside the loader that keeps what was compiled, where the product's own are (template_partials made the nest).
    loaders = settings.TEMPLATES[0]["OPTIONS"]["loaders"][0][1][0][1]
    loaders.insert(
        0, ("django.template.loaders.locmem.Loader", {f"faults/{name}": text for name, text in WORDS.items()})
    )
    shared = {
        "category": Category.REMINDER,
        "still_true": lambda notification, now: True,
        "template": "faults/probe",
        "url": lambda notification: "/",
        "title": "Trial",
    }
    kinds.register(Kind(name="probe", context=lambda notification, now: notification.context, **shared))
    kinds.register(Kind(name="broken", context=_raise, **shared))


def _raise(*_arguments: object) -> dict:
    raise RuntimeError("broken")


def envelopes(count: int, *, due_at: datetime = TUESDAY, kind: str = "probe", name: str = "Person") -> None:
    """So many people, awake at all hours, each with one reminder due."""
    first = User.objects.count()
    people = User.objects.bulk_create(
        User(
            email=f"person{first + number}@example.org",
            name=f"{name} {number}",
            language="fr" if number % 2 else "en",
            country="FR",
            password="!",
        )
        for number in range(count)
    )
    Preference.objects.bulk_create(
        Preference(user=person, quiet_from="00:00", quiet_until="00:00", mail_at="00:00", on_days_off=True)
        for person in people
    )
    for number, person in enumerate(people):
        outbox.notify(person, kind, key=f"{kind}:{number}", now=due_at, context={"number": number})


def slipping_team(people: int, slot: datetime = TUESDAY) -> Team:
    """A team of CMs who were evaluated as mostly online the day before: today each hears of it, and of a promise."""
    from contacts.models import Contact, ContactKind, Promise
    from outreach.models import Post
    from ratio.models import Evaluation

    team = Team.objects.create(name="Faults", slug=f"faults-{Team.objects.count()}")
    kind = ContactKind.objects.get(team=None, code="person")
    contact = Contact.objects.create(
        team=team, kind=kind, name="Jo", sort_key="jo", search_key="jo", created_at=slot - timedelta(days=200)
    )
    for number in range(people):
        person = User.objects.create(
            email=f"cm{team.pk}-{number}@example.org", name=f"CM {number}", password="!"
        )
        Membership.objects.create(
            user=person, team=team, role="manager", since=(slot - timedelta(days=200)).date()
        )
        Post.objects.bulk_create(
            Post(
                team=team,
                manager=person,
                text="x",
                publish_at=slot - timedelta(days=1 + day, hours=1),
                created_at=slot,
            )
            for day in range(56)
        )
        yesterday = (slot - timedelta(days=1)).date()
        Evaluation.objects.create(
            team=team,
            manager=person,
            slot=yesterday,
            real=0,
            online=28,
            target="0.30",
            verdict="MOSTLY_ONLINE",
            created_at=slot - timedelta(days=1),
        )
        Promise.objects.create(
            team=team,
            contact=contact,
            manager=person,
            text="The link",
            due_on=slot.date(),
            client_id=import_module("uuid").uuid4(),
            created_at=slot - timedelta(days=3),
        )
    return team


def unfinished() -> int:
    """Envelopes that still have a way to go."""
    return Delivery.objects.exclude(state__in=["sent", "failed", "cancelled", "held"]).count()
