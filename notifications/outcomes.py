"""What became of an envelope: the steps of `Delivery.state`, each a conditional update by whoever holds the lease.

Each answers whether the envelope was still ours. False means that the lease ran out and somebody else has it: drop it.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction

from notifications.claiming import SECOND_TRY
from notifications.models import Address, Delivery, State

BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]
MOST_ATTEMPTS = 8
# DATA may be answered as late as 10 minutes after the final dot (RFC 5321, 4.5.3.2.6).
HAND_OVER = timedelta(minutes=11)


def submitting(delivery: Delivery, now: datetime) -> bool:
    """Stored before the message itself is handed over: from here on nobody can say that it never left."""
    return _run(_SUBMITTING, delivery, now + HAND_OVER)


def sent(delivery: Delivery, now: datetime) -> bool:
    """The server took it; also when its answer comes late, as long as nobody has begun to send it again."""
    return _run(_SENT, delivery, now)


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
# Every message takes these two: building them anew each time would cost more than running them.
_SUBMITTING = (
    "UPDATE notifications_delivery SET state = 'submitting', attempts = attempts + 1, leased_until = %s"
    " WHERE id = %s AND lease_token = %s AND state = 'leased'"
)
_SENT = (
    "UPDATE notifications_delivery SET state = 'sent', last_error = '', sent_at = %s"
    " WHERE id = %s AND lease_token = %s AND state IN ('submitting', 'ambiguous')"
)


def _run(statement: str, delivery: Delivery, moment: datetime) -> bool:
    token = Delivery._meta.get_field("lease_token").get_db_prep_value(delivery.lease_token, connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, [connection.ops.adapt_datetimefield_value(moment), delivery.pk, token])
        return bool(cursor.rowcount == 1)


def _move(delivery: Delivery, before: list[State], **values: object) -> bool:
    ours = Delivery.objects.filter(pk=delivery.pk, lease_token=delivery.lease_token, state__in=before)
    return ours.update(**values) == 1
