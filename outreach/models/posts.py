"""What we say online."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Operation, Team, User
from events.models import Occurrence


class Channel(models.Model):
    """Where a team publishes: Instagram, the newsletter, Mastodon."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="channels")
    name = models.CharField(max_length=80)
    key = models.CharField(max_length=80)

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["team", "key"], name="channel_once_per_team")]

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


COUNTING = (Status.SCHEDULED, Status.PUBLISHED)


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, user: User) -> "PostQuerySet":
        """Posts of the person's teams."""
        return self.filter(team__in=Team.objects.visible_to(user), binned_at__isnull=True)

    def counting(self) -> "PostQuerySet":
        """Scheduled or published: what went out or will. Nobody publishes from here, so scheduled and past is out."""
        return self.filter(status__in=COUNTING, binned_at__isnull=True)

    def writable_by(self, user: User, *, leads: bool) -> "PostQuerySet":
        """One's own and the team's; every post of the team for its leads and for organisation admins."""
        if leads or user.is_admin:
            return self
        return self.filter(Q(manager=user) | Q(manager__isnull=True))

    def to_come(self, now: datetime) -> "PostQuerySet":
        """Still to go out, the soonest first: the only ones that can be moved."""
        return self.counting().filter(publish_at__gt=now).order_by("publish_at", "pk")


class Post(models.Model):
    """Something to appear online, on one or several channels: still one post. Without a manager it is the team's."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="posts")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="posts"
    )
    text = models.TextField(_("text"))
    channels = models.ManyToManyField(Channel, blank=True, related_name="posts")
    # The interview or the product test that it tells of.
    occurrence = models.ForeignKey(
        Occurrence, on_delete=models.SET_NULL, null=True, blank=True, related_name="posts"
    )
    publish_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.SCHEDULED)
    origin = models.CharField(max_length=200, blank=True, help_text="The source it was imported from.")
    external_id = models.CharField(max_length=200, blank=True)
    import_key = models.CharField(max_length=64, blank=True, help_text="Author, time and text as imported.")
    client_id = models.UUIDField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    binned_at = models.DateTimeField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["publish_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(publish_at__isnull=False) | Q(status__in=["draft", "cancelled"]),
                name="post_scheduled_has_time",
            ),
            models.UniqueConstraint(
                fields=["team", "import_key"],
                condition=~Q(import_key="") & Q(binned_at__isnull=True),
                name="post_once_per_import_key",
            ),
            models.UniqueConstraint(fields=["created_by", "client_id"], name="post_once_per_client_id"),
        ]
        indexes = [
            models.Index(fields=["manager", "publish_at"]),
            models.Index(fields=["team", "publish_at"]),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its time was chosen: the author's, or the team's. `manager` or `team` must be at hand."""
        return self.manager.zone if self.manager else self.team.zone

    def is_out(self, now: datetime) -> bool:
        """It went out: its time has come, and it was neither a draft, nor cancelled, nor failed."""
        return self.status in COUNTING and self.publish_at is not None and self.publish_at <= now

    def can_move(self, now: datetime) -> bool:
        """Only what is still to come can be moved; a draft without a time has none to move."""
        movable = self.status in (Status.SCHEDULED, Status.DRAFT)
        return movable and self.publish_at is not None and self.publish_at > now

    def may_be_written_by(self, user: User, *, leads: bool) -> bool:
        """The row's side of `writable_by`."""
        return leads or user.is_admin or self.manager_id in (None, user.pk)


class PostsKnownUntil(models.Model):
    """Somebody (or an import) said: that is all until this day."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    day = models.DateField()
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    said_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["team", "manager", "-said_at"])]

    def __str__(self) -> str:
        return f"known until {self.day}"


class ScheduleUpload(models.Model):
    """A scheduler's export between "choose a file" and "import": bytes in the database, empty once it is
    imported, gone after 30 days."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    options = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    operation = models.ForeignKey(
        Operation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.name
