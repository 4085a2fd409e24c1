"""`manage.py check_last_met [--mend]`: proves that each contact's `last_met_at` is what the touchpoints say."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from contacts import last_met


class Command(BaseCommand):
    help = "Prove that the date each contact was last met is what the meetings say; --mend writes it anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="write the wrong ones anew")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = list(last_met.wrong().values_list("pk", "name"))
        for pk, name in wrong:
            self.stdout.write(f"{pk}\t{name}")
        self.stdout.write(f"{len(wrong)} wrong")
        if wrong and not options["mend"]:
            raise SystemExit(1)
        last_met.mend(pk for pk, _name in wrong)
