"""Asking for a worker. A message only makes work begin sooner: rows say what is to be done, and the tick looks at them."""

import logging

from celery import Task
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def send_for(task: Task, pk: int) -> None:
    """Have a worker take up the row of this id now. Without a broker it waits for the next tick."""
    try:
        task.apply_async((pk,), retry=False)
    except OperationalError:
        log.exception("no worker could be sent for %s; the tick will", task.name)
