"""What workers do for events."""

import logging

from celery import shared_task

from events import calendars
from foundation import clock

log = logging.getLogger(__name__)


@shared_task(name="events.refresh_calendar")
def refresh_calendar(pk: int) -> None:
    """Look at a subscribed calendar, if nobody else is at it."""
    calendars.refresh(pk, clock=clock.now)


def send_for_worker(pk: int) -> None:
    """Have a worker look at a calendar now. Without a broker it waits for the next tick: the row is the truth."""
    try:
        refresh_calendar.apply_async((pk,), retry=False)
    except Exception:
        log.exception("no worker could be sent for; the tick will")
