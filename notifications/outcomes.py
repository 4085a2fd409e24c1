"""What became of an envelope: the steps of `Delivery.state`, each a conditional update by whoever holds the lease.

Each answers whether the envelope was still ours. False means that the lease ran out and somebody else has it: drop it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from notifications.claiming import SECOND_TRY
from notifications.models import Address, Delivery, State

BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]
MOST_ATTEMPTS = 8
# DATA may be answered as late as 10 minutes after the final dot (RFC 5321, 4.5.3.2.6).
HAND_OVER = timedelta(minutes=11)


def submitting(delivery: Delivery, now: datetime, taken: tuple[Delivery, datetime] | None = None) -> bool:
    """Stored before the message itself is handed over: from here on nobody can say that it never left.

    In the same statement the one before is `sent`, if it was taken, and when.
    """
    return delivery.pk in _step(submitting=(delivery, now + HAND_OVER), taken=taken)


def sent(delivery: Delivery, now: datetime) -> bool:
    """The server took it; also when its answer comes late, as long as nobody has begun to send it again."""
    return delivery.pk in _step(taken=(delivery, now))


def failed_attempt(delivery: Delivery, now: datetime, why: str) -> bool:
    """It certainly did not leave: again after 1, 5, 15, 60 minutes, 3, 6, 12 hours; failed after 8 attempts."""
    attempts = delivery.attempts + 1
    if attempts >= MOST_ATTEMPTS:
        return _move(delivery, _IN_HAND, state=State.FAILED, attempts=attempts, last_error=why)
    due_at = now + BACK_OFF[attempts - 1]
    return _move(delivery, _IN_HAND, state=State.QUEUED, attempts=attempts, due_at=due_at, last_error=why)


def refused(delivery: Delivery, now: datetime, why: str) -> bool:
    """Refused for good: nothing more is sent to that address until somebody corrects it."""
    with transaction.atomic():
        ours = _move(delivery, _IN_HAND, state=State.FAILED, attempts=delivery.attempts + 1, last_error=why)
        if ours:
            Address.objects.get_or_create(
                value=delivery.address.lower(), defaults={"refused_at": now, "reason": why}
            )
    return ours


def ambiguous(delivery: Delivery, now: datetime, why: str) -> bool:
    """It may have arrived or not: once more after 15 minutes under the same Message-ID, then held for an admin."""
    known = {"ambiguous_count": delivery.ambiguous_count + 1, "last_error": why}
    if delivery.ambiguous_count:
        return _move(delivery, [State.SUBMITTING], state=State.HELD, **known)
    return _move(delivery, [State.SUBMITTING], state=State.AMBIGUOUS, due_at=now + SECOND_TRY, **known)


def postponed(delivery: Delivery, due_at: datetime, why: str = "") -> bool:
    """Back to the queue through no fault of its own; no attempt is counted."""
    return _move(delivery, [State.LEASED], state=State.QUEUED, due_at=due_at, last_error=why)


def cancelled(delivery: Delivery, why: str) -> bool:
    """Nothing is left to tell, or nobody to tell it to."""
    return _move(delivery, [State.LEASED], state=State.CANCELLED, last_error=why)


def held(delivery: Delivery, why: str) -> bool:
    """Only a person can say what to do with it."""
    return _move(delivery, [State.LEASED], state=State.HELD, last_error=why)


_IN_HAND = [State.LEASED, State.SUBMITTING]
# Every message comes by here. Building it anew each time would cost more than running it, and two statements in a
# transaction four round trips instead of one.
_STEP = """
    UPDATE notifications_delivery SET
        state = CASE WHEN state = 'leased' THEN 'submitting' ELSE 'sent' END,
        attempts = CASE WHEN state = 'leased' THEN attempts + 1 ELSE attempts END,
        leased_until = CASE WHEN state = 'leased' THEN %s ELSE leased_until END,
        sent_at = CASE WHEN state = 'leased' THEN sent_at ELSE %s END,
        last_error = CASE WHEN state = 'leased' THEN last_error ELSE '' END
    WHERE (id = %s AND lease_token = %s AND state = 'leased')
        OR (id = %s AND lease_token = %s AND state IN ('submitting', 'ambiguous'))
    RETURNING id"""


def _step(
    submitting: tuple[Delivery, datetime] | None = None, taken: tuple[Delivery, datetime] | None = None
) -> set[int]:
    """`submitting` until when, and `taken` when: the ids of those that were still ours."""
    (next_pk, next_token, until), (taken_pk, taken_token, at) = _values(submitting), _values(taken)
    with connection.cursor() as cursor:
        cursor.execute(_STEP, [until, at, next_pk, next_token, taken_pk, taken_token])
        return {pk for (pk,) in cursor.fetchall()}


def _values(step: tuple[Delivery, datetime] | None) -> tuple[Any, Any, Any]:
    """Id, token and moment as the database takes them; of nothing, what equals nothing."""
    if step is None:
        return None, None, None
    delivery, moment = step
    token = Delivery._meta.get_field("lease_token").get_db_prep_value(delivery.lease_token, connection)
    return delivery.pk, token, connection.ops.adapt_datetimefield_value(moment)


def _move(delivery: Delivery, before: list[State], **values: object) -> bool:
    ours = Delivery.objects.filter(pk=delivery.pk, lease_token=delivery.lease_token, state__in=before)
    return ours.update(**values) == 1
