"""`manage.py check_data [--days N] [--team SLUG]`: are the readings and verdicts of the last year right?"""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Team
from foundation import clock
from ratio import checking, periods

YEAR = 365


class Command(BaseCommand):
    help = "Count the last year's presence a second, naive way, and compare; exit 1 on a difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=YEAR, help="how many days back, up to yesterday")
        parser.add_argument("--team", help="one team alone, by its address")

    def handle(self, *args: Any, **options: Any) -> None:
        teams = list(Team.objects.order_by("pk"))
        if options["team"]:
            teams = [team for team in teams if team.slug == options["team"]]
            if not teams:
                raise CommandError(f"No team has the address {options['team']}.")
        wrong = 0
        for team in teams:
            today = periods.local_day(clock.now(), team.zone)
            days = periods.days_between(
                today - dt.timedelta(days=options["days"]), today - dt.timedelta(days=1)
            )
            for difference in checking.differences(team, days):
                self.stdout.write(str(difference))
                wrong += 1
        self.stdout.write(f"{options['days']} days of {len(teams)} teams: {wrong} differences")
        if wrong:
            raise SystemExit(1)
