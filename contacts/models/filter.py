"""A list of contacts that somebody looks at again and again."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team, User


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: User) -> "SavedFilterQuerySet":
        """The person's own, and those that teammates share."""
        mine = Q(owner=user) | Q(is_shared=True)
        return self.filter(mine, team__in=Team.objects.visible_to(user), binned_at__isnull=True)

    def of_team(self, team: Team, user: User) -> "SavedFilterQuerySet":
        """The same, of a team the person is known to see."""
        return self.filter(Q(owner=user) | Q(is_shared=True), team=team, binned_at__isnull=True)


class SavedFilter(models.Model):
    """A name for the filters of an address: `query` is what `listing.Filters.address` gives."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    binned_at = models.DateTimeField(null=True, blank=True)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "owner", "name"],
                condition=Q(binned_at__isnull=True),
                name="savedfilter_once_per_name",
            )
        ]

    def __str__(self) -> str:
        return self.name
