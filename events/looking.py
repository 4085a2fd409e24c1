"""What the tick does for calendars that are followed."""

from datetime import datetime

from events import calendars
from events.tasks import send_for_worker


def look_where_due(now: datetime) -> int:
    """Send a worker to each address that is due, those of dead workers included. How many wait."""
    waiting = calendars.ask_for_due(now)
    for pk in waiting:
        send_for_worker(pk)
    return len(waiting)
