"""Kinds of contacts and of touchpoints. Those we ship have no team and are translated by their code."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team

COLLEAGUE = "colleague"


SHIPPED_CONTACT_KINDS = {
    "person": pgettext_lazy("kind of contact", "Person"),
    "colleague": _("Colleague"),
    "band": _("Band"),
    "association": _("Association"),
    "webzine": _("Webzine"),
    "venue": _("Venue"),
    "festival": _("Festival"),
    "media": _("Media"),
    "institution": _("Institution"),
    "brand": _("Brand"),
    "other": pgettext_lazy("kind of contact", "Other"),
}
SHIPPED_TOUCHPOINT_KINDS = {
    "meeting": _("Meeting"),
    "apero": _("Apéro"),
    "interview": _("Interview"),
    "product_test": _("Product test"),
    "concert": _("Concert"),
    "coffee": _("Colleagues’ coffee"),
    "visit": _("Visit"),
    "call": _("Call"),
    "message": _("Message"),
    "other": pgettext_lazy("kind of meeting", "Other"),
}


def shipped_contact_kind(code: str) -> str:
    """The name of a kind of contact we ship, in the active language; '' for an unknown code."""
    return str(SHIPPED_CONTACT_KINDS.get(code, ""))


def shipped_touchpoint_kind(code: str) -> str:
    """The name of a kind of touchpoint we ship, in the active language; '' for an unknown code."""
    return str(SHIPPED_TOUCHPOINT_KINDS.get(code, ""))


class KindQuerySet(models.QuerySet):
    def for_team(self, team: Team, *, keep: int | None = None) -> "KindQuerySet":
        """The kinds we ship and the team's own, in the order to show them; archived ones left out but for `keep`,
        the id of the kind that something has already."""
        offered = Q(archived_at__isnull=True)
        if keep is not None:
            offered |= Q(pk=keep)
        return self.filter(Q(team__isnull=True) | Q(team=team), offered)


class Kind(models.Model):
    """What both sorts of kinds share."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60, blank=True)
    icon = models.CharField(max_length=40, default="users-round")
    position = models.PositiveSmallIntegerField(default=100)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = KindQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class ContactKind(Kind):
    """Band, association, webzine, venue, ..., colleague, person; teams add their own."""

    is_group = models.BooleanField(default=True)

    class Meta(Kind.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(team__isnull=True), name="contactkind_shipped_once"
            ),
            models.UniqueConstraint(fields=["team", "code"], name="contactkind_once_per_team"),
        ]

    def __str__(self) -> str:
        return self.name or shipped_contact_kind(self.code) or self.code


class TouchpointKind(Kind):
    """Meeting, interview, apéro, ..., call, message; `is_real` is how it counts unless a team's rule says otherwise."""

    is_real = models.BooleanField()

    class Meta(Kind.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(team__isnull=True), name="touchpointkind_shipped_once"
            ),
            models.UniqueConstraint(fields=["team", "code"], name="touchpointkind_once_per_team"),
        ]

    def __str__(self) -> str:
        return self.name or shipped_touchpoint_kind(self.code) or self.code


class KindRule(models.Model):
    """A team's decision, from a day on, whether a kind of touchpoint counts as a real action."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    kind = models.ForeignKey(TouchpointKind, on_delete=models.CASCADE, related_name="rules")
    is_real = models.BooleanField()
    since = models.DateField()

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(fields=["team", "kind", "since"], name="kindrule_once_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.is_real} since {self.since}"
