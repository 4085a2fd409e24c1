"""Clicks on relays: inserted one by one, added up by the tick, read as both together.

A row a click and no counter: nobody waits for another's row, on either database. Nothing of the person is kept,
only the relay and the team's day.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from outreach.launches import addresses
from outreach.models import Click, Relay

AT_ONCE = 5000
"""Clicks added up in one transaction; a tick goes on until none are left."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where a relay leads, and what a click on it is counted under."""

    relay: int
    target: str
    zone: ZoneInfo


def way(code: str) -> Way | None:
    """Where a code leads; None when there is no such relay, or no address to lead to. One query."""
    columns = (
        "pk",
        "name",
        "launch__address",
        "launch__team__time_zone",
        *(f"launch__{n}" for n in addresses.NAMES),
    )
    row = Relay.objects.filter(code=code, launch__binned_at=None).values(*columns).first()
    if row is None:
        return None
    parameters = {name: row[f"launch__{name}"] for name in addresses.NAMES}
    target = addresses.target(row["launch__address"], parameters, row["name"])
    return Way(row["pk"], target, ZoneInfo(row["launch__team__time_zone"])) if target else None


def count(found: Way, *, now: datetime) -> None:
    """Somebody clicked: one insert."""
    Click.objects.create(relay_id=found.relay, day=now.astimezone(found.zone).date())
