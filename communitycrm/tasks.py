"""The beat of the house. A lost message costs a minute: everything it sets off is in rows."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from communitycrm import ticking
from foundation import clock


@shared_task(name="communitycrm.tick")
def tick() -> None:
    """One pass over everything that is due."""
    ticking.tick(now=clock.now())


@worker_ready.connect
def at_once(**kwargs: Any) -> None:
    """A worker that comes back looks at what it missed, without waiting for the next beat."""
    tick.delay()
