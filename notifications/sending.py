"""The way of an envelope: claimed, looked at again, rendered, addressed, handed over, its outcome stored.

No network inside a transaction, and no transaction across two steps: a sender may die anywhere.
"""

import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from notifications import claiming, envelopes, kinds, mail, moments, outcomes, reasons
from notifications.models import Delivery
from notifications.moments import Hours

log = logging.getLogger(__name__)

# Well below the broker's visibility timeout (settings): a pass that goes on for longer is run twice.
LONGEST_PASS = timedelta(minutes=10)
WHEN_UNREACHABLE = timedelta(minutes=1)

Clock = Callable[[], datetime]


class _Stop(Exception):
    """This pass is over: the mail server cannot be reached, or the process was asked to end."""


def drain(
    now: datetime,
    *,
    longest: timedelta = LONGEST_PASS,
    stop: Callable[[], bool] = lambda: False,
    more: Callable[[], None] = lambda: None,
) -> Counter[str]:
    """Send what is due; how many envelopes had which outcome ("sent", "postponed", "cancelled", ...).

    `now` is when the pass begins; leases run from the time that passes in it. Once `stop` says so, the message in hand
    is finished and the rest goes back to the queue. Several may run side by side: while one waits for its mail server
    or the disk, another gets on. A pass that finds more than it can take at once calls `more`, once.
    """
    begun = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - begun)

    with contextlib.closing(mail.open_office()) as office:
        sender = _Sender(office, clock, stop)
        with contextlib.suppress(_Stop):
            while not stop() and clock() < now + longest and (batch := claiming.claim(clock())):
                if len(batch) == claiming.BATCH and not sender.tally:
                    more()
                sender.send_batch(batch)
    return sender.tally


class _Sender:
    """One pass over one connection.

    That a message was taken is stored together with the next one's `submitting`, in one statement: of what a dying
    process leaves behind, never more than one message is in doubt.
    """

    def __init__(self, office: mail.Office, clock: Clock, stop: Callable[[], bool]) -> None:
        self.office, self.clock, self.stop = office, clock, stop
        self.tally: Counter[str] = Counter()
        self.taken: tuple[Delivery, datetime] | None = None

    def send_batch(self, batch: list[Delivery]) -> None:
        """All envelopes of a claim; what several of them need is read once."""
        looked_at = self.clock()
        hours = moments.hours_of_many(delivery.recipient for delivery in batch)
        envelopes.read_ahead(batch, looked_at)
        try:
            for position, delivery in enumerate(batch):
                self._send_or_stop(batch[position:], hours[delivery.recipient_id], looked_at)
        finally:
            self._store_taken()

    def _send_or_stop(self, rest: list[Delivery], hours: Hours, looked_at: datetime) -> None:
        """The first of the rest; or all of it goes back to the queue. Raises _Stop."""
        if self.stop():
            self._give_back(rest, self.clock(), reasons.ASKED_TO_END, "left")
            raise _Stop
        try:
            self.tally[self._send(rest[0], hours, looked_at)] += 1
        except mail.Unreachable as problem:
            log.warning("the mail server cannot be reached: %s", problem)
            self._give_back(rest, self.clock() + WHEN_UNREACHABLE, str(problem), "unreachable")
            raise _Stop from problem

    def _give_back(self, rest: list[Delivery], due_at: datetime, why: str, word: str) -> None:
        for waiting in rest:
            outcomes.postponed(waiting, due_at, why)
            self.tally[word] += 1

    def _send(self, delivery: Delivery, hours: Hours, looked_at: datetime) -> str:
        """One envelope, to its outcome in one word. Raises mail.Unreachable; then nothing has happened to it."""
        try:
            prepared = envelopes.prepare(delivery, hours, looked_at)
        except kinds.UnknownKind as problem:
            outcomes.held(delivery, str(problem))
            return "held"
        except Exception as problem:
            log.exception("envelope %s cannot be prepared", delivery.pk)
            outcomes.failed_attempt(delivery, self.clock(), f"{type(problem).__name__}: {problem}")
            return "failed attempt"
        return prepared if isinstance(prepared, str) else self._mail(delivery, prepared)

    def _mail(self, delivery: Delivery, parcel: mail.Parcel) -> str:
        try:
            self.office.address(parcel)
            if not self._submitting(delivery):
                return "taken by another sender"
            self.office.hand_over(parcel)
        except mail.NotYet as problem:
            outcomes.failed_attempt(delivery, self.clock(), str(problem))
            return "failed attempt"
        except mail.Refused as problem:
            outcomes.refused(delivery, self.clock(), str(problem))
            return "refused"
        except mail.Unknown as problem:
            outcomes.ambiguous(delivery, self.clock(), str(problem))
            return "ambiguous"
        self.taken = delivery, self.clock()
        return "sent"

    def _submitting(self, delivery: Delivery) -> bool:
        is_ours = outcomes.submitting(delivery, self.clock(), self.taken)
        self.taken = None
        return is_ours

    def _store_taken(self) -> None:
        if self.taken is not None:
            outcomes.sent(*self.taken)
            self.taken = None
