"""`manage.py suppressions`: after a backup was restored, those who asked not to be held are let go again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from contacts import erasing, suppression, suppression_file
from contacts.models import Contact
from foundation import clock


class Command(BaseCommand):
    help = (
        "Run it after restoring a backup, before anybody signs in. It takes in the hashes that SUPPRESSION_FILE holds"
        " and the backup does not, erases everybody in the database who is among them, bin included, and writes the"
        " file anew. Run twice, the second finds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether all hashes can be used")

    def handle(self, *args: Any, **options: Any) -> None:
        lost = suppression.unknown_keys()
        if lost:
            self.stderr.write(
                f"{lost} hashes were made with a key that SUPPRESSION_KEYS no longer has: they keep nobody away."
            )
        if options["check"]:
            raise SystemExit(1 if lost else 0)
        read = suppression_file.read()
        erased = erasing.hold_back(Contact.objects.all(), now=clock.now())
        suppression_file.write()
        self.stdout.write(f"hashes taken in: {read}; contacts erased: {erased}")
