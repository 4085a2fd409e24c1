"""The way of an envelope: claimed, looked at again, rendered, addressed, handed over, its outcome stored.

No network inside a transaction, and no transaction across two steps: a sender may die anywhere.
"""

import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from notifications import claiming, envelopes, kinds, mail, moments, outcomes
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
    now: datetime, *, longest: timedelta = LONGEST_PASS, stop: Callable[[], bool] = lambda: False
) -> Counter[str]:
    """Send what is due; how many envelopes had which outcome ("sent", "postponed", "cancelled", ...).

    Several may run side by side. `now` is when the pass begins; leases run from the time that passes in it. Once
    `stop` says so, the message in hand is finished and the rest goes back to the queue.
    """
    begun = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - begun)

    tally: Counter[str] = Counter()
    with contextlib.closing(mail.open_office()) as office, contextlib.suppress(_Stop):
        while not stop() and clock() < now + longest and (batch := claiming.claim(clock())):
            _send_batch(batch, office, clock, stop, tally)
    return tally


def _send_batch(
    batch: list[Delivery], office: mail.Office, clock: Clock, stop: Callable[[], bool], tally: Counter[str]
) -> None:
    """All envelopes of a claim; what several of them need is read once."""
    hours = moments.hours_of_many(delivery.recipient for delivery in batch)
    envelopes.read_ahead(batch, clock())
    for position, delivery in enumerate(batch):
        if stop():
            _give_back(batch[position:], clock(), "The sender was asked to end.", "left", tally)
            raise _Stop
        try:
            tally[_send(delivery, hours[delivery.recipient_id], office, clock)] += 1
        except mail.Unreachable as problem:
            log.warning("the mail server cannot be reached: %s", problem)
            later = clock() + WHEN_UNREACHABLE
            _give_back(batch[position:], later, str(problem), "unreachable", tally)
            raise _Stop from problem


def _give_back(batch: list[Delivery], due_at: datetime, why: str, word: str, tally: Counter[str]) -> None:
    for waiting in batch:
        outcomes.postponed(waiting, due_at, why)
        tally[word] += 1


def _send(delivery: Delivery, hours: Hours, office: mail.Office, clock: Clock) -> str:
    """One envelope, to its outcome in one word. Raises mail.Unreachable; then nothing has happened to it."""
    try:
        prepared = envelopes.prepare(delivery, hours, clock())
    except kinds.UnknownKind as problem:
        outcomes.held(delivery, str(problem))
        return "held"
    except Exception as problem:
        log.exception("envelope %s cannot be prepared", delivery.pk)
        outcomes.failed_attempt(delivery, clock(), f"{type(problem).__name__}: {problem}")
        return "failed attempt"
    if isinstance(prepared, str):
        return prepared
    try:
        office.address(prepared)
        if not outcomes.submitting(delivery, clock()):
            return "taken by another sender"
        office.hand_over(prepared)
    except mail.NotYet as problem:
        outcomes.failed_attempt(delivery, clock(), str(problem))
        return "failed attempt"
    except mail.Refused as problem:
        outcomes.refused(delivery, clock(), str(problem))
        return "refused"
    except mail.Unknown as problem:
        outcomes.ambiguous(delivery, clock(), str(problem))
        return "ambiguous"
    outcomes.sent(delivery, clock())
    return "sent"
