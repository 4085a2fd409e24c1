"""A series: a recurring way to meet. Its dates are rows of their own (Occurrence), filled by `scheduling`."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from contacts.models import Tag, TouchpointKind


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, user: User) -> "SeriesQuerySet":
        """Series of the person's teams."""
        return self.filter(team__in=Team.objects.visible_to(user), binned_at__isnull=True)

    def going_on(self) -> "SeriesQuerySet":
        """Neither ended nor binned."""
        return self.filter(ended_at__isnull=True, binned_at__isnull=True)

    def hosted_by(self, user: User) -> "SeriesQuerySet":
        """Those the person hosts, alone or with others."""
        return self.filter(pk__in=Series.hosts.through.objects.filter(user=user).values("series"))


class Series(models.Model):
    """The last Thursday of each month at half past six: local time, zone and rules, never only instants.

    `rules` are RRULE values of RFC 5545, without the name in front (UNTIL in UTC, or COUNT, ends them); `exdates` and
    `rdates` are local times as ISO writes them (2026-11-26T18:30:00), in `zone`. An all-day series begins at 00:00.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="series")
    kind = models.ForeignKey(TouchpointKind, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="series")
    hosts = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="hosted_series")
    starts_on = models.DateField(help_text="DTSTART: the local day, in `zone`, from which the rules count.")
    starts_time = models.TimeField(help_text="DTSTART: the local time.")
    zone_name = models.CharField(max_length=64, help_text="IANA time zone.")
    minutes = models.PositiveIntegerField(default=60)
    is_all_day = models.BooleanField(default=False)
    rules = models.JSONField(default=list)
    exdates = models.JSONField(default=list, blank=True)
    rdates = models.JSONField(default=list, blank=True)
    # Split off from another at "this and following": together they are one story.
    follows = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="followed_by"
    )
    # The local day up to which its dates are rows already.
    filled_until = models.DateField(null=True, blank=True)
    # When that last failed: it is tried once a day, and the log says why.
    fill_failed_at = models.DateTimeField(null=True, blank=True)
    # The UID of a calendar it came from; blank: `client_id` is its UID. Raised with each change clients must hear of.
    uid = models.CharField(max_length=255, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    created_at = models.DateTimeField()
    binned_at = models.DateTimeField(null=True, blank=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(fields=["created_by", "client_id"], name="series_once_per_client_id"),
        ]
        indexes = [
            models.Index(
                fields=["filled_until"], condition=Q(ended_at=None, binned_at=None), name="series_to_fill"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.kind)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @property
    def dtstart(self) -> datetime:
        """The first local date and time, naive: DTSTART of RFC 5545."""
        return datetime.combine(self.starts_on, self.starts_time)

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def ical_uid(self) -> str:
        """The UID by which calendars know it; its occurrences share it."""
        return self.uid or str(self.client_id)

    def may_be_edited_by(self, user: User, *, leads: bool) -> bool:
        """Hosts and who set it up; leads of the team and organisation admins. `hosts` should be prefetched."""
        return leads or user.is_admin or self.created_by_id == user.pk or user in self.hosts.all()
