"""Targets, policy and absences (what people decided); evaluations and episodes (what was told, and when)."""

from decimal import Decimal
from fractions import Fraction

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from contacts.models import Touchpoint
from events.models import Occurrence
from outreach.models import Post
from ratio.verdicts import Rules

SHARE = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))]


class Target(models.Model):
    """The share aimed at, from a day on: the team's, or one community manager's own. `until` is included."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="targets")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="targets"
    )
    share = models.DecimalField(_("target"), max_digits=3, decimal_places=2, validators=SHARE)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="target_between_0_and_1"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="target_until_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share} since {self.since}"


class Policy(models.Model):
    """How a team's ratio is read, and who may see single people. Without a row the defaults hold."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="policy")
    margin = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("0.10"), validators=SHARE)
    minimum_actions = models.PositiveSmallIntegerField(default=8)
    minimum_days = models.PositiveSmallIntegerField(default=14)
    day_cap = models.PositiveSmallIntegerField(default=3)
    colleague_cap = models.PositiveSmallIntegerField(default=2)
    tell_lead = models.BooleanField(default=False)
    individual_view_since = models.DateField(null=True, blank=True)
    individual_view_purpose = models.TextField(blank=True)
    people_informed_on = models.DateField(null=True, blank=True)
    people_informed_how = models.CharField(max_length=200, blank=True)
    works_council_informed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(individual_view_since__isnull=True)
                | (~Q(individual_view_purpose="") & Q(people_informed_on__isnull=False)),
                name="policy_view_needs_purpose",
            )
        ]

    def __str__(self) -> str:
        return f"policy of {self.team_id}"

    @property
    def shows_people(self) -> bool:
        """Whether others than the person may see a single person's presence."""
        return self.individual_view_since is not None

    def rules(self) -> Rules:
        """The values as the pure modules take them."""
        return Rules(
            margin=Fraction(self.margin),
            minimum_actions=self.minimum_actions,
            minimum_days=self.minimum_days,
            day_cap=self.day_cap,
            colleague_cap=self.colleague_cap,
            tells_lead=self.tell_lead and self.shows_people,
        )


class Leave(models.Model):
    """Days on which somebody was away: skipped by the window, and nothing on them counts."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leaves")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta:
        ordering = ["-first_day"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="leave_ends_after")
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"


class Exclusion(models.Model):
    """A touchpoint or a post taken out of one person's count, with a reason both can read."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exclusions")
    touchpoint = models.ForeignKey(
        Touchpoint, on_delete=models.CASCADE, null=True, blank=True, related_name="exclusions"
    )
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, blank=True, related_name="exclusions")
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(touchpoint__isnull=False, post__isnull=True)
                | Q(touchpoint__isnull=True, post__isnull=False),
                name="exclusion_of_one_thing",
            ),
            models.UniqueConstraint(fields=["manager", "touchpoint"], name="exclusion_once_per_touchpoint"),
            models.UniqueConstraint(fields=["manager", "post"], name="exclusion_once_per_post"),
        ]

    def __str__(self) -> str:
        return self.reason


class Contest(models.Model):
    """A line that its CM sees otherwise than it is counted, with their reason; it changes no figure by itself."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contests")
    touchpoint = models.ForeignKey(
        Touchpoint, on_delete=models.CASCADE, null=True, blank=True, related_name="contests"
    )
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, blank=True, related_name="contests")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(touchpoint__isnull=False, post__isnull=True)
                | Q(touchpoint__isnull=True, post__isnull=False),
                name="contest_of_one_thing",
            ),
            models.UniqueConstraint(fields=["manager", "touchpoint"], name="contest_once_per_touchpoint"),
            models.UniqueConstraint(fields=["manager", "post"], name="contest_once_per_post"),
        ]

    def __str__(self) -> str:
        return self.reason


class ContextNote(models.Model):
    """What explains some days ("festival week"), in the CM's words: shown beside the bar, to the lead too."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="context_notes"
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    text = models.CharField(max_length=120)

    class Meta:
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="contextnote_ends_after"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Offer(models.Model):
    """A hand that a lead offers a CM: a meeting to go to together, or posts to take over. The CM answers."""

    class Answer(models.TextChoices):
        YES = "yes", _("Gladly")
        NO = "no", _("Not this time")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="offers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    occurrence = models.ForeignKey(
        Occurrence, on_delete=models.CASCADE, null=True, blank=True, related_name="offers"
    )
    posts = models.ManyToManyField(Post, blank=True, related_name="+")
    created_at = models.DateTimeField()
    answer = models.CharField(max_length=3, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["manager", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.by_id} to {self.manager_id} {self.answer}"


class Evaluation(models.Model):
    """One person's verdict on one local day (`slot`), and what it made us say. Written once."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="evaluations"
    )
    slot = models.DateField()
    real = models.PositiveIntegerField()
    online = models.PositiveIntegerField()
    target = models.DecimalField(max_digits=3, decimal_places=2)
    verdict = models.CharField(max_length=16)
    reason = models.CharField(max_length=8, blank=True)
    forecast_verdict = models.CharField(max_length=16, blank=True)
    reminder = models.CharField(max_length=20, blank=True, help_text="What was decided: a kind of reminder.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-slot"]
        constraints = [models.UniqueConstraint(fields=["manager", "slot"], name="evaluation_once_per_day")]

    def __str__(self) -> str:
        return f"{self.manager_id} {self.slot} {self.verdict}"


class Episode(models.Model):
    """A stretch under target: when it was told, acknowledged, put off. At most one is open for a person."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="episodes")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    reminders_sent = models.PositiveSmallIntegerField(default=0)
    last_reminded_on = models.DateField(null=True, blank=True)
    share_at_last_reminder = models.CharField(
        max_length=24, blank=True, help_text='A fraction as text: "6/18".'
    )
    lead_due_on = models.DateField(
        null=True, blank=True, help_text="Announced to the person: from this day on the lead may be told."
    )
    lead_told_on = models.DateField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["manager"], condition=Q(closed_on__isnull=True), name="episode_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.manager_id} since {self.opened_on}"
