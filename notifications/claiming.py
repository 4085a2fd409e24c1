"""Who sends which envelope: claim it, give it back when its sender died, cancel what nobody needs any more.

Every step is a conditional update; locks only keep senders out of each other's way.
"""

import uuid
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Prefetch, Q

from foundation.compiled import Compiled, given
from notifications import reasons
from notifications.models import IMMEDIATE, Delivery, DeliveryItem, DeliveryQuerySet, State

BATCH = 25
"""What a claim costs, its nine queries, is shared by so many; at two seconds a mail they still leave within the lease."""
LEASE = timedelta(seconds=60)
SECOND_TRY = timedelta(minutes=15)


def claim(now: datetime, *, limit: int = BATCH) -> list[Delivery]:
    """Take up to `limit` envelopes that are due, oldest first, for 60 seconds; nobody else gets them meanwhile.

    A person's envelopes of several days are taken one after the other, so that a late one can move into today's
    before that leaves. PostgreSQL skips rows that another sender is just taking. On SQLite the transaction itself
    begins as a writer (`transaction_mode=IMMEDIATE`), so only one sender claims at a time.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        mine = _waiting(limit).rows(now=now)
        due = Delivery.objects.due(now).filter(pk__in=mine)
        due.update(state=State.LEASED, lease_token=token, leased_until=now + LEASE)
    claimed = _with_items().rows(pks=mine) if mine else []
    return [delivery for delivery in claimed if delivery.lease_token == token]


@cache
def _waiting(limit: int) -> Compiled:
    """The ids of those that may be taken, the oldest first."""
    now = given("now")
    waiting = Delivery.objects.due(now).filter(IMMEDIATE | ~Exists(_earlier_days(now)))
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    return Compiled(waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


@cache
def _with_items() -> Compiled:
    """Envelopes with whom they are for and what is in them."""
    items = Prefetch("items", DeliveryItem.objects.select_related("notification"))
    envelopes = Delivery.objects.filter(pk__in=given("pks")).order_by("due_at", "pk")
    return Compiled(envelopes.select_related("recipient").prefetch_related(items))


def _earlier_days(now: Any) -> DeliveryQuerySet:
    """What is due or in hand for the same person from a day before; an ISO date sorts as text."""
    return Delivery.objects.filter(
        ~IMMEDIATE,
        recipient=OuterRef("recipient"),
        slot__lt=OuterRef("slot"),
        state__in=[State.QUEUED, State.LEASED],
        due_at__lte=now,
    )


def reap(now: datetime) -> int:
    """Take back what its sender never finished; the number of envelopes.

    One that was not handed over yet waits again. One whose sender died between the hand-over and the stored answer
    may have arrived or not: it is sent once more after 15 minutes, under the same Message-ID; the second time it is
    held for an admin.
    """
    ran_out = Delivery.objects.filter(leased_until__lt=now)
    waiting = ran_out.filter(state=State.LEASED).update(
        state=State.QUEUED,
        lease_token=None,
        leased_until=None,
        last_error=reasons.STOPPED,
    )
    # The token stays: should the sender be alive after all, its late answer still counts (`outcomes.sent`).
    unknown = ran_out.filter(state=State.SUBMITTING)
    held = unknown.filter(ambiguous_count__gte=1).update(
        state=State.HELD,
        ambiguous_count=F("ambiguous_count") + 1,
        leased_until=None,
        last_error=reasons.IN_DOUBT,
    )
    again = unknown.filter(ambiguous_count=0).update(
        state=State.AMBIGUOUS,
        ambiguous_count=1,
        due_at=now + SECOND_TRY,
        leased_until=None,
        last_error=reasons.IN_DOUBT,
    )
    return waiting + held + again


def expire(now: datetime) -> int:
    """Cancel waiting envelopes in which nothing is left to tell; the number of envelopes.

    The rows are locked before they are looked at a second time, so that nothing is being put into them.
    """
    with transaction.atomic():
        candidates = _nothing_left(now)
        if connection.features.has_select_for_update_skip_locked:
            candidates = candidates.select_for_update(skip_locked=True, of=("self",))
        locked = list(candidates.values_list("pk", flat=True))
        if not locked:
            return 0
        return (
            _nothing_left(now)
            .filter(pk__in=locked)
            .update(state=State.CANCELLED, last_error=reasons.NOTHING_LEFT)
        )


def _nothing_left(now: datetime) -> DeliveryQuerySet:
    """Queued envelopes without an item that is neither done nor expired."""
    alive = DeliveryItem.objects.filter(
        Q(notification__expires_at__isnull=True) | Q(notification__expires_at__gt=now),
        delivery=OuterRef("pk"),
        notification__done_at__isnull=True,
    )
    return Delivery.objects.filter(~Exists(alive), state=State.QUEUED)
