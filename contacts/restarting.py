"""What the tick does for work of ours that outlives its worker."""

from datetime import datetime

from contacts import bulk_runs
from contacts.imports import runs
from contacts.tasks import send_for_many, send_for_worker


def restart_imports(now: datetime) -> int:
    """Send a worker to each import that waits for one, those of dead workers included; old files go. How many wait."""
    waiting = runs.restart(now)
    for pk in waiting:
        send_for_worker(pk)
    runs.forget_old(now)
    return len(waiting)


def restart_bulk(now: datetime) -> int:
    """The same for what is done with very many contacts at once."""
    waiting = bulk_runs.restart(now)
    for pk in waiting:
        send_for_many(pk)
    return len(waiting)
