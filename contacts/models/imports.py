"""A list of contacts on its way in: the file, what was understood and decided, and the work as a row."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Operation, Team, User
from contacts.models.contact import Basis
from foundation.leases import State


class Policy(models.TextChoices):
    """What happens to contacts that are known already."""

    COMPLETE = "complete", _("Complete what is empty")
    OVERWRITE = "overwrite", _("Take the file’s values")
    LEAVE = "leave", _("Leave them as they are")


class Step(models.TextChoices):
    """Which page of the wizard an import stands at."""

    COLUMNS = "columns", _("Columns")
    CHECK = "check", _("Check")
    RESULT = "result", _("Result")


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> "ImportQuerySet":
        """Imports into the teams that the person leads; all of them for an organisation admin."""
        if user.is_admin:
            return self
        led = Membership.objects.current().leading().filter(user=user)
        return self.filter(team__in=led.values("team"))


class Import(models.Model):
    """One list coming in. Its bytes stand apart (`ImportData`), so that progress is written without them.

    `digest` is of the content: a list that is on its way in is there once for a team, whoever sends it again.
    `options` say how the file is read, `found` what was understood, `mapping` which column holds what, `edits` what
    was put right (line to column to text, "out" among them where the row is skipped), `decisions` who a likely double is (line to the
    id of a contact, or 0: somebody else). `counts` are those of Check, `result` those of Result. `problem` is a
    sentence of ours with its values.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    source = models.CharField(_("source"), max_length=200)
    basis = models.CharField(max_length=20, choices=Basis)
    sourced_on = models.DateField()
    step = models.CharField(max_length=8, choices=Step, default=Step.COLUMNS)
    policy = models.CharField(max_length=9, choices=Policy, default=Policy.COMPLETE)
    options = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    mapping = models.JSONField(default=list)
    edits = models.JSONField(default=dict)
    decisions = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    problem = models.JSONField(default=list)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    lease_token = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveIntegerField(default=0)
    is_saving = models.BooleanField(default=False)
    operation = models.ForeignKey(
        Operation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "digest"], condition=Q(closed_at__isnull=True), name="import_once_while_open"
            )
        ]
        indexes = [
            models.Index(fields=["team", "-created_at"]),
            models.Index(
                fields=["state"], condition=Q(state__in=["waiting", "leased"]), name="import_unfinished"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        """A worker has it, or is sent for."""
        return self.state in (State.WAITING, State.LEASED)

    @property
    def has_rejected(self) -> bool:
        """Whether rows that were not taken can still be had. Its data must be at hand."""
        return hasattr(self, "data") and bool(self.data.rejected)

    @property
    def is_closed(self) -> bool:
        """Nothing more will be done to it but an undo."""
        return self.closed_at is not None


class ImportData(models.Model):
    """The bytes of an import, gone when they are no longer needed and after 30 days at the latest.

    `content` is the file as it came; `table` its rows and `verdicts` what becomes of each, as
    `contacts.imports.packing` writes them; `rejected` the rows that were not taken, as CSV.
    """

    of = models.OneToOneField(Import, on_delete=models.CASCADE, primary_key=True, related_name="data")
    content = models.BinaryField()
    table = models.BinaryField(default=bytes)
    verdicts = models.BinaryField(default=bytes)
    rejected = models.BinaryField(default=bytes)

    def __str__(self) -> str:
        return f"data of import {self.of_id}"


class ColumnMapping(models.Model):
    """Which column held what, the last time a team met these headers. `headers` is a digest of them, folded."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    headers = models.CharField(max_length=64)
    mapping = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "headers"], name="mapping_once_per_header_set")
        ]

    def __str__(self) -> str:
        return f"mapping of {self.headers[:8]}"
