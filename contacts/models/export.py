"""What left the house: a list of contacts, and who was in it."""

import zlib
from array import array
from collections.abc import Iterable
from itertools import accumulate

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team


class ExportFormat(models.TextChoices):
    EXCEL_CSV = "excel-csv", _("CSV for Excel")
    CSV = "csv", _("CSV, plain")
    XLSX = "xlsx", _("Excel workbook (XLSX)")
    VCARD = "vcard", _("vCard, for address books")
    ADDRESSES = "addresses", _("e-mail addresses")


class Export(models.Model):
    """One export. `members` keeps the ids of its contacts, so that a person can be told who saw them."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    format = models.CharField(max_length=10, choices=ExportFormat)
    count = models.PositiveIntegerField()
    members = models.BinaryField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["team", "-at"])]

    def __str__(self) -> str:
        return f"{self.format} of {self.count}, {self.at:%Y-%m-%d %H:%M}"

    @staticmethod
    def packed(contact_ids: Iterable[int]) -> bytes:
        """Ids as they are kept: ascending, each as the step from the one before; 100,000 take some 100 kB."""
        ordered = sorted(contact_ids)
        steps = array("Q", (pk - before for before, pk in zip([0, *ordered], ordered, strict=False)))
        return zlib.compress(steps.tobytes())

    def contact_ids(self) -> set[int]:
        """The ids of those who were in it."""
        steps = array("Q", zlib.decompress(bytes(self.members)))
        return set(accumulate(steps))
