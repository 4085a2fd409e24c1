"""Where we meet. An occurrence is a plan; only the touchpoint that comes of it counts."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from contacts.models import Contact, Touchpoint, TouchpointKind


class Outcome(models.TextChoices):
    TOOK_PLACE = "took_place", _("It took place")
    NOBODY_CAME = "nobody_came", _("Nobody came")
    DID_NOT = "did_not", _("It did not take place")


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def visible_to(self, user: User) -> "OccurrenceQuerySet":
        """Occurrences of the person's teams."""
        return self.filter(team__in=Team.objects.visible_to(user), binned_at__isnull=True)

    def standing(self) -> "OccurrenceQuerySet":
        """Neither cancelled nor binned."""
        return self.filter(cancelled_at__isnull=True, binned_at__isnull=True)

    def hosted_by(self, user: User) -> "OccurrenceQuerySet":
        """Those the person hosts, alone or with others."""
        return self.filter(pk__in=Occurrence.hosts.through.objects.filter(user=user).values("occurrence"))

    def upcoming(self, now: datetime) -> "OccurrenceQuerySet":
        """Standing ones that have not begun, the soonest first."""
        return self.standing().filter(starts_at__gt=now).order_by("starts_at", "pk")

    def not_yet_noted(self, now: datetime) -> "OccurrenceQuerySet":
        """Over, and nobody has said yet whether it took place."""
        return self.standing().filter(ends_at__lte=now, outcome="").order_by("starts_at", "pk")

    def unanswered(self, now: datetime) -> "OccurrenceQuerySet":
        """Not yet noted, and not put off until later: those to ask about now."""
        return self.not_yet_noted(now).filter(Q(ask_again_at__isnull=True) | Q(ask_again_at__lte=now))

    def with_guests(self) -> "OccurrenceQuerySet":
        """Kind, and as `invited` the guests that are still in the book: two queries however many rows."""
        invited = Attendance.objects.filter(contact__binned_at__isnull=True).select_related("contact")
        ordered = invited.order_by("contact__sort_key", "pk")
        return self.select_related("kind").prefetch_related(
            models.Prefetch("attendances", queryset=ordered, to_attr="invited")
        )

    def with_people(self) -> "OccurrenceQuerySet":
        """As `with_guests`, and the hosts: three queries however many rows."""
        return self.with_guests().prefetch_related("hosts")


class Occurrence(models.Model):
    """One date: a planned meeting, an apéro, an interview. Series come on top of it."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="occurrences")
    kind = models.ForeignKey(TouchpointKind, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(_("place"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    hosts = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="hosted")
    guests = models.ManyToManyField(Contact, through="events.Attendance", related_name="occurrences")
    touchpoint = models.OneToOneField(
        Touchpoint, on_delete=models.SET_NULL, null=True, blank=True, related_name="occurrence"
    )
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    # How often "Did it take place?" was answered: each answer that counts gets its own touchpoint id.
    answers = models.PositiveSmallIntegerField(default=0)
    ask_again_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    created_at = models.DateTimeField()
    binned_at = models.DateTimeField(null=True, blank=True)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["created_by", "client_id"], name="occurrence_once_per_client_id"),
            models.CheckConstraint(
                condition=Q(ends_at__gte=models.F("starts_at")), name="occurrence_ends_after"
            ),
        ]
        indexes = [models.Index(fields=["team", "starts_at"])]

    def __str__(self) -> str:
        return self.title or str(self.kind)

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at <= now

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now

    def may_be_edited_by(self, user: User, *, leads: bool) -> bool:
        """Hosts and who planned it; leads of the team and organisation admins. `hosts` should be prefetched."""
        return leads or user.is_admin or self.created_by_id == user.pk or user in self.hosts.all()

    def is_near(self, instant: datetime) -> bool:
        """Within three hours of it: a note typed then is probably about it."""
        return self.starts_at - timedelta(hours=3) <= instant <= self.ends_at + timedelta(hours=3)


class Reply(models.TextChoices):
    INVITED = "invited", _("Invited")
    COMING = "coming", _("Coming")
    MAYBE = "maybe", _("Maybe")
    DECLINED = "declined", _("Not coming")


class Attendance(models.Model):
    """Invitation and reply of one contact. Who came is told by the touchpoint alone."""

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="attendances")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="attendances")
    reply = models.CharField(max_length=8, choices=Reply, default=Reply.INVITED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occurrence", "contact"], name="attendance_once_per_contact")
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} at {self.occurrence_id}"
