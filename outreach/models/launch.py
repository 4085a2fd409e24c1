"""A launch: a day prepared by meetings and measured by visitors."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from contacts.models import Contact, Tag

GOAL = 6000
"""Unique visitors in the first week: what the launch that this product comes from reached."""


class LaunchQuerySet(models.QuerySet["Launch"]):
    def visible_to(self, user: User) -> "LaunchQuerySet":
        """Launches of the person's teams."""
        return self.filter(team__in=Team.objects.visible_to(user), binned_at__isnull=True)

    def of_team(self, team: Team) -> "LaunchQuerySet":
        """A team's launches that are not in the bin: for a team the person is known to see."""
        return self.filter(team=team, binned_at__isnull=True)

    def near(self, day: date) -> "LaunchQuerySet":
        """Being prepared on a day, or just out: a meeting may be about them. The soonest first."""
        return self.filter(day__gte=day - timedelta(days=7), day__lte=day + timedelta(days=120)).order_by(
            "day", "pk"
        )


class Launch(models.Model):
    """What is launched, on which day, for whom. Meetings that carry its tag are about it.

    `address` is the only place its relays lead to; the `utm_...` are added to it, `{relay}` standing for the relay.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    day = models.DateField(_("day"))
    what = models.TextField(_("what is launched"), blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True)
    goal = models.PositiveIntegerField(_("goal"), default=GOAL)
    tag = models.ForeignKey(Tag, on_delete=models.RESTRICT, related_name="+")
    utm_source = models.CharField(max_length=100, blank=True, default="{relay}")
    utm_medium = models.CharField(max_length=100, blank=True, default="relay")
    utm_campaign = models.CharField(max_length=100, blank=True)
    utm_content = models.CharField(max_length=100, blank=True)
    client_id = models.UUIDField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    binned_at = models.DateTimeField(null=True, blank=True)

    objects = LaunchQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["team", "tag"], name="launch_once_per_tag"),
            models.UniqueConstraint(fields=["created_by", "client_id"], name="launch_once_per_client_id"),
        ]
        indexes = [models.Index(fields=["team", "day"])]

    def __str__(self) -> str:
        return self.name

    @property
    def last_day_of_week(self) -> date:
        """The seventh day: the first week runs from the launch day to it, both included."""
        return self.day + timedelta(days=6)

    def prepared_since(self) -> date:
        """The team's day on which it was written down: an even pace begins there. `team` must be at hand."""
        return self.created_at.astimezone(self.team.zone).date()

    def is_out(self, today: date) -> bool:
        """Its day has come."""
        return self.day <= today


class Answer(models.TextChoices):
    """What a contact said. Without an answer, being met or not follows from meetings."""

    NONE = "", _("No answer yet")
    ON_BOARD = "on_board", _("On board")
    NO = "no", _("Said no")


class ApproachQuerySet(models.QuerySet["Approach"]):
    def kept(self) -> "ApproachQuerySet":
        """Those that are still part of their launch, with contacts that are still there."""
        return self.filter(binned_at__isnull=True, contact__binned_at__isnull=True)


class Approach(models.Model):
    """One contact to be met for a launch: who meets them, by when, what they said.

    `met_on` is said by hand; meetings with the launch's tag say the same by themselves and are not copied here.
    """

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="approaches")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    met_on = models.DateField(null=True, blank=True)
    answer = models.CharField(max_length=8, choices=Answer, blank=True, default=Answer.NONE)
    answered_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    binned_at = models.DateTimeField(null=True, blank=True)

    objects = ApproachQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["launch", "contact"], name="approach_once_per_launch")]

    def __str__(self) -> str:
        return f"{self.contact_id} for {self.launch_id}"
