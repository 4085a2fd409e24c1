"""Requests of people about their data, and what is kept of those who asked not to be held: a keyed hash."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact


class RequestKind(models.TextChoices):
    """What somebody may ask (GDPR, articles 15, 16, 17 and 21)."""

    ACCESS = "access", _("To see what we hold")
    CORRECTION = "correction", _("To correct it")
    ERASURE = "erasure", _("To erase it")
    OBJECTION = "objection", _("Not to be held, or not to be written to")


class PrivacyRequestQuerySet(models.QuerySet["PrivacyRequest"]):
    def open(self) -> "PrivacyRequestQuerySet":
        """Not yet answered."""
        return self.filter(closed_at__isnull=True)


class PrivacyRequest(models.Model):
    """What one person asked, by when it is to be answered (article 12(3)), and what was done.

    It is made to the organisation, not to a team. Once the person is erased, `name`, `address` and `note` are empty.
    `steps` holds the day each step of the checklist was done, by its code.
    """

    kind = models.CharField(_("what they ask"), max_length=10, choices=RequestKind)
    name = models.CharField(_("name"), max_length=200, blank=True)
    address = models.CharField(_("where to answer"), max_length=254, blank=True)
    note = models.TextField(_("what they wrote"), blank=True)
    received_on = models.DateField(_("received on"))
    due_on = models.DateField()
    extended_because = models.CharField(max_length=200, blank=True)
    steps = models.JSONField(default=dict)
    outcome = models.CharField(max_length=40, blank=True)
    contacts = models.ManyToManyField(Contact, related_name="privacy_requests")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PrivacyRequestQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.received_on}"

    def is_late(self, today: date) -> bool:
        """Not answered, and its month is over."""
        return self.closed_at is None and self.due_on < today


class Scope(models.TextChoices):
    """Against what somebody is held back: being in the book at all, or being written to."""

    HOLDING = "holding"
    WRITING = "writing"


class Suppression(models.Model):
    """One thing by which somebody would be recognised who asked not to be held: a keyed hash, and nothing else.

    `key_id` says which key made it. `person` is a random id that ties one person's hashes together, so that all of
    them can be lifted; nothing else carries it.
    """

    person = models.UUIDField(db_index=True)
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=8)
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.HOLDING)
    since = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "scope"], name="suppression_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.digest[:8]}"
