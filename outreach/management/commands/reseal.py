"""manage.py reseal: seal every secret anew under the first of SECRETS_KEYS; then the other keys can go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outreach import sealing
from outreach.models import Analytics


class Command(BaseCommand):
    help = "Seal the tokens of analytics services anew, under the first of SECRETS_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        done, lost = 0, []
        for row in Analytics.objects.exclude(sealed_token=""):
            try:
                Analytics.objects.filter(pk=row.pk, sealed_token=row.sealed_token).update(
                    sealed_token=sealing.reseal(row.sealed_token)
                )
            except sealing.CannotOpen:
                lost.append(row.pk)
            else:
                done += 1
        self.stdout.write(f"{done} sealed anew.")
        if lost:
            raise CommandError(
                f"{len(lost)} were sealed under a key that is not in SECRETS_KEYS: enter them again."
            )
