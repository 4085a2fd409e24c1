"""What workers do for contacts."""

import logging

from celery import shared_task

from contacts.imports import runs
from foundation import clock

log = logging.getLogger(__name__)


@shared_task(name="contacts.work_at_import")
def work_at_import(pk: int) -> None:
    """Check or save an import, if nobody else is at it."""
    runs.work(pk, clock=clock.now)


def send_for_worker(pk: int) -> None:
    """Have a worker look at an import now. Without a broker it waits for the next tick: the row is the truth."""
    try:
        work_at_import.apply_async((pk,), retry=False)
    except Exception:
        log.exception("no worker could be sent for; the tick will")
