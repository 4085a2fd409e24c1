"""Two contacts that may be one: what was found, what was decided, and how far the looking has come."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team
from contacts.models.contact import Contact


class DuplicateQuerySet(models.QuerySet["Duplicate"]):
    def open(self) -> "DuplicateQuerySet":
        """Pairs of which both are still in the book and nobody said that they are two."""
        decided = Distinct.objects.filter(
            Q(one=models.OuterRef("one"), other=models.OuterRef("other"))
            | Q(one=models.OuterRef("other"), other=models.OuterRef("one"))
        )
        return self.filter(
            ~models.Exists(decided), one__binned_at__isnull=True, other__binned_at__isnull=True
        )


class Duplicate(models.Model):
    """Two contacts that are likely the same, as last looked for (`contacts.duplicates`); made anew each time."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    one = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    reasons = models.JSONField(default=list)
    likeness = models.PositiveSmallIntegerField()

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        ordering = ["-likeness", "pk"]
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="duplicate_once_per_pair")]
        indexes = [models.Index(fields=["team", "-likeness", "id"])]

    def __str__(self) -> str:
        return f"{self.one_id} = {self.other_id}?"


class Distinct(models.Model):
    """Somebody looked at two contacts and said that they are not the same. In either order."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    one = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="distinct_once_per_pair"),
            models.CheckConstraint(condition=~Q(one=models.F("other")), name="distinct_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"


class DuplicateSearch(models.Model):
    """Up to which moment a team's book was looked through for duplicates."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="+")
    looked_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.team_id} up to {self.looked_at}"
