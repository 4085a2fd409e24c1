"""Launches as the rows say them."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Team, User
from contacts.models import Contact, Touchpoint
from outreach.launches import fetching, planning
from outreach.launches.planning import Details
from outreach.models import Analytics, Approach, Launch, Visitors
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


def make_visitors(
    launch: Launch, first: date, count: int, last: date | None = None, **fields: Any
) -> Visitors:
    """Unique visitors of a day, or of a stretch."""
    values = {"origin": "hand", "noted_at": NOW, **fields}
    return Visitors.objects.create(
        launch=launch, first_day=first, last_day=last or first, count=count, **values
    )


def with_analytics(
    launch: Launch, by: User, address: str = "https://matomo.example", **fields: Any
) -> Analytics:
    """A launch whose visitors a service counts; due since NOW."""
    values = {"service": "matomo", "site": "1", "token": "0123456789abcdef", **fields}
    return fetching.connect(launch, address=address, by=by, now=NOW, **values)
