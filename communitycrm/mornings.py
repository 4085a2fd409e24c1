"""What people are told in the morning, once a local day: each room looks at its own, in one transaction a person.

A round is a function of a Morning that calls `outbox.notify` under keys that make it idempotent.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from contacts import reminders as contacts
from events import asking, planning
from events import reminders as events
from notifications import mornings
from notifications.mornings import Morning
from outreach import reminders as outreach
from outreach.launches import telling as launches
from ratio import digests
from ratio.models import Leave

log = logging.getLogger(__name__)


def whom_to_see(morning: Morning) -> None:
    """The contacts know who is due, the events who is booked. Not where another reminder of the day names them."""
    if morning.is_last_of_week() or digests.names_people(morning.person, morning.day):
        return
    booked = planning.booked(morning.membership.team, morning.now)
    contacts.tell_whom_to_see(morning, booked=booked)


ROUNDS: tuple[Callable[[Morning], None], ...] = (
    contacts.tell_promises,
    asking.tell,
    events.tell,
    whom_to_see,
    outreach.tell,
    launches.tell,
    digests.tell,
)


def go_round(now: datetime) -> int:
    """Everybody's morning that is due; how many people were looked at. On days of leave nothing is said."""
    looked_at = sum(_look_at(of_person) for of_person in mornings.due(now))
    if looked_at:
        mornings.forget(now)
    return looked_at


def _look_at(of_person: list[Morning]) -> bool:
    with transaction.atomic():
        if not mornings.begin(of_person[0]):
            return False
        for morning in of_person:
            if not _is_away(morning):
                _say(morning)
    return True


def _say(morning: Morning) -> None:
    """Each round; what is wrong with one does not cost the others."""
    for tell in ROUNDS:
        try:
            with transaction.atomic():
                tell(morning)
        except Exception:
            log.exception("%s failed", tell.__name__, extra={"person": morning.person.pk})


def _is_away(morning: Morning) -> bool:
    leave = Leave.objects.filter(manager=morning.person, team=morning.membership.team)
    return leave.filter(first_day__lte=morning.day, last_day__gte=morning.day).exists()
