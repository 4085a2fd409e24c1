"""What workers do for contacts."""

from celery import shared_task

from contacts.imports import runs
from foundation import clock
from foundation.workers import send_for


@shared_task(name="contacts.work_at_import")
def work_at_import(pk: int) -> None:
    """Check or save an import, if nobody else is at it."""
    runs.work(pk, clock=clock.now)


def send_for_worker(pk: int) -> None:
    """Have a worker look at an import now."""
    send_for(work_at_import, pk)
