"""A promise: something said at a meeting that is to be done by a day."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from contacts.models.contact import Contact
from contacts.models.touchpoint import Touchpoint


class PromiseQuerySet(models.QuerySet["Promise"]):
    def visible_to(self, user: User) -> "PromiseQuerySet":
        """Promises of the person's teams."""
        return self.filter(team__in=Team.objects.visible_to(user), binned_at__isnull=True)

    def due(self, day: date) -> "PromiseQuerySet":
        """To be done by the day or earlier, and not done."""
        return self.filter(due_on__lte=day, done_at__isnull=True)


class Promise(models.Model):
    """ "Send the link on Tuesday": a line and a day, on a contact, perhaps from a touchpoint."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="promises")
    touchpoint = models.ForeignKey(
        Touchpoint, on_delete=models.SET_NULL, null=True, blank=True, related_name="promises"
    )
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="promises")
    text = models.CharField(_("what"), max_length=200)
    due_on = models.DateField(_("by"))
    client_id = models.UUIDField()
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    binned_at = models.DateTimeField(null=True, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["manager", "client_id"], name="promise_once_per_client_id")
        ]
        indexes = [
            models.Index(fields=["manager", "due_on"], name="promise_open", condition=models.Q(done_at=None))
        ]

    def __str__(self) -> str:
        return self.text
