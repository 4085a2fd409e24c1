"""A data set by size, the same at every run: a team of 20 people, their contacts, meetings and posts."""

import itertools
import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Model

from accounts.models import Membership, Role, Team, User
from contacts.models import Contact, ContactKind, Participation, Touchpoint, TouchpointKind
from contacts.names import fold, sort_key
from outreach.models import Post

PEOPLE = 20
WEEKS = 52
FIRST = [
    "Jo",
    "Karim",
    "Samira",
    "Léa",
    "Noé",
    "Inès",
    "Aïcha",
    "Loïc",
    "Maël",
    "Chloé",
    "Rémi",
    "Zoé",
    "Élise",
    "Hugo",
    "Nour",
    "Paul",
    "Anaïs",
    "Théo",
    "Lina",
    "Yann",
]
LAST = [
    "Brume",
    "Martin",
    "Duval",
    "Petit",
    "Lefèvre",
    "Blanc",
    "Roux",
    "Noël",
    "Garnier",
    "Faure",
    "Morel",
    "Simon",
    "Laurent",
    "Leroy",
    "Colin",
    "Hébert",
]
TOWNS = [
    "Caen",
    "Rouen",
    "Le Havre",
    "Évreux",
    "Bayeux",
    "Cherbourg",
    "Alençon",
    "Lisieux",
    "Dieppe",
    "Fécamp",
    "Flers",
    "Vire",
    "Falaise",
    "Granville",
]


@dataclass(frozen=True)
class Size:
    """How many of each; `reminders` people have slipped, and `imported` rows come in a file."""

    name: str
    contacts: int
    touchpoints: int
    reminders: int
    imported: int


SIZES = {
    "small": Size("small", contacts=2_000, touchpoints=10_000, reminders=100, imported=1_000),
    "medium": Size("medium", contacts=20_000, touchpoints=100_000, reminders=300, imported=10_000),
    "large": Size("large", contacts=100_000, touchpoints=500_000, reminders=300, imported=10_000),
}


@dataclass
class Seeded:
    """What the measurements start from."""

    team: Team
    manager: User
    lead: User
    busiest: Contact
    slipped: list[User]


def seed(size: Size, now: datetime) -> Seeded:
    """Fill an empty database."""
    chance = random.Random(1)
    team = Team.objects.create(name="Bench", slug="bench")
    people = _people(team, "Manager", PEOPLE, now)
    lead = _people(team, "Lead", 1, now, role=Role.LEAD)[0]
    _contacts(team, people, size.contacts, chance, now)
    _touchpoints(team, people, size.touchpoints, chance, now)
    _posts(team, people, chance, now)
    busiest = Contact.objects.filter(team=team).order_by("pk")[0]
    slipped = _slipped(size.reminders, chance, now)
    return Seeded(team, people[0], lead, busiest, slipped)


def _people(team: Team, name: str, count: int, now: datetime, role: Role = Role.MANAGER) -> list[User]:
    people = [User(email=f"{name}{n}@{team.slug}.example".lower(), name=f"{name} {n}") for n in range(count)]
    for person in people:
        person.set_unusable_password()
    User.objects.bulk_create(people)
    since = (now - timedelta(weeks=WEEKS + 12)).date()
    Membership.objects.bulk_create(
        Membership(user=user, team=team, role=role, since=since) for user in people
    )
    return people


def written(model: type[Model], rows: Iterable[Any]) -> None:
    """Write rows in portions, so that the largest data set needs little memory."""
    for portion in itertools.batched(rows, 5000) if hasattr(itertools, "batched") else _batched(rows, 5000):
        model._default_manager.bulk_create(portion, batch_size=1000)


def _batched(rows: Iterable[Any], size: int) -> Iterable[list[Any]]:
    iterator = iter(rows)
    while portion := list(itertools.islice(iterator, size)):
        yield portion


def _contacts(team: Team, people: list[User], count: int, chance: random.Random, now: datetime) -> None:
    kinds = list(ContactKind.objects.filter(team=None, code__in=["person", "band", "venue", "colleague"]))

    def row(number: int) -> Contact:
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)} {number}"
        town, kind = chance.choice(TOWNS), chance.choices(kinds, weights=[8, 1, 1, 1][: len(kinds)])[0]
        return Contact(
            team=team,
            kind=kind,
            is_group=kind.is_group,
            name=name,
            sort_key=sort_key(name),
            search_key=fold(f"{name} {town}"),
            town=town,
            owner=chance.choice(people),
            created_at=now - timedelta(days=chance.randrange(400)),
            last_met_at=now - timedelta(hours=chance.randrange(1, 9000)),
        )

    written(Contact, map(row, range(count)))


def _touchpoints(team: Team, people: list[User], count: int, chance: random.Random, now: datetime) -> None:
    """Meetings over the weeks and before; the first contact gets 1,000 of them."""
    meeting = TouchpointKind.objects.get(team=None, code="meeting")
    contacts = list(Contact.objects.filter(team=team).order_by("pk").values_list("pk", flat=True))

    def row(number: int) -> Touchpoint:
        met_at = now - timedelta(minutes=chance.randrange(60, 60 * 24 * 7 * WEEKS))
        author = people[number % len(people)]
        return Touchpoint(
            team=team,
            kind=meeting,
            is_real=True,
            met_at=met_at,
            author=author,
            client_id=uuid.uuid4(),
            created_at=met_at,
        )

    written(Touchpoint, map(row, range(count)))
    noted = list(Touchpoint.objects.filter(team=team).order_by("pk").values_list("pk", "author_id", "met_at"))
    written(
        Participation, (Participation(touchpoint_id=pk, manager_id=by, met_at=at) for pk, by, at in noted)
    )
    link = Touchpoint.contacts.through
    met = (contacts[0] if n < 1000 else chance.choice(contacts) for n in range(count))
    written(
        link,
        (link(touchpoint_id=row[0], contact_id=contact) for row, contact in zip(noted, met, strict=True)),
    )
    last = Participation.objects.filter(touchpoint__contacts=contacts[0]).aggregate(last=Max("met_at"))[
        "last"
    ]
    Contact.objects.filter(pk=contacts[0]).update(last_met_at=last)


def _posts(team: Team, people: list[User], chance: random.Random, now: datetime) -> None:
    """Six a week and person, two weeks ahead."""

    def rows() -> Iterable[Post]:
        for person in people:
            for number in range(6 * (WEEKS + 2)):
                at = now - timedelta(weeks=WEEKS) + timedelta(hours=28 * number + chance.randrange(3))
                yield Post(team=team, manager=person, text=f"Post {number}", publish_at=at, created_at=now)

    written(Post, rows())


def _slipped(count: int, chance: random.Random, now: datetime) -> list[User]:
    """People of a second team who post and meet nobody."""
    team = Team.objects.create(name="Slipped", slug="slipped")
    people = _people(team, "Slipped", count, now)
    ages = [timedelta(days=2 * n - 3, minutes=chance.randrange(60)) for n in range(20)]
    written(
        Post,
        (
            Post(team=team, manager=person, text=f"Post {n}", publish_at=now - age, created_at=now)
            for person in people
            for n, age in enumerate(ages)
        ),
    )
    return people
