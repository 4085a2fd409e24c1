"""A team's own kinds: added, put away. From which day on a kind of meeting counts is `kind_rules.apply_rule`'s."""

import zlib
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Prefetch, QuerySet
from django.utils.text import slugify

from accounts.models import Team
from contacts.models import ContactKind, KindRule, TouchpointKind

ICON = {ContactKind: "shapes", TouchpointKind: "sparkles"}


class KindExists(ValueError):
    """The team has a kind of that name."""


def add_contact_kind(*, team: Team, name: str, is_group: bool) -> ContactKind:
    """A further kind of contact. One put away under that name comes back. Raises KindExists."""
    return _add(ContactKind, team, name, is_group=is_group)


def add_touchpoint_kind(*, team: Team, name: str, is_real: bool) -> TouchpointKind:
    """A further kind of meeting; `is_real`: it counts from the start. Raises KindExists."""
    return _add(TouchpointKind, team, name, is_real=is_real)


def archive(kind: ContactKind | TouchpointKind, *, now: datetime) -> None:
    """Offer a team's own kind no longer; what has it keeps it."""
    kind.archived_at = now
    kind.save(update_fields=["archived_at"])


def of_team(team: Team) -> tuple[QuerySet[ContactKind], QuerySet[TouchpointKind]]:
    """Both sorts of kinds as the settings show them, the meetings' with the team's rules in `team_rules`."""
    rules = Prefetch("rules", KindRule.objects.filter(team=team).order_by("-since"), to_attr="team_rules")
    return ContactKind.objects.for_team(team), TouchpointKind.objects.for_team(team).prefetch_related(rules)


def _add(model: Any, team: Team, name: str, **fields: bool) -> Any:
    code = slugify(name)[:40] or f"kind-{zlib.crc32(name.encode())}"
    position = (model.objects.filter(team=team).aggregate(last=Max("position"))["last"] or 100) + 1
    existing = model.objects.filter(team=team, code=code).first()
    if existing and existing.archived_at is None:
        raise KindExists
    if existing:
        existing.archived_at = None
        existing.name = name
        existing.save(update_fields=["archived_at", "name"])
        return existing
    try:
        with transaction.atomic():
            return model.objects.create(
                team=team, code=code, name=name, position=position, icon=ICON[model], **fields
            )
    except IntegrityError:
        raise KindExists from None
