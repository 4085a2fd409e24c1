"""A team's own kinds: added, put away. From which day on a kind of meeting counts is `kind_rules.apply_rule`'s."""

import itertools
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import translation
from django.utils.text import slugify

from accounts.models import Team, User
from contacts import kind_rules
from contacts.models import Contact, ContactKind, KindRule, TouchpointKind
from contacts.names import typed_key

ICON = {ContactKind: "shapes", TouchpointKind: "sparkles"}


class KindExists(ValueError):
    """The team has a kind of that name, of its own or one we ship."""


def add_contact_kind(*, team: Team, name: str, is_group: bool) -> ContactKind:
    """A further kind of contact. One put away under that name comes back, and what has it is what it is now: persons or
    groups. Raises KindExists.
    """
    with transaction.atomic():
        kind: ContactKind = _add(ContactKind, team, name, is_group=is_group)
        if kind.is_group != is_group:
            kind.is_group = is_group
            kind.save(update_fields=["is_group"])
            Contact.objects.filter(team=team, kind=kind).update(is_group=is_group)
    return kind


def add_touchpoint_kind(*, team: Team, name: str, is_real: bool, by: User, now: datetime) -> TouchpointKind:
    """A further kind of meeting; `is_real`: it counts from the start. For one that comes back, from today on: what was
    noted before stays as it is. Raises KindExists.
    """
    day = now.astimezone(team.zone).date()
    with transaction.atomic():
        kind: TouchpointKind = _add(TouchpointKind, team, name, is_real=is_real)
        if kind_rules.counts_as_real(team=team, kind=kind, day=day) != is_real:
            kind_rules.apply_rule(team=team, kind=kind, is_real=is_real, since=day, by=by, now=now)
    return kind


def archive(kind: ContactKind | TouchpointKind, *, now: datetime) -> None:
    """Offer a team's own kind no longer; what has it keeps it."""
    kind.archived_at = now
    kind.save(update_fields=["archived_at"])


def of_team(team: Team) -> tuple[QuerySet[ContactKind], QuerySet[TouchpointKind]]:
    """Both sorts of kinds as the settings show them, the meetings' with the team's rules in `team_rules`."""
    rules = Prefetch("rules", KindRule.objects.filter(team=team).order_by("-since"), to_attr="team_rules")
    return ContactKind.objects.for_team(team), TouchpointKind.objects.for_team(team).prefetch_related(rules)


def _add(model: Any, team: Team, name: str, **fields: bool) -> Any:
    """A new kind with these fields; or one that was put away, as it was but for how its name is written."""
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)  # two at once stand one after the other
    known = list(model.objects.filter(Q(team=None) | Q(team=team)))
    there = [kind for kind in known if kind.team_id or kind.archived_at is None]
    called_so = [kind for kind in there if typed_key(name) in _keys(kind)]
    if any(kind.archived_at is None for kind in called_so):
        raise KindExists
    if not called_so:
        code = _free_code(name, {kind.code for kind in known})
        position = max((kind.position for kind in known if kind.team_id), default=100) + 1
        return model.objects.create(
            team=team, code=code, name=name, position=position, icon=ICON[model], **fields
        )
    back = called_so[0]
    back.archived_at, back.name = None, name
    back.save(update_fields=["archived_at", "name"])
    return back


def _keys(kind: ContactKind | TouchpointKind) -> set[tuple[str, str]]:
    """By which a kind is known: its name, in each of our languages if we ship it."""
    if kind.name:
        return {typed_key(kind.name)}
    found = set()
    for language, _words in settings.LANGUAGES:
        with translation.override(language):
            found.add(typed_key(str(kind)))
    return found


def _free_code(name: str, taken: set[str]) -> str:
    """A code after the name that no other kind has."""
    code = slugify(name)[:35] or "kind"
    numbered = (f"{code}-{number}" for number in itertools.count(2))
    return next(one for one in itertools.chain([code], numbered) if one not in taken)
