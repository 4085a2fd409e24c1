"""An occurrence: a plan. Only the touchpoint that comes of it counts."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from contacts.models import Contact, Touchpoint, TouchpointKind
from events.models.series import Series


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
        """Kind, team, and as `invited` the guests that are still in the book: two queries however many rows."""
        return self.select_related("kind", "team").prefetch_related(as_invited())

    def with_people(self) -> "OccurrenceQuerySet":
        """As `with_guests`, and the hosts: three queries however many rows."""
        return self.with_guests().prefetch_related("hosts")


class Occurrence(models.Model):
    """One date: a planned meeting, an apéro, an interview; by itself, or one of a series.

    Of a series: `original_start` is when the rules put it (RECURRENCE-ID), `starts_at` when it is.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="occurrences")
    series = models.ForeignKey(
        Series, on_delete=models.RESTRICT, null=True, blank=True, db_index=False, related_name="occurrences"
    )
    original_start = models.DateTimeField(null=True, blank=True)
    kind = models.ForeignKey(TouchpointKind, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_all_day = models.BooleanField(default=False)
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
    # The UID of a calendar it came from; blank: `client_id` is its UID, or its series has one.
    uid = models.CharField(max_length=255, blank=True)
    sequence = models.PositiveIntegerField(default=0)
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
            models.UniqueConstraint(
                fields=["series", "original_start"],
                condition=Q(series__isnull=False, binned_at__isnull=True),
                name="occurrence_once_per_start",
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True) | Q(original_start__isnull=False),
                name="occurrence_of_series_has_start",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "starts_at"]),
            models.Index(fields=["series", "starts_at"]),
        ]

    def __str__(self) -> str:
        return self.title or str(self.kind)

    @property
    def ical_uid(self) -> str:
        """The UID by which calendars know it. `series` must be at hand."""
        return self.uid or (self.series.ical_uid if self.series else str(self.client_id))

    @property
    def is_moved(self) -> bool:
        """Not when its series puts it."""
        return self.original_start is not None and self.original_start != self.starts_at

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


def as_invited() -> models.Prefetch:
    """What brings occurrences their guests that are still in the book, as `invited`."""
    invited = Attendance.objects.filter(contact__binned_at__isnull=True).select_related("contact")
    return models.Prefetch(
        "attendances", queryset=invited.order_by("contact__sort_key", "pk"), to_attr="invited"
    )
