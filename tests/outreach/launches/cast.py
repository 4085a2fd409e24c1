"""Launches as the rows say them."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Team, User
from contacts.models import Contact, Touchpoint
from outreach.launches import planning
from outreach.launches.planning import Details
from outreach.models import Approach, Launch
from tests.cast import NOW, make_touchpoint

DAY = date(2026, 12, 15)  # three weeks after NOW
ADDRESS = "https://radio.example/ouverture"


def make_launch(
    team: Team,
    contacts: Sequence[Contact] = (),
    *,
    by: User | None = None,
    day: date = DAY,
    now: datetime = NOW - timedelta(days=35),
    name: str = "Ouverture",
    **fields: Any,
) -> Launch:
    """A launch with contacts to meet, prepared five weeks ago unless said otherwise."""
    details = Details(**{"name": name, "day": day, "address": ADDRESS, **fields})
    launch, _operation = planning.prepare(
        team=team, by=by, client_id=uuid.uuid4(), details=details, contacts=contacts, now=now
    )
    return launch


def approach(launch: Launch, contact: Contact) -> Approach:
    return Approach.objects.select_related("launch__team", "contact").get(launch=launch, contact=contact)


def meet(
    launch: Launch, manager: User, contacts: list[Contact], met_at: datetime = NOW, **fields: Any
) -> Touchpoint:
    """A meeting that carries the launch's tag."""
    touchpoint = make_touchpoint(launch.team, manager, contacts, met_at=met_at, **fields)
    touchpoint.tags.add(launch.tag)
    return touchpoint
