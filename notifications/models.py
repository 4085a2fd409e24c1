"""What somebody is to be told (Notification), and the envelope that takes it to them (Delivery)."""

from datetime import datetime, time
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications import reasons


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: User) -> "NotificationQuerySet":
        """One's own, and nobody else's, whatever one's role."""
        return self.filter(recipient=user)

    def waiting(self, now: datetime) -> "NotificationQuerySet":
        """Neither done nor put off: what the bell counts and the list shows."""
        put_off = Q(snoozed_until__gt=now)
        return self.filter(~put_off, done_at__isnull=True)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One thing to tell one person; the row itself is the in-app item. `context` holds ids only."""

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    context = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    ahead: Any = None
    """What its kind has read ahead for a whole batch (`Kind.read_ahead`); not stored."""

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notification_once_per_key")]
        indexes = [
            models.Index(
                fields=["recipient", "-created_at"],
                condition=Q(done_at__isnull=True),
                name="notification_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"

    def waits(self, now: datetime) -> bool:
        """Neither done nor put off."""
        return self.done_at is None and (self.snoozed_until is None or self.snoozed_until <= now)

    def is_expired(self, now: datetime) -> bool:
        """Too late to be mailed; it stays in the app until the person is done with it."""
        return self.expires_at is not None and self.expires_at <= now

    def open(self, now: datetime) -> None:
        """The person followed it: it no longer counts as new."""
        Notification.objects.filter(pk=self.pk, read_at__isnull=True).update(read_at=now)

    def finish(self, now: datetime) -> None:
        """Done: it leaves the list, and no mail speaks of it any more."""
        Notification.objects.filter(pk=self.pk, done_at__isnull=True).update(done_at=now)

    def put_off(self, until: datetime) -> None:
        """It comes back, as new, at that moment."""
        Notification.objects.filter(pk=self.pk).update(snoozed_until=until, read_at=None)

    def reopen(self) -> None:
        """Take back `finish` or `put_off`."""
        Notification.objects.filter(pk=self.pk).update(done_at=None, snoozed_until=None)


class State(models.TextChoices):
    QUEUED = "queued"
    LEASED = "leased"
    SUBMITTING = "submitting"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    AMBIGUOUS = "ambiguous"
    HELD = "held"


FINISHED = (State.SENT, State.FAILED, State.CANCELLED)


ALONE = "n:"
"""So the slot of an envelope for one notification begins; the others are a person's local day."""
IMMEDIATE = Q(slot__startswith=ALONE)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: Any) -> "DeliveryQuerySet":
        """Those to be sent now: waiting ones, and ambiguous ones whose quarter of an hour is over."""
        return self.filter(state__in=[State.QUEUED, State.AMBIGUOUS], due_at__lte=now)


class Delivery(models.Model):
    """An envelope to one address. `slot` makes the daily cap a constraint: a local date, or `n:<notification>`."""

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, default="email")
    address = models.CharField(max_length=254)
    slot = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    ambiguous_count = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=255, unique=True)
    created_at = models.DateTimeField()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "channel", "address", "slot"], name="delivery_once_per_slot"
            )
        ]
        indexes = [
            models.Index(
                fields=["state", "due_at"],
                condition=~Q(state__in=["sent", "failed", "cancelled"]),
                name="delivery_unfinished",
            )
        ]

    def __str__(self) -> str:
        return f"{self.slot} → {self.address} ({self.state})"

    @property
    def why(self) -> str:
        """Why it did not leave: `last_error` for whoever reads it, translated where the words are ours."""
        return reasons.in_words(self.last_error)

    @property
    def is_immediate(self) -> bool:
        """Its slot is a notification, not a day."""
        return self.slot.startswith(ALONE)


class DeliveryItem(models.Model):
    """A notification in an envelope. `attempts`: how often its owner could not say what it says (`last_error`)."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="items")
    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="items")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "notification"], name="item_once_per_delivery")
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.notification_id}"


class Preference(models.Model):
    """When a person may be disturbed: quiet hours in their own zone, non-working days, mail on or off.

    The daily e-mail leaves from `mail_at` on, by the clock on the person's wall.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="preference")
    by_email = models.BooleanField(_("reminders by e-mail"), default=True)
    mail_at = models.TimeField(_("daily e-mail at"), default=time(8, 0))
    quiet_from = models.TimeField(_("quiet from"), default=time(19, 0))
    quiet_until = models.TimeField(_("quiet until"), default=time(8, 0))
    on_days_off = models.BooleanField(_("also on weekends and public holidays"), default=False)

    def __str__(self) -> str:
        return f"preference of {self.user_id}"


class How(models.TextChoices):
    """How a kind reaches a person by e-mail; in the app it is there in any case."""

    OFF = "off", _("Not by e-mail")
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("In the daily e-mail")
    WEEKLY = "weekly", _("Once a week, on Friday")


class Choice(models.Model):
    """What a person chose for a kind; without a row, what its owner meant (`Kind.usual`)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="choices")
    kind = models.CharField(max_length=40)
    how = models.CharField(max_length=8, choices=How)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="choice_once_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.how}"


class MorningRound(models.Model):
    """The morning of a person's local day on which everything daily was looked at; whoever creates the row does it."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="morning_once_per_day")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class Pulse(models.Model):
    """When something that has to go on for ever last did: `tick`. Workers can be alive and deaf."""

    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"


class Address(models.Model):
    """An address a server refused for good: nothing more is sent there until somebody corrects it."""

    value = models.CharField(max_length=254, unique=True)
    refused_at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return self.value
