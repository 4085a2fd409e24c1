"""A touchpoint: one moment with one or more contacts; in person or not."""

from datetime import datetime

from django.conf import settings
from django.db import models

from accounts.models import Team, User
from contacts.models.contact import Contact, Tag
from contacts.models.kind import TouchpointKind


class TouchpointQuerySet(models.QuerySet["Touchpoint"]):
    def kept(self) -> "TouchpointQuerySet":
        """Those not in the bin."""
        return self.filter(binned_at__isnull=True)

    def visible_to(self, user: User) -> "TouchpointQuerySet":
        """Touchpoints of the person's teams. A private note is withheld by `note_for`, the meeting itself is not."""
        return self.kept().filter(team__in=Team.objects.visible_to(user))


class Touchpoint(models.Model):
    """Something that happened; `met_at` is never in the future. `logbook` is its only writer."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="touchpoints")
    kind = models.ForeignKey(TouchpointKind, on_delete=models.PROTECT, related_name="+")
    is_real = models.BooleanField()
    colleagues_only = models.BooleanField(default=False)
    met_at = models.DateTimeField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    contacts = models.ManyToManyField(Contact, related_name="touchpoints")
    managers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="contacts.Participation", related_name="touchpoints"
    )
    place = models.CharField(max_length=200, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="touchpoints")
    note = models.TextField(blank=True)
    is_private = models.BooleanField(default=False)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)
    binned_at = models.DateTimeField(null=True, blank=True)

    objects = TouchpointQuerySet.as_manager()

    class Meta:
        ordering = ["-met_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["author", "client_id"], name="touchpoint_once_per_client_id")
        ]
        indexes = [models.Index(fields=["team", "-met_at"])]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.met_at:%Y-%m-%d %H:%M}"

    def may_read_note(self, user: User) -> bool:
        """A private note and its place are for its author alone."""
        return not self.is_private or self.author_id == user.pk

    def may_edit(self, user: User) -> bool:
        """Its author, and whoever was there unless it is private: they would overwrite what they cannot read."""
        if self.author_id == user.pk:
            return True
        return not self.is_private and any(manager.pk == user.pk for manager in self.managers.all())

    def is_fresh(self, now: datetime) -> bool:
        """Noted less than a day ago: the page still offers to add a word."""
        return (now - self.created_at).total_seconds() < 86_400


class Participation(models.Model):
    """One community manager's part in a touchpoint; what the ratio counts. Written by `logbook` alone."""

    touchpoint = models.ForeignKey(
        Touchpoint, on_delete=models.CASCADE, related_name="participations", db_index=False
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="participations", db_index=False
    )
    met_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["touchpoint", "manager"], name="participation_once_per_manager")
        ]
        # A team's year is read from the index alone.
        indexes = [models.Index(fields=["manager", "met_at", "touchpoint"])]

    def __str__(self) -> str:
        return f"{self.manager_id} at {self.touchpoint_id}"
