"""What the tick does for work of ours that outlives its worker."""

from datetime import datetime

from contacts.imports import runs
from contacts.tasks import send_for_worker


def restart_imports(now: datetime) -> int:
    """Send a worker to each import that waits for one, those of dead workers included; old files go. How many wait."""
    waiting = runs.restart(now)
    for pk in waiting:
        send_for_worker(pk)
    runs.forget_old(now)
    return len(waiting)
