"""What workers do for contacts."""

from celery import shared_task

from contacts import bulk_runs
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


@shared_task(name="contacts.work_at_many")
def work_at_many(pk: int) -> None:
    """Do what was asked of very many contacts, if nobody else is at it."""
    bulk_runs.work(pk, clock=clock.now)


def send_for_many(pk: int) -> None:
    """Have a worker look at it now."""
    send_for(work_at_many, pk)
