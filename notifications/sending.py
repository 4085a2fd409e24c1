"""The way of an envelope: claimed, looked at again, rendered, addressed, handed over, its outcome stored.

No network inside a transaction, and no transaction across two steps: a sender may die anywhere.
"""

import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from notifications import claiming, kinds, mail, moments, outbox, outcomes, rendering
from notifications.kinds import Category
from notifications.models import Delivery, DeliveryItem, Notification

log = logging.getLogger(__name__)

# Well below the broker's visibility timeout (settings): a pass that goes on for longer is run twice.
LONGEST_PASS = timedelta(minutes=10)
WHEN_UNREACHABLE = timedelta(minutes=1)

Clock = Callable[[], datetime]


class _Stop(Exception):
    """The mail server cannot be reached: this pass is over."""


def drain(now: datetime, *, longest: timedelta = LONGEST_PASS) -> Counter[str]:
    """Send what is due; how many envelopes had which outcome ("sent", "postponed", "cancelled", ...).

    Several may run side by side. `now` is when the pass begins; leases run from the time that passes in it.
    """
    begun = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - begun)

    tally: Counter[str] = Counter()
    with contextlib.closing(mail.open_office()) as office, contextlib.suppress(_Stop):
        while clock() < now + longest and (batch := claiming.claim(clock())):
            _send_batch(batch, office, clock, tally)
    return tally


def _send_batch(batch: list[Delivery], office: mail.Office, clock: Clock, tally: Counter[str]) -> None:
    for position, delivery in enumerate(batch):
        try:
            tally[_send(delivery, office, clock)] += 1
        except mail.Unreachable as problem:
            log.warning("the mail server cannot be reached: %s", problem)
            due_at = clock() + WHEN_UNREACHABLE
            for waiting in batch[position:]:
                outcomes.postponed(waiting, due_at, str(problem))
                tally["unreachable"] += 1
            raise _Stop from problem


def _send(delivery: Delivery, office: mail.Office, clock: Clock) -> str:
    """One envelope, to its outcome in one word. Raises mail.Unreachable; then nothing has happened to it."""
    try:
        prepared = _prepare(delivery, clock())
    except kinds.UnknownKind as problem:
        outcomes.held(delivery, f"Nobody knows the kind {problem}.")
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


def _prepare(delivery: Delivery, now: datetime) -> mail.Parcel | str:
    """Look at the world again: the mail as it is to be sent now, or the outcome that was stored instead."""
    hours = moments.hours_of(delivery.recipient)
    if not outbox.may_be_mailed(delivery.recipient, hours):
        outcomes.cancelled(delivery, "This person is not to be mailed.")
        return "cancelled"
    notifications = _still_to_tell(delivery, now)
    if not notifications:
        outcomes.cancelled(delivery, "Nothing was left to tell.")
        return "cancelled"
    if not _is_in_time(delivery, hours, now):
        return _put_off(delivery, notifications, hours, now)
    return mail.pack(rendering.message(delivery, notifications, now), delivery.address)


def _still_to_tell(delivery: Delivery, now: datetime) -> list[Notification]:
    """What its owner says is still true, and the person has not dealt with; the rest leaves the envelope."""
    told = []
    for item in delivery.items.all():
        notification = item.notification
        notification.recipient = delivery.recipient
        kind = kinds.get(notification.kind)
        if (
            notification.waits(now)
            and not notification.is_expired(now)
            and kind.still_true(notification, now)
        ):
            told.append(notification)
        else:
            DeliveryItem.objects.filter(pk=item.pk).delete()
    return told


def _is_in_time(delivery: Delivery, hours: moments.Hours, now: datetime) -> bool:
    """Whether it may leave now, in the envelope and to the address it was made for."""
    if delivery.is_immediate:
        return delivery.address == delivery.recipient.email
    if hours.next_allowed(now) > now:
        return False
    # One that may have arrived keeps its Message-ID, so it stays in its own envelope.
    return bool(delivery.ambiguous_count) or (
        delivery.slot == hours.day(now).isoformat() and delivery.address == delivery.recipient.email
    )


def _put_off(
    delivery: Delivery, notifications: list[Notification], hours: moments.Hours, now: datetime
) -> str:
    """Wait for the next allowed moment; on another day than its own it moves into that day's envelope.

    So a worker that was off for days sends one mail, not one for each day.
    """
    moment = hours.next_allowed(now)
    same_day = delivery.slot == hours.day(moment).isoformat() and delivery.address == delivery.recipient.email
    if same_day or delivery.ambiguous_count:
        outcomes.postponed(delivery, moment)
        return "postponed"
    category = Category.IMMEDIATE if delivery.is_immediate else Category.REMINDER
    with transaction.atomic():
        if outcomes.cancelled(delivery, "Moved into a later envelope."):
            for notification in notifications:
                outbox.put_in_envelope(notification, category, recipient=delivery.recipient, now=now)
    return "moved"
