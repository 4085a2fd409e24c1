"""Who came: unique visitors, the service that counts them, and who people say they heard it from."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from outreach.models.launch import Launch


class Origin(models.TextChoices):
    """Where a figure comes from."""

    HAND = "hand", _("typed")
    FILE = "file", _("from a file")
    FETCHED = "fetched", _("fetched")


class Visitors(models.Model):
    """Unique visitors of a stretch of days: of one day, or of several counted as one stretch.

    Whoever came on two days is in both days' figures and once in the week's: days are never added up into a week.
    """

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="visitors")
    first_day = models.DateField()
    last_day = models.DateField()
    count = models.PositiveIntegerField()
    origin = models.CharField(max_length=8, choices=Origin)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    binned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["first_day", "last_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["launch", "first_day", "last_day"],
                name="visitors_once_per_stretch",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="visitors_of_a_day_or_more"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} from {self.first_day} to {self.last_day}"

    @property
    def days(self) -> int:
        """How many days the stretch has."""
        return (self.last_day - self.first_day + timedelta(days=1)).days


class Service(models.TextChoices):
    """Analytics that are asked over the network."""

    MATOMO = "matomo", "Matomo"
    PLAUSIBLE = "plausible", "Plausible"


class Analytics(models.Model):
    """The service that counts a launch's visitors. Its token is sealed (outreach.sealing) and never shown again.

    Long work as a row: `next_at` says when it is asked, `leased_until` that somebody is asking.
    """

    launch = models.OneToOneField(Launch, on_delete=models.CASCADE, related_name="analytics")
    service = models.CharField(max_length=10, choices=Service)
    address = models.URLField(max_length=300)
    site = models.CharField(max_length=200)
    sealed_token = models.TextField(blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(
        max_length=20, blank=True, help_text="Why it last failed; see analytics.Trouble."
    )
    troubled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="analytics_due", condition=Q(next_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.service} {self.site}"


class Told(models.Model):
    """ "Who told you?": an answer and how often it was heard."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="told")
    words = models.CharField(max_length=100)
    key = models.CharField(max_length=100)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-count", "key"]
        constraints = [models.UniqueConstraint(fields=["launch", "key"], name="told_once_per_answer")]

    def __str__(self) -> str:
        return f"{self.words}: {self.count}"
