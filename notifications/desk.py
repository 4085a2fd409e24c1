"""What admins see of delivery: what is due, late, failed, unsure or held, and what they can do about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Min, Q

from accounts import audit
from accounts.models import User
from notifications import pulses, reasons
from notifications.models import Address, Delivery, DeliveryQuerySet, State

LATE_AFTER = timedelta(minutes=10)
SILENT_AFTER = timedelta(minutes=10)

SHELVES: dict[str, Q] = {
    "due": Q(state__in=[State.QUEUED, State.LEASED, State.SUBMITTING]),
    "failed": Q(state=State.FAILED),
    "ambiguous": Q(state=State.AMBIGUOUS) | Q(ambiguous_count__gt=0, state=State.SENT),
    "held": Q(state=State.HELD),
}
"""What the page can show; "ambiguous" also those that were sent twice because of it."""
CAN_BE_DROPPED = (State.QUEUED, State.AMBIGUOUS, State.HELD, State.FAILED)
CAN_BE_SENT_AGAIN = (State.AMBIGUOUS, State.HELD, State.FAILED)


@dataclass(frozen=True)
class Health:
    """Delivery at a moment: how old the oldest envelope that is due is, how long ago the last tick, and counts."""

    oldest_due: timedelta
    since_tick: timedelta | None
    ambiguous: int
    held: int

    @property
    def late(self) -> timedelta:
        """By how much reminders are late: none as long as what is due leaves within ten minutes."""
        silent = self.since_tick if self.since_tick and self.since_tick > SILENT_AFTER else timedelta()
        overdue = self.oldest_due if self.oldest_due > LATE_AFTER else timedelta()
        return max(silent, overdue)

    @property
    def late_minutes(self) -> int:
        return int(self.late / timedelta(minutes=1))


def health(now: datetime) -> Health:
    """In two queries."""
    unfinished = Delivery.objects.filter(state__in=[State.QUEUED, State.LEASED, State.AMBIGUOUS, State.HELD])
    found = unfinished.aggregate(
        oldest=Min("due_at", filter=Q(due_at__lte=now) & ~Q(state=State.HELD)),
        ambiguous=Count("pk", filter=Q(state=State.AMBIGUOUS)),
        held=Count("pk", filter=Q(state=State.HELD)),
    )
    tick = pulses.last("tick")
    return Health(
        oldest_due=now - found["oldest"] if found["oldest"] else timedelta(),
        since_tick=max(timedelta(), now - tick) if tick else None,
        ambiguous=found["ambiguous"],
        held=found["held"],
    )


def counts() -> dict[str, int]:
    """How many envelopes lie on each shelf. One query."""
    return Delivery.objects.aggregate(**{name: Count("pk", filter=shelf) for name, shelf in SHELVES.items()})


def shelf(name: str) -> DeliveryQuerySet:
    """The envelopes of a shelf, the oldest due first; failed and unsure ones the latest first."""
    order = ("due_at", "pk") if name in ("due", "held") else ("-due_at", "-pk")
    return Delivery.objects.filter(SHELVES[name]).select_related("recipient").order_by(*order)


def send_again(delivery: Delivery, *, by: User, now: datetime) -> bool:
    """Back to the queue, under the same Message-ID; an address that was refused gets another try with it."""
    with transaction.atomic():
        waiting = Delivery.objects.filter(pk=delivery.pk, state__in=CAN_BE_SENT_AGAIN)
        values = {
            "state": State.QUEUED,
            "due_at": now,
            "attempts": 0,
            "lease_token": None,
            "leased_until": None,
        }
        if not waiting.update(**values):
            return False
        Address.objects.filter(value=delivery.address.lower()).delete()
        audit.record(
            action="delivery.sent_again", actor=by, subject=delivery.recipient, now=now, delivery=delivery.pk
        )
    return True


def drop(delivery: Delivery, *, by: User, now: datetime) -> bool:
    """It is not sent any more. What it says stays in the app."""
    with transaction.atomic():
        waiting = Delivery.objects.filter(pk=delivery.pk, state__in=CAN_BE_DROPPED)
        if not waiting.update(state=State.CANCELLED, last_error=reasons.DROPPED % {"name": by.name}):
            return False
        audit.record(
            action="delivery.dropped", actor=by, subject=delivery.recipient, now=now, delivery=delivery.pk
        )
    return True


def try_address(address: Address, *, by: User, now: datetime) -> None:
    """The address was put right at the other end: mail may go there again."""
    with transaction.atomic():
        audit.record(action="delivery.address_tried", actor=by, now=now, address=address.pk)
        address.delete()
