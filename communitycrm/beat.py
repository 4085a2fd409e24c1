"""A beat that sends nothing while what it sent last still waits: a worker that was off for a day finds one tick."""

import logging
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry

from foundation import queues

log = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):
    """Celery's, but for the queue it looks at first."""

    def apply_async(self, entry: ScheduleEntry, *args: Any, **kwargs: Any) -> Any:
        """Send the entry's message; None when one waits already."""
        if self._waits():
            log.info("%s waits already", entry.task)
            return None
        return super().apply_async(entry, *args, **kwargs)

    def _waits(self) -> bool:
        """Whether a message lies in the queue. A broker that cannot say so has none, and sending will tell."""
        try:
            return bool(queues.waiting(self.app))
        except queues.Silent:
            return False
