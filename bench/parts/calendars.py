"""Calendars: a big one read in, and a feed of a team that meets a lot, beside what the library alone needs."""

import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import icalendar
from django.db import transaction

from bench.scene import Row, Scene
from contacts.models import TouchpointKind
from events import calendars, filling
from events.ical.feed import of_feed
from events.models import Feed, Scope, Series

EVENTS, SERIES = 2_000, 50


def work(scene: Scene) -> list[Row]:
    """Both in one transaction that is taken back."""
    with transaction.atomic():
        rows = [_read_in(scene), _fed(scene)]
        transaction.set_rollback(True)
    return rows


def _read_in(scene: Scene) -> Row:
    seeded, content = scene.seeded, _file(scene)
    kind = TouchpointKind.objects.get(team=None, code="concert")
    alone, _calendar = _timed(lambda: icalendar.Calendar.from_ical(content))
    took, imported = _timed(
        lambda: calendars.import_file(
            content,
            "programme.ics",
            team=seeded.team,
            by=seeded.manager,
            kind=kind,
            host=seeded.manager,
            now=scene.now,
        )
    )
    assert imported.outcome.created == EVENTS
    return Row(
        f"calendar of {EVENTS:,} events read in",
        EVENTS / took,
        "/s",
        limit=EVENTS / alone,
        limit_name="icalendar reads it",
        goal=">= 0.2 x",
    )


def _fed(scene: Scene) -> Row:
    """The team's feed, with what was read in and weekly series of two years."""
    seeded = scene.seeded
    kind = TouchpointKind.objects.get(team=None, code="apero")
    for number in range(SERIES):
        series = Series.objects.create(
            team=seeded.team,
            kind=kind,
            title=f"Series {number}",
            starts_on=(scene.now - timedelta(days=730)).date(),
            starts_time=scene.now.time().replace(microsecond=0),
            zone_name="Europe/Paris",
            rules=["FREQ=WEEKLY"],
            created_by=seeded.manager,
            client_id=uuid.uuid4(),
            created_at=scene.now,
        )
        filling.fill(series, now=scene.now - timedelta(days=730))
        filling.fill(series, now=scene.now)
    feed = Feed(user=seeded.manager, team=seeded.team, scope=Scope.TEAM, created_at=scene.now)
    took, content = _timed(lambda: of_feed(feed, now=scene.now))
    read = icalendar.Calendar.from_ical(content)
    alone, _written = _timed(read.to_ical)
    return Row(
        f"feed: {SERIES} series of two years, {EVENTS:,} dates",
        took * 1000,
        "ms",
        limit=alone * 1000,
        limit_name="icalendar writes it",
        goal="<= 5 x",
    )


def _file(scene: Scene) -> bytes:
    events = [
        f"BEGIN:VEVENT\r\nUID:bench-{number}\r\nSUMMARY:Concert {number}\r\n"
        f"DTSTART:{scene.now + timedelta(hours=number + 1):%Y%m%dT%H%M%SZ}\r\nDURATION:PT2H\r\nEND:VEVENT"
        for number in range(EVENTS)
    ]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""]).encode()


def _timed(do: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = do()
    return time.perf_counter() - begun, result
