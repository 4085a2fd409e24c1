"""A relay: somebody who is on board passes a short link on. Its clicks are counted, nobody is followed."""

from django.db import models

from contacts.models import Contact
from outreach.models.launch import Launch


class Relay(models.Model):
    """A short link of a contact to the launch's address. It outlives the contact: a printed code still leads there."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="relays")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=100, help_text="What {relay} stands for in the parameters added.")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["launch", "contact"])]

    def __str__(self) -> str:
        return self.code


class Click(models.Model):
    """One click, as it comes in: only ever inserted, so that nobody waits for a row. The tick adds them up.

    The database is not asked whether the relay exists: all clicks on one link would lock its row, if only shared.
    """

    relay = models.ForeignKey(
        Relay, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.relay_id} on {self.day}"


class ClicksOfDay(models.Model):
    """How many clicks a relay had on a day of the team, of those added up so far."""

    relay = models.ForeignKey(Relay, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    clicks = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["relay", "day"], name="clicks_once_per_day")]

    def __str__(self) -> str:
        return f"{self.clicks} on {self.day}"
