"""A calendar of others that is read in: a file, or an address that is looked at again and again."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team, User
from contacts.models import TouchpointKind
from events.models.occurrence import Occurrence
from events.models.series import Series
from foundation.leases import State

EACH = timedelta(hours=1)
LONGEST = timedelta(days=1)


class SourceQuerySet(models.QuerySet["Source"]):
    def visible_to(self, user: User) -> "SourceQuerySet":
        """Calendars of the person's teams."""
        return self.filter(team__in=Team.objects.visible_to(user))

    def subscribed(self) -> "SourceQuerySet":
        """Addresses that are followed."""
        return self.exclude(url="").filter(ended_at__isnull=True)

    def due(self, now: datetime) -> "SourceQuerySet":
        """Those to look at now."""
        return self.subscribed().filter(due_at__lte=now)


class Source(models.Model):
    """One calendar. `identity` is what it calls itself: a file of the same calendar is the same source.

    An address: `due_at` says when to look next, `problem` why the last look brought nothing. The fields of
    `foundation.leases` say who is looking.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Who hosts what comes of it; nobody for a calendar that the team only wants to see.
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.ForeignKey(TouchpointKind, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    url = models.CharField(max_length=2000, blank=True)
    identity = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    # What was left out at the last reading: [title, reason] each.
    rejected = models.JSONField(default=list, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    lease_token = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "identity"], condition=Q(ended_at__isnull=True), name="source_once"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=~Q(url="") & Q(ended_at=None), name="source_due"),
            models.Index(
                fields=["state"], condition=Q(state__in=["waiting", "leased"]), name="source_unfinished"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def may_be_changed_by(self, user: User, *, leads: bool) -> bool:
        """Who brought it in; leads of the team and organisation admins."""
        return leads or user.is_admin or self.by_id == user.pk


class Entry(models.Model):
    """One event of a calendar: what it said when it was last read, and what became of it here.

    `said` is what we wrote because of it: where a row still says that, the calendar may change it; what somebody
    changed here stays.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="entries")
    uid = models.CharField(max_length=255)
    series = models.ForeignKey(Series, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    occurrence = models.ForeignKey(
        Occurrence, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    said = models.JSONField(default=dict)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "uid"], name="entry_once")]

    def __str__(self) -> str:
        return self.uid
