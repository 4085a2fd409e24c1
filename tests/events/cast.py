"""Occurrences as the rows say them."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Team, User
from contacts.models import Contact
from events.models import Attendance, Occurrence
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
