"""What workers do for events."""

from celery import shared_task

from events import calendars
from foundation import clock
from foundation.workers import send_for


@shared_task(name="events.refresh_calendar")
def refresh_calendar(pk: int) -> None:
    """Look at a subscribed calendar, if nobody else is at it."""
    calendars.refresh(pk, clock=clock.now)


def send_for_worker(pk: int) -> None:
    """Have a worker look at a calendar now."""
    send_for(refresh_calendar, pk)
