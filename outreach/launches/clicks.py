"""Clicks on relays: inserted as they come (see outreach.launches.following), added up by the tick, read as both together.

A row a click and no counter: nobody waits for another's row, on either database. Nothing of the person is kept,
only the relay and the team's day.
"""

from collections import Counter
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, F

from outreach.models import Click, ClicksOfDay, Launch

AT_ONCE = 500
"""Clicks added up in one transaction; a tick goes on until none are left."""


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
