"""What is done with very many contacts at once, on its way."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Operation, Team, User
from foundation.leases import State

UNDO = "contacts.bulk_undo"


class BulkRunQuerySet(models.QuerySet["BulkRun"]):
    def visible_to(self, user: User) -> "BulkRunQuerySet":
        """What the person asked for."""
        return self.filter(by=user, team__in=Team.objects.visible_to(user))


class BulkRun(models.Model):
    """One act on many contacts: `act` is its kind (`contacts.bulk`), `said` with what, `contact_ids` whom, until it is
    done; or the undoing of one. `operation` is what it did, or what it takes back. `token` comes with the form: sent
    twice, it is there once. `query` is the list it was asked for on. `result` has the `seconds` since it was asked for,
    and of an undo how many contacts were `left` because somebody edited them since; null: it came too late."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField()
    act = models.CharField(max_length=40)
    said = models.JSONField(default=dict)
    contact_ids = models.JSONField(default=list)
    query = models.CharField(max_length=1000, blank=True)
    count = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    lease_token = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    operation = models.ForeignKey(
        Operation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "token"], name="bulkrun_once_per_token")]
        indexes = [
            models.Index(
                fields=["state"], condition=Q(state__in=["waiting", "leased"]), name="bulkrun_unfinished"
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} of {self.count}"

    @property
    def is_undo(self) -> bool:
        """It takes an act back."""
        return self.act == UNDO

    @property
    def is_working(self) -> bool:
        """A worker has it, or is sent for."""
        return self.state in (State.WAITING, State.LEASED)
