"""What somebody is to be told (Notification), and the envelope that takes it to them (Delivery)."""

from datetime import time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: User) -> "NotificationQuerySet":
        """One's own, and nobody else's, whatever one's role."""
        return self.filter(recipient=user)


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


class Delivery(models.Model):
    """An envelope to one address. `slot` makes the daily cap a constraint: a local date, or `n:<notification>`."""

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, default="email")
    address = models.CharField(max_length=254)
    slot = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    ambiguous_count = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=255, unique=True)
    created_at = models.DateTimeField()

    class Meta:
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


class DeliveryItem(models.Model):
    """A notification in an envelope."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="items")
    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="items")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "notification"], name="item_once_per_delivery")
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.notification_id}"


class Preference(models.Model):
    """When a person may be disturbed: quiet hours in their own zone, non-working days, mail on or off."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="preference")
    by_email = models.BooleanField(_("reminders by e-mail"), default=True)
    quiet_from = models.TimeField(_("quiet from"), default=time(19, 0))
    quiet_until = models.TimeField(_("quiet until"), default=time(8, 0))
    on_days_off = models.BooleanField(_("also on weekends and public holidays"), default=False)

    def __str__(self) -> str:
        return f"preference of {self.user_id}"


class Address(models.Model):
    """An address a server refused for good: nothing more is sent there until somebody corrects it."""

    value = models.CharField(max_length=254, unique=True)
    refused_at = models.DateTimeField()
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.value
