"""The people and things of the tests. Léa is the CM looked at; Noé her teammate; Inès leads; Ada is the admin;

Oscar belongs to another team. Plain functions: each makes one row, and says what it assumes.
"""

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import Membership, Role, Team, User
from contacts.models import Contact, ContactKind, Participation, Touchpoint, TouchpointKind

# A Tuesday at 10:00 in Paris: no quiet hour, no day off.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PASSWORD = "une longue phrase de passe"
_numbers = itertools.count(1)


def make_team(name: str = "Radio Bocage", **fields: Any) -> Team:
    number = next(_numbers)
    return Team.objects.create(**{"name": name, "slug": f"team-{number}", **fields})


def make_user(name: str = "Léa Martin", **fields: Any) -> User:
    """A person without a usable password: tests sign in by `client.force_login`, browsers by a session."""
    number = next(_numbers)
    fields.setdefault("email", f"person{number}@example.org")
    user = User(name=name, **fields)
    user.set_unusable_password()
    user.save()
    return user


def make_member(
    team: Team,
    name: str = "Léa Martin",
    role: str = Role.MANAGER,
    since: date = date(2026, 1, 1),
    **fields: Any,
) -> User:
    """A person with a membership in the team."""
    user = make_user(name, **fields)
    Membership.objects.create(user=user, team=team, role=role, since=since)
    return user


def make_lead(team: Team, name: str = "Inès Duval", **fields: Any) -> User:
    return make_member(team, name, Role.LEAD, **fields)


def make_admin(name: str = "Ada Petit", **fields: Any) -> User:
    """An organisation admin who belongs to no team."""
    return make_user(name, is_admin=True, **fields)


def make_outsider(name: str = "Oscar Blanc") -> User:
    """A community manager of another team."""
    return make_member(make_team("Ailleurs"), name)


def contact_kind(code: str = "person") -> ContactKind:
    return ContactKind.objects.get(team=None, code=code)


def touchpoint_kind(code: str = "meeting") -> TouchpointKind:
    return TouchpointKind.objects.get(team=None, code=code)


def make_contact(team: Team, name: str = "Jo Brume", kind: str = "person", **fields: Any) -> Contact:
    """A contact as the database holds it, search keys included (what `contacts` functions write)."""
    from contacts.names import fold, sort_key

    of_kind = contact_kind(kind)
    defaults: dict[str, Any] = {
        "kind": of_kind,
        "is_group": of_kind.is_group,
        "sort_key": sort_key(name),
        "search_key": fold(f"{name} {fields.get('town', '')}"),
        "created_at": NOW - timedelta(days=200),
    }
    return Contact.objects.create(team=team, name=name, **{**defaults, **fields})


def make_touchpoint(
    team: Team,
    manager: User,
    contacts: list[Contact] | None = None,
    met_at: datetime = NOW - timedelta(days=1),
    kind: str = "meeting",
    others: tuple[User, ...] = (),
    **fields: Any,
) -> Touchpoint:
    """A meeting as the rows say it; real as its kind is, unless `is_real` says otherwise."""
    of_kind = touchpoint_kind(kind)
    defaults: dict[str, Any] = {
        "is_real": of_kind.is_real,
        "client_id": uuid.uuid4(),
        "author": manager,
        "created_at": met_at,
    }
    touchpoint = Touchpoint.objects.create(team=team, kind=of_kind, met_at=met_at, **{**defaults, **fields})
    touchpoint.contacts.set(contacts or [])
    for person in (manager, *others):
        Participation.objects.create(touchpoint=touchpoint, manager=person, met_at=met_at)
    return touchpoint
