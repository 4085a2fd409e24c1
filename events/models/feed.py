"""A feed: a person's secret address under which calendar programs find the meetings."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Team, User

MOST_AN_HOUR = 60


class Scope(models.TextChoices):
    MINE = "mine", _("My meetings")
    TEAM = "team", _("The team’s meetings")


class FeedQuerySet(models.QuerySet["Feed"]):
    def visible_to(self, user: User) -> "FeedQuerySet":
        """A person's own: nobody else's concern, not even an admin's."""
        return self.filter(user=user, revoked_at__isnull=True)

    def answering(self) -> "FeedQuerySet":
        """Those that still lead somewhere: not revoked, and the person is active and still of the team."""
        return self.filter(revoked_at__isnull=True).exclude(self._ended())

    def orphaned(self) -> "FeedQuerySet":
        """Those whose person left the team or was deactivated since."""
        return self.filter(self._ended(), revoked_at__isnull=True)

    @staticmethod
    def _ended() -> Q:
        current = Membership.objects.current().filter(
            user=models.OuterRef("user"), team=models.OuterRef("team")
        )
        may_look = Q(models.Exists(current)) | Q(user__is_admin=True, scope=Scope.TEAM)
        # An address of before a deactivation stays dead when the person comes back, as sessions do.
        gone = Q(user__is_active=False) | Q(user__deactivated_at__gte=F("created_at"))
        return gone | ~may_look


class Feed(models.Model):
    """One address: of a person, for a team. Only a hash of its token is kept; who lost it makes a new one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    scope = models.CharField(max_length=4, choices=Scope)
    has_names = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True, blank=True)
    # How often it was asked for since an hour began: programs that ask without end are told to wait.
    hour_began_at = models.DateTimeField(null=True, blank=True)
    fetches = models.PositiveSmallIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["scope", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "team", "scope"], condition=Q(revoked_at__isnull=True), name="feed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.scope}"

    def count_fetch(self, now: datetime) -> bool:
        """Note that it was asked for; False when that was too often within an hour."""
        row = Feed.objects.filter(pk=self.pk)
        within = Q(hour_began_at__gt=now - timedelta(hours=1))
        return bool(
            row.exclude(within).update(hour_began_at=now, fetches=1, fetched_at=now)
            or row.filter(within, fetches__lt=MOST_AN_HOUR).update(fetches=F("fetches") + 1, fetched_at=now)
        )
