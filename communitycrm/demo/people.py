"""The demo's team and the contacts they know."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from accounts.models import Membership, Role, Team, User
from accounts.people import create_person
from communitycrm.demo import story
from contacts import keys, points
from contacts.models import Affiliation, Basis, Contact, ContactKind, ContactPoint, Tag
from contacts.names import fold, sort_key

DOMAIN = "demo.example"
RHYTHMS = {"colleague": 42, "webzine": 56, "association": 70, "venue": 56}


@dataclass
class Cast:
    """Everybody of the demo, by the names the other builders call them; `members`: a person of each group, by its id."""

    team: Team
    users: dict[str, User]
    contacts: dict[str, Contact] = field(default_factory=dict)
    members: dict[int, Contact] = field(default_factory=dict)

    @property
    def managers(self) -> dict[str, User]:
        return {key: self.users[key] for key in story.MANAGERS}

    def of_kind(self, *codes: str) -> list[Contact]:
        """The contacts of some kinds, in the order of the story."""
        return [contact for contact in self.contacts.values() if contact.kind.code in codes]


def lines(text: str) -> list[list[str]]:
    """The story's tables: one row a line, cells split at commas."""
    return [[cell.strip() for cell in line.split(",")] for line in text.strip().splitlines()]


def build_team(password: str, today: date, newcomer_days: int) -> Cast:
    """The team, its six people and their roles; the newcomer arrived `newcomer_days` ago."""
    name, slug = story.TEAM
    team = Team.objects.create(name=name, slug=slug, time_zone="Europe/Paris", country="FR")
    users = {
        key: create_person(
            email=f"{key}@{DOMAIN}",
            name=name,
            password=password,
            language="fr",
            time_zone="Europe/Paris",
            is_admin=key == story.ADMIN[0],
        )
        for key, name in [*story.MANAGERS.items(), story.LEAD, story.ADMIN]
    }
    for key in story.MANAGERS:
        since = today - timedelta(days=newcomer_days if key == "new" else 400)
        Membership.objects.create(team=team, user=users[key], role=Role.MANAGER, since=since)
    Membership.objects.create(
        team=team, user=users[story.LEAD[0]], role=Role.LEAD, since=today - timedelta(days=400)
    )
    return Cast(team=team, users=users)


def build_contacts(cast: Cast, today: date, now: datetime, chance: random.Random) -> None:
    """Some 120 contacts: groups, the people in them, colleagues; with ways to reach them, tags and owners."""
    kinds = {kind.code: kind for kind in ContactKind.objects.filter(team=None)}
    rows: list[tuple[str, str, str, str]] = []
    for code, text in story.GROUPS.items():
        rows += [(code, name, town, postcode) for name, town, postcode in lines(text)]
    homes = {name: (town, postcode) for _, name, town, postcode in rows}
    rows += [("person", name, *homes[group]) for name, _, group in lines(story.PEOPLE)]
    rows += [("colleague", name, "Caen", "14000") for name, _ in lines(story.COLLEAGUES)]
    owners = [cast.users[key] for key in ("on-target", "under", "online")]
    contacts = []
    for code, name, town, postcode in rows:
        contact = Contact(
            team=cast.team,
            kind=kinds[code],
            is_group=kinds[code].is_group,
            name=name,
            sort_key=sort_key(name),
            search_key="",
            town=town,
            postcode=postcode,
            owner=None if code == "colleague" else chance.choice(owners),
            rhythm_days=RHYTHMS.get(code),
            source="Carnet d’adresses de l’équipe",
            basis=Basis.LEGITIMATE_INTEREST,
            sourced_on=today - timedelta(days=chance.randrange(120, 380)),
            created_at=now - timedelta(days=chance.randrange(120, 380)),
        )
        contacts.append(contact)
    Contact.objects.bulk_create(contacts)
    cast.contacts.update({contact.name: contact for contact in contacts})
    _points(cast, chance)
    _tags(cast, chance)
    _affiliations(cast, today, chance)
    keys.refresh([contact.pk for contact in contacts])


def _points(cast: Cast, chance: random.Random) -> None:
    rows = []
    for number, contact in enumerate(cast.contacts.values()):
        handle = fold(contact.name).replace(" ", "")
        email = f"contact@{handle}.example" if contact.is_group else f"{handle}@mail.example"
        found = [points.email(email)]
        if chance.random() < 0.7:
            found.append(points.phone(f"06 39 98 {number // 100:02d} {number % 100:02d}", cast.team.country))
        if contact.is_group and chance.random() < 0.6:
            found.append(points.link(f"https://{handle}.example"))
        rows += [
            ContactPoint(
                team=cast.team, contact=contact, property=point.property, value=point.value, key=point.key
            )
            for point in found
            if point
        ]
    ContactPoint.objects.bulk_create(rows)


def _tags(cast: Cast, chance: random.Random) -> None:
    tags: dict[str, Tag] = {}
    for contact in cast.contacts.values():
        names = story.TAGS.get(contact.kind.code, ())
        for name in chance.sample(names, k=min(len(names), chance.choice((0, 1, 1, 2)))):
            if name not in tags:
                tags[name] = Tag.objects.create(team=cast.team, name=name, key=fold(name))
            contact.tags.add(tags[name])


def _affiliations(cast: Cast, today: date, chance: random.Random) -> None:
    Affiliation.objects.bulk_create(
        Affiliation(
            team=cast.team,
            person=cast.contacts[name],
            group=cast.contacts[group],
            role=role,
            since=today - timedelta(days=chance.randrange(300, 1500)),
        )
        for name, role, group in lines(story.PEOPLE)
    )
    cast.members.update(
        {cast.contacts[group].pk: cast.contacts[name] for name, _, group in lines(story.PEOPLE)}
    )
