"""How often people are to be seen again: a team's rule for a kind or a tag; and who is not to be suggested for now."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team
from contacts.models.contact import Contact, Tag
from contacts.models.kind import ContactKind


class RhythmRule(models.Model):
    """ "Bands: every eight weeks": for all contacts of a kind, or with a tag, that have no rhythm of their own."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    kind = models.ForeignKey(ContactKind, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "kind"], name="rhythmrule_once_per_kind"),
            models.UniqueConstraint(fields=["team", "tag"], name="rhythmrule_once_per_tag"),
            models.CheckConstraint(
                condition=Q(kind__isnull=True, tag__isnull=False) | Q(kind__isnull=False, tag__isnull=True),
                name="rhythmrule_of_kind_or_tag",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind or self.tag}: {self.days}"

    @property
    def weeks(self) -> int:
        """In whole weeks, rounded up."""
        return -(-self.days // 7)


class NotNowQuerySet(models.QuerySet["NotNow"]):
    def holding(self, now: datetime) -> "NotNowQuerySet":
        """Those that still hold: put off to later than now, or for good."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=now), binned_at__isnull=True)


class NotNow(models.Model):
    """One person is not to be reminded of a contact: until a moment ("Later"), or at all ("Not this one")."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    binned_at = models.DateTimeField(null=True, blank=True)

    objects = NotNowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "contact"], condition=Q(binned_at__isnull=True), name="notnow_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} not {self.contact_id} until {self.until}"
