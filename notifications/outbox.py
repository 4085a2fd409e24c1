"""From "somebody should hear this" to an envelope that waits: rows only, in the caller's transaction.

What happens to the envelope afterwards: `claiming` (who sends it), `sending` (how), `outcomes` (what became of it).
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import get_random_string

from accounts.models import User
from notifications import kinds, moments, poking
from notifications.kinds import Category, Kind
from notifications.models import ALONE, Delivery, DeliveryItem, How, Notification, State
from notifications.moments import Hours

EMAIL = "email"
DAYS_AHEAD = 30


def notify(
    recipient: User,
    kind: str,
    *,
    key: str,
    now: datetime,
    expires_at: datetime | None = None,
    context: dict[str, Any] | None = None,
) -> Notification:
    """Say something to somebody once per `key` (e.g. `ratio_low:<episode>:<n>`): the row is the in-app item.

    Its envelope is made or joined in the same transaction. Reminders and digests of a person share one envelope a
    local day; what falls into quiet hours or on a day off waits for the next allowed moment. `context` holds ids
    only, as JSON. Raises kinds.UnknownKind.
    """
    of_kind = kinds.get(kind)
    with transaction.atomic():
        notification, created = Notification.objects.get_or_create(
            recipient=recipient,
            key=key,
            defaults={"kind": kind, "created_at": now, "expires_at": expires_at, "context": context or {}},
        )
        if created and of_kind.by_email:
            hours = moments.hours_of(recipient)
            put_in_envelope(notification, of_kind, recipient=recipient, hours=hours, now=now)
            if of_kind.category == Category.IMMEDIATE:  # the others are made by a tick, which then sends
                poking.poke_on_commit()
    return notification


def shares_envelope(recipient: User, names: Collection[str], day: date) -> bool:
    """Whether the person's mail of a local day has yet to leave, and says one of these kinds."""
    of_day = Q(delivery__recipient=recipient, delivery__slot=day.isoformat())
    waits = Q(delivery__state__in=[State.QUEUED, State.LEASED])
    return DeliveryItem.objects.filter(of_day, waits, notification__kind__in=names).exists()


def put_in_envelope(
    notification: Notification,
    kind: Kind,
    *,
    recipient: User,
    hours: Hours,
    now: datetime,
    after: date | None = None,
) -> DeliveryItem | None:
    """The notification's place in the person's next envelope (after a local day, if given), as they want the kind.

    None when nothing may be mailed to them. To be called inside a transaction.
    """
    how = hours.how(kind)
    if how == How.OFF or not may_be_mailed(recipient, hours):
        return None
    if how == How.AT_ONCE:
        due_at = now if kind.category == Category.IMMEDIATE else hours.next_allowed(now)
        delivery: Delivery | None = _envelope(
            recipient, slot=f"{ALONE}{notification.pk}", due_at=due_at, now=now
        )
    else:
        from_then_on = max(now, hours.after(after)) if after else now
        delivery = _envelope_of_the_day(recipient, hours, how, from_then_on=from_then_on, now=now)
    if delivery is None:
        return None
    return DeliveryItem.objects.get_or_create(delivery=delivery, notification=notification)[0]


def put_aside(notification: Notification, *, recipient: User, why: str, now: datetime) -> None:
    """Into an envelope of its own that waits for an admin: nobody here knows what it says."""
    defaults = {"due_at": now, "created_at": now, "message_id": new_message_id()}
    delivery, _ = Delivery.objects.update_or_create(
        recipient=recipient,
        channel=EMAIL,
        address=recipient.email,
        slot=f"{ALONE}{notification.pk}",
        defaults={"state": State.HELD, "last_error": why},
        create_defaults={"state": State.HELD, "last_error": why, **defaults},
    )
    DeliveryItem.objects.get_or_create(delivery=delivery, notification=notification)


def may_be_mailed(recipient: User, hours: Hours) -> bool:
    """Active, mail wanted, and the address not refused for good by its server."""
    return recipient.is_active and hours.by_email and not hours.is_refused


def _envelope_of_the_day(
    recipient: User, hours: Hours, how: How, *, from_then_on: datetime, now: datetime
) -> Delivery | None:
    """The envelope of the first allowed day whose envelope has not left yet."""
    moment = hours.next_mail(from_then_on, how)
    last = now + timedelta(days=DAYS_AHEAD)
    while moment < last:
        day = hours.day(moment)
        delivery = _envelope(recipient, slot=day.isoformat(), due_at=moment, now=now)
        if delivery is not None:
            return delivery
        moment = hours.next_mail(hours.after(day), how)
    return None


def _envelope(recipient: User, *, slot: str, due_at: datetime, now: datetime) -> Delivery | None:
    """The waiting envelope of that slot, made if need be and locked until the transaction ends; None when it left.

    The conditional update takes the row's lock, so that no sender claims the envelope between this and the commit.
    An envelope cancelled before it was ever handed over is taken up again: nothing was sent on its day.
    """
    delivery, _ = Delivery.objects.get_or_create(
        recipient=recipient,
        channel=EMAIL,
        address=recipient.email,
        slot=slot,
        defaults={"due_at": due_at, "created_at": now, "message_id": new_message_id()},
    )
    if Delivery.objects.filter(pk=delivery.pk, state=State.QUEUED).update(state=State.QUEUED):
        return delivery
    never_left = Q(pk=delivery.pk, state=State.CANCELLED, ambiguous_count=0)
    revived = {"state": State.QUEUED, "due_at": due_at, "attempts": 0, "last_error": ""}
    if not Delivery.objects.filter(never_left).update(**revived):
        return None
    DeliveryItem.objects.filter(delivery=delivery).delete()  # what it was cancelled with
    return delivery


def new_message_id() -> str:
    """A Message-ID fixed at creation, so that a mail sent twice can be told as one (RFC 5322, 3.6.4)."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{get_random_string(32)}@{domain}>"
