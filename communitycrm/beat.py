"""A beat that sends nothing while what it sent last still waits: a worker that was off for a day finds one tick."""

import logging
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry
from kombu.exceptions import KombuError

log = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):
    """Celery's, but for the queue it looks at first."""

    def apply_async(
        self,
        entry: ScheduleEntry,
        producer: Any = None,
        advance: bool = True,
        **kwargs: Any,  # as Celery calls it
    ) -> Any:
        """Send the entry's message; None when one waits already."""
        if self._waits():
            if advance:
                self.reserve(entry)
            return None
        return super().apply_async(entry, producer=producer, advance=advance, **kwargs)

    def _waits(self) -> bool:
        """Whether a message lies in the queue. A broker that cannot say so has none, and sending will tell."""
        queue = self.app.conf.task_default_queue
        try:
            with self.app.connection_for_read() as connection:
                declared = connection.default_channel.queue_declare(queue=queue, passive=True)
                return bool(declared.message_count)
        except (OSError, KombuError, *self.connection_errors()):
            return False

    def connection_errors(self) -> tuple[type[Exception], ...]:
        """What goes wrong with the broker at hand."""
        connection = self.app.connection_for_read()
        return (*connection.connection_errors, *connection.channel_errors)
