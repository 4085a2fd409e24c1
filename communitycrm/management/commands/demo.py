"""manage.py demo: a believable team to look around in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from communitycrm.demo import build
from foundation import clock


class Command(BaseCommand):
    help = "Fill an empty database with a believable team, and print how to sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sign_ins = build.build(clock.now())
        except build.NotEmptyError:
            raise CommandError("This database holds something already: the demo never touches it.") from None
        self.stdout.write("Sign in as one of these; the password is the same for all:\n")
        for email, password in sign_ins:
            self.stdout.write(f"  {email:26} {password}")
