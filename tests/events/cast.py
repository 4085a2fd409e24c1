"""Occurrences as the rows say them."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Team, User
from contacts.models import Contact
from events import scheduling
from events.models import Attendance, Occurrence, Series
from tests.cast import NOW, touchpoint_kind


def make_occurrence(
    team: Team,
    host: User,
    contacts: tuple[Contact, ...] = (),
    starts_at: datetime = NOW + timedelta(days=2),
    kind: str = "apero",
    others: tuple[User, ...] = (),
    **fields: Any,
) -> Occurrence:
    """A plan of an hour, hosted by `host` and `others`; the contacts are invited."""
    defaults: dict[str, Any] = {
        "ends_at": starts_at + timedelta(hours=1),
        "created_by": host,
        "client_id": uuid.uuid4(),
        "created_at": min(starts_at, NOW),
    }
    occurrence = Occurrence.objects.create(
        team=team, kind=touchpoint_kind(kind), starts_at=starts_at, **{**defaults, **fields}
    )
    occurrence.hosts.set([host, *others])
    Attendance.objects.bulk_create(
        [Attendance(occurrence=occurrence, contact=contact) for contact in contacts]
    )
    return occurrence


def make_series(
    team: Team,
    host: User,
    rules: tuple[str, ...] = ("FREQ=WEEKLY;BYDAY=TH",),
    starts_on: date = date(2026, 11, 26),
    kind: str = "apero",
    others: tuple[User, ...] = (),
    now: datetime = NOW,
    **fields: Any,
) -> Series:
    """A series in Paris at half past six, with its dates of the coming 180 days."""
    wanted = wanted_of(rules, starts_on=starts_on, kind=kind, hosts=[host, *others], **fields)
    series, _ = scheduling.start(team=team, by=host, client_id=uuid.uuid4(), wanted=wanted, now=now)
    return series


def wanted_of(rules: tuple[str, ...], kind: str = "apero", **fields: Any) -> scheduling.Wanted:
    """What a series is to say."""
    defaults: dict[str, Any] = {
        "starts_on": date(2026, 11, 26),
        "starts_time": time(18, 30),
        "zone_name": "Europe/Paris",
    }
    return scheduling.Wanted(kind=touchpoint_kind(kind), rules=rules, **{**defaults, **fields})


def address(name: str, *args: object) -> str:
    """A page of this app."""
    return reverse(f"events:{name}", args=args)


def said(answer: HttpResponse) -> list[str]:
    """The messages that an answer carries."""
    return [str(message) for message in get_messages(answer.wsgi_request)]
