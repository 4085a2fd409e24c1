"""Clicks on relays: inserted one by one, added up by the tick, read as both together.

A row a click and no counter: nobody waits for another's row, on either database. Nothing of the person is kept,
only the relay and the team's day.
"""

import threading
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Count, F

from outreach.launches import addresses
from outreach.models import Click, ClicksOfDay, Launch

AT_ONCE = 500
"""Clicks added up in one transaction; a tick goes on until none are left."""
# Written out: building the two statements anew for each click would cost more than running them.
_WAY = (
    "SELECT r.id, r.name, l.address, t.time_zone, l.utm_source, l.utm_medium, l.utm_campaign, l.utm_content"
    " FROM outreach_relay r JOIN outreach_launch l ON l.id = r.launch_id JOIN accounts_team t ON t.id = l.team_id"
    " WHERE r.code = %s AND l.binned_at IS NULL"
)
_TURN = threading.Lock()
_CLICK = "INSERT INTO outreach_click (relay_id, day) VALUES (%s, %s)"


@dataclass(frozen=True, slots=True)
class Way:
    """Where a relay leads, and what a click on it is counted under."""

    relay: int
    target: str
    time_zone: str


def way(code: str) -> Way | None:
    """Where a code leads; None when there is no such relay, or no address to lead to. One query."""
    if not (code.isascii() and code.isalnum()):  # no code looks like that: the database need not be asked
        return None
    with connection.cursor() as cursor:
        cursor.execute(_WAY, [code])
        row = cursor.fetchone()
    if row is None:
        return None
    relay, name, address, time_zone, *parameters = row
    target = addresses.target(address, dict(zip(addresses.NAMES, parameters, strict=True)), name)
    return Way(relay, target, time_zone) if target else None


def count(found: Way, *, now: datetime) -> None:
    """Somebody clicked: one insert, committed before they are sent on."""
    with _in_turn(), connection.cursor() as cursor:
        cursor.execute(_CLICK, [found.relay, now.astimezone(_zone(found.time_zone)).date()])


def _in_turn() -> AbstractContextManager[object]:
    """SQLite lets one write at a time and the others sleep, longer each time: a process's threads rather queue."""
    return _TURN if connection.vendor == "sqlite" else nullcontext()


def add_up(now: datetime) -> int:
    """Turn clicks into sums a day and relay; how many. Side by side with others, each click is taken by one."""
    together = 0
    while some := _add_up_some():
        together += some
    return together


def by_day(launch: Launch) -> dict[int, dict[date, int]]:
    """How many clicks each of a launch's relays had on each day, by the relay's id; one query, so that no click is
    missed or seen twice while they are added up."""
    summed = ClicksOfDay.objects.filter(relay__launch=launch).values_list("relay", "day", "clicks")
    fresh = Click.objects.filter(relay__launch=launch).values_list("relay", "day").annotate(n=Count("pk"))
    found: dict[int, dict[date, int]] = {}
    for relay, day, clicks in summed.order_by().union(fresh.order_by(), all=True):
        days = found.setdefault(relay, {})
        days[day] = days.get(day, 0) + clicks
    return found


def _add_up_some() -> int:
    with transaction.atomic():
        rows = list(
            Click.objects.select_for_update(skip_locked=True)
            .order_by("pk")
            .values_list("pk", "relay", "day")[:AT_ONCE]
        )
        sums = Counter((relay, day) for _pk, relay, day in rows)
        ClicksOfDay.objects.bulk_create(
            [ClicksOfDay(relay_id=relay, day=day, clicks=0) for relay, day in sorted(sums)],
            ignore_conflicts=True,
        )
        for (relay, day), clicks in sorted(sums.items()):  # in one order: two ticks never wait for each other
            ClicksOfDay.objects.filter(relay=relay, day=day).update(clicks=F("clicks") + clicks)
        Click.objects.filter(pk__in=[pk for pk, *_ in rows]).delete()
    return len(rows)


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
