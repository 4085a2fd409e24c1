"""Planning: a month of 2,000 occurrences with their hosts and guests, a series' page, and filling a year of series."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction

from accounts.models import Membership, User
from bench.scene import Row, Scene
from contacts.models import Contact, TouchpointKind
from events import filling, scheduling
from events.models import Attendance, Occurrence, Series

OCCURRENCES, GUESTS = 2_000, 4
MONTH = 28  # days over which they lie, from the first of the month
SERIES = 50


def pages(scene: Scene) -> list[Row]:
    """The month of everybody, one's own, and the page of a series."""
    with busy_team(scene) as series:
        return [
            scene.page("month of 2,000 dates, everybody’s", "/calendar/?who=all", "<= 25 ms, constant"),
            scene.page("the same, one’s own", "/calendar/?who=mine", "<= 25 ms, constant"),
            scene.page("a series", f"/series/{series.pk}/", "<= 25 ms, constant"),
        ]


def work(scene: Scene) -> list[Row]:
    """Fifty weekly series get their dates of 180 days, then nothing more to do."""
    with transaction.atomic():
        weekly = [_weekly(scene) for _ in range(SERIES)]
        rows = Occurrence.objects.filter(series__in=weekly)
        count = rows.count()
        Series.objects.filter(pk__in=[one.pk for one in weekly]).update(filled_until=None)
        Occurrence.hosts.through.objects.filter(occurrence__in=rows).delete()
        rows.delete()
        began = time.perf_counter()
        filling.fill_due(now=scene.now)
        first = time.perf_counter() - began
        began = time.perf_counter()
        filling.fill_due(now=scene.now)
        again = (time.perf_counter() - began) * 1000
        transaction.set_rollback(True)
    return [
        Row("series: dates made", count / first, "/s", goal=">= 1,000"),
        Row("series: a tick with nothing to fill", again, "ms", goal="<= 5 ms"),
    ]


@contextmanager
def busy_team(scene: Scene) -> Iterator[Series]:
    """2,000 occurrences in this month, and a series among them; gone afterwards."""
    team, now = scene.seeded.team, scene.now
    hosts = list(
        User.objects.filter(pk__in=Membership.objects.filter(team=team).values("user")).order_by("pk")[:8]
    )
    guests = list(Contact.objects.filter(team=team).order_by("pk").values_list("pk", flat=True)[:400])
    kinds = list(TouchpointKind.objects.filter(team=None, is_real=True))
    first, step = now.replace(day=1, hour=6), timedelta(days=MONTH) / OCCURRENCES
    made = Occurrence.objects.bulk_create(
        Occurrence(
            team=team,
            kind=kinds[n % len(kinds)],
            title=f"Rencontre {n}",
            place="Le Sémaphore, Caen",
            starts_at=first + n * step,
            ends_at=first + n * step + timedelta(hours=2),
            outcome="did_not" if first + n * step < now else "",
            created_by=hosts[n % len(hosts)],
            client_id=uuid.uuid4(),
            created_at=now,
        )
        for n in range(OCCURRENCES)
    )
    through = Occurrence.hosts.through
    through.objects.bulk_create(
        through(occurrence_id=row.pk, user_id=row.created_by_id)
        for row in made  # type: ignore[misc]
    )
    Attendance.objects.bulk_create(
        Attendance(occurrence=row, contact_id=guests[(n * 7 + turn * 31) % len(guests)])
        for n, row in enumerate(made)
        for turn in range(min(GUESTS, len(guests)))
    )
    series = _weekly(scene)
    try:
        yield series
    finally:
        Occurrence.objects.filter(series=series).delete()
        series.delete()
        Occurrence.objects.filter(pk__in=[row.pk for row in made]).delete()


def _weekly(scene: Scene) -> Series:
    kind = TouchpointKind.objects.get(team=None, code="apero")
    host = User.objects.get(pk=scene.seeded.manager.pk)
    wanted = scheduling.Wanted(
        kind=kind,
        starts_on=scene.now.date(),
        starts_time=scene.now.time().replace(hour=18, minute=30, second=0, microsecond=0),
        zone_name="Europe/Paris",
        rules=["FREQ=WEEKLY;BYDAY=TH"],
        hosts=[host],
    )
    key = uuid.uuid4()
    return scheduling.start(team=scene.seeded.team, by=host, client_id=key, wanted=wanted, now=scene.now)[0]
