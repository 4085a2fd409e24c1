"""What is in an envelope when it is about to leave: what is still to be told, and the mail that tells it.

One thing that cannot be said does not hold up the others: it is tried again in the next day's envelope.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from notifications import kinds, mail, outbox, outcomes, reasons, rendering
from notifications.kinds import Category
from notifications.models import Delivery, DeliveryItem, How, Notification
from notifications.moments import Hours

log = logging.getLogger(__name__)


@dataclass
class Sorted:
    """The items of an envelope: to be told, of a kind nobody knows, and those whose owner raised (with what)."""

    told: list[DeliveryItem] = field(default_factory=list)
    unknown: list[DeliveryItem] = field(default_factory=list)
    broken: list[tuple[DeliveryItem, Exception]] = field(default_factory=list)


def read_ahead(batch: Sequence[Delivery], now: datetime) -> None:
    """Let each kind read at once what its notifications of a batch need; one that raises will do so again by itself."""
    of_kind: dict[str, list[Notification]] = defaultdict(list)
    for delivery in batch:
        for item in delivery.items.all():
            item.notification.recipient = delivery.recipient
            of_kind[item.notification.kind].append(item.notification)
    for name, notifications in of_kind.items():
        try:
            kinds.get(name).read_ahead(notifications, now)
        except kinds.UnknownKind:
            continue
        except Exception:
            log.exception("kind %s cannot read ahead", name)


def prepare(delivery: Delivery, hours: Hours, now: datetime) -> mail.Parcel | str:
    """Look at the world again: the mail as it is to be sent now, or the outcome that was stored instead.

    Raises kinds.UnknownKind when nobody knows anything in it, and what an owner raises when nothing else is in it.
    """
    if not outbox.may_be_mailed(delivery.recipient, hours):
        outcomes.cancelled(delivery, reasons.NOT_MAILED)
        return "cancelled"
    found = _look_again(delivery, hours, now)
    if not (found.told or found.unknown or found.broken):
        outcomes.cancelled(delivery, reasons.NOTHING_LEFT)
        return "cancelled"
    if not _is_in_time(delivery, hours, now):
        return _put_off(delivery, hours, now)
    items = _rendered(delivery, found, now)
    if not items:
        # What was tried in earlier envelopes counts too: it is given up as early as any other.
        delivery.attempts = max(delivery.attempts, *(item.attempts for item, _ in found.broken), 0)
        raise _why_nothing(found)
    _set_apart(delivery, found, hours, now)
    return mail.pack(rendering.message(delivery, items, now), delivery.address)


def _look_again(delivery: Delivery, hours: Hours, now: datetime) -> Sorted:
    """What its owner says is still true, and the person wants and has not dealt with; the rest leaves the envelope."""
    found, over = Sorted(), []
    for item in delivery.items.all():
        notification = item.notification
        notification.recipient = delivery.recipient
        if not notification.waits(now) or notification.is_expired(now):
            over.append(item.pk)
            continue
        try:
            kind = kinds.get(notification.kind)
            wanted = hours.how(kind) != How.OFF and kind.still_true(notification, now)
        except kinds.UnknownKind:
            found.unknown.append(item)
        except Exception as problem:
            log.exception("notification %s cannot be looked at", notification.pk)
            found.broken.append((item, problem))
        else:
            if wanted:
                found.told.append(item)
            else:
                over.append(item.pk)
    if over:
        DeliveryItem.objects.filter(pk__in=over).delete()
    return found


def _is_in_time(delivery: Delivery, hours: Hours, now: datetime) -> bool:
    """Whether it may leave now, in the envelope and to the address it was made for."""
    # One that may have arrived keeps its Message-ID, so it stays in its own envelope.
    is_current = bool(delivery.ambiguous_count) or delivery.address == delivery.recipient.email
    if _knows_no_night(delivery):
        return is_current
    if hours.next_allowed(now) > now:
        return False
    day = hours.day(now).isoformat()
    return is_current and (delivery.is_immediate or bool(delivery.ambiguous_count) or delivery.slot == day)


def _knows_no_night(delivery: Delivery) -> bool:
    """Alone in its envelope because its kind is immediate, not because the person likes it so."""
    if not delivery.is_immediate:
        return False
    try:
        return any(
            kinds.get(item.notification.kind).category == Category.IMMEDIATE for item in delivery.items.all()
        )
    except kinds.UnknownKind:
        return True


def _put_off(delivery: Delivery, hours: Hours, now: datetime) -> str:
    """Wait for the next allowed moment; on another day than its own it moves into that day's envelope.

    So a worker that was off for days sends one mail, not one for each day.
    """
    moment = hours.next_allowed(now)
    is_current = delivery.address == delivery.recipient.email
    stays = is_current and (delivery.is_immediate or delivery.slot == hours.day(moment).isoformat())
    if stays or delivery.ambiguous_count:
        outcomes.postponed(delivery, moment)
        return "postponed"
    with transaction.atomic():
        if outcomes.cancelled(delivery, reasons.MOVED):
            for item in DeliveryItem.objects.filter(delivery=delivery).select_related("notification"):
                _move(item, delivery, hours, now)
    return "moved"


def _move(
    item: DeliveryItem, delivery: Delivery, hours: Hours, now: datetime, problem: Exception | None = None
) -> None:
    """Into the person's next envelope; for a `problem` into that of another day, as often as an envelope is tried."""
    notification, attempts = item.notification, max(item.attempts, delivery.attempts)
    try:
        kind = kinds.get(notification.kind)
    except kinds.UnknownKind as unknown:
        outbox.put_aside(notification, recipient=delivery.recipient, why=str(unknown), now=now)
        return
    said = f"{type(problem).__name__}: {problem}" if problem else item.last_error
    attempts += bool(problem)
    if attempts >= outcomes.MOST_ATTEMPTS:
        log.error("notification %s is given up: %s", notification.pk, said)
        return
    after = hours.day(now) if problem else None
    moved = outbox.put_in_envelope(
        notification, kind, recipient=delivery.recipient, hours=hours, now=now, after=after
    )
    if moved is not None and attempts:
        DeliveryItem.objects.filter(pk=moved.pk).update(attempts=attempts, last_error=said)


def _rendered(delivery: Delivery, found: Sorted, now: datetime) -> list[rendering.Item]:
    """What can be said; whatever raises joins what is broken."""
    items = []
    with rendering.spoken_to(delivery.recipient):
        for item in found.told:
            try:
                items.append(rendering.item(item.notification, now))
            except Exception as problem:
                log.exception("notification %s cannot be rendered", item.notification.pk)
                found.broken.append((item, problem))
    return items


def _why_nothing(found: Sorted) -> Exception:
    if found.broken:
        return found.broken[0][1]
    return kinds.UnknownKind(found.unknown[0].notification.kind)


def _set_apart(delivery: Delivery, found: Sorted, hours: Hours, now: datetime) -> None:
    """What cannot be said today leaves the envelope, so that the rest can go."""
    if not (found.unknown or found.broken):
        return
    with transaction.atomic():
        for item, problem in [*((item, None) for item in found.unknown), *found.broken]:
            if DeliveryItem.objects.filter(pk=item.pk).delete()[0]:
                _move(item, delivery, hours, now, problem)
