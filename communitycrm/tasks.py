"""The beat of the house. A lost message costs a minute: everything it sets off is in rows."""

import logging
import threading
from typing import Any

from celery import shared_task
from celery.signals import worker_init, worker_ready, worker_shutting_down
from django.conf import settings

from communitycrm import checks, ticking
from foundation import clock
from notifications import poking

log = logging.getLogger(__name__)
stopping = threading.Event()


@shared_task(name="communitycrm.tick")
def tick() -> None:
    """One pass over everything that is due; where much is, the worker's other threads come to help."""
    ticking.tick(now=clock.now(), stop=stopping.is_set, more=poking.poke)


@worker_init.connect
def see_to_the_broker(**kwargs: Any) -> None:
    """A Redis that forgets is refused in production, and warned of elsewhere."""
    problems = checks.unsafe_redis(settings)
    if problems and settings.MODE == "production":
        raise SystemExit("MODE=production, and so the worker does not start: " + " ".join(problems))
    for problem in problems:
        log.warning(problem)


@worker_ready.connect
def at_once(**kwargs: Any) -> None:
    """A worker that comes back looks at what it missed, without waiting for the next beat."""
    tick.delay()


@worker_shutting_down.connect
def finish_what_is_in_hand(**kwargs: Any) -> None:
    """Asked to end (SIGTERM), the pass under way finishes the message in hand and leaves the rest to others."""
    stopping.set()
