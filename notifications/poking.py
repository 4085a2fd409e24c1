"""What leaves at once need not wait for the next beat: a worker is asked for a pass. Rows remain the truth."""

import logging

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from foundation import queues

log = logging.getLogger(__name__)


def poke_on_commit() -> None:
    """Once the transaction is stored, send what the beat sends, a moment earlier; never two that wait.

    Without a broker nothing is lost: the next tick finds the envelope, Celery's or that of `manage.py tick`.
    """
    transaction.on_commit(poke)


def poke() -> None:
    """Ask for a pass now, unless one waits already."""
    beat = settings.CELERY_BEAT_SCHEDULE["tick"]
    try:
        if not queues.waiting(current_app):
            current_app.send_task(beat["task"], retry=False, **beat["options"])
    except (queues.Silent, OperationalError):
        log.exception("no worker could be sent for; the tick will")
