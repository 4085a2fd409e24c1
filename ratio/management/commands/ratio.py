"""Where one community manager stands: `manage.py ratio EMAIL [--at ISO] [--json]`."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Membership, User
from foundation import clock
from ratio import readings
from ratio.figures import as_data
from ratio.periods import local_day
from ratio.standings import Standing


class Command(BaseCommand):
    help = "Print where a community manager stands: counts, verdict, what is needed, what is planned."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--at", help="a moment as ISO 8601; without an offset in the team's time zone")
        parser.add_argument("--json", action="store_true", help="print it as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        membership = _membership(options["email"])
        at = _moment(options["at"], membership) if options["at"] else now
        day = local_day(at, membership.team.zone)
        book = readings.of_person(membership.user, membership.team, now=at)
        person = book.of(membership.user)
        if person is None:
            raise CommandError(
                f"{membership.user.email} was no community manager of {membership.team} on {day}."
            )
        standing = book.standing(person)
        data = as_data(standing)
        self.stdout.write(json.dumps(data, ensure_ascii=False) if options["json"] else _words(standing))


def _membership(email: str) -> Membership:
    """The membership as a CM today. Raises CommandError when there is nobody or they are no CM."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {email}.")
    managing = Membership.objects.managing().filter(user=user).select_related("team", "user")
    membership = managing.current().first()
    if membership is None:
        raise CommandError(f"{email} is no community manager of any team today.")
    return membership


def _moment(text: str, membership: Membership) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is no moment. Example: 2026-11-24T10:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=membership.team.zone)


def _words(standing: Standing) -> str:
    said, needs = standing.verdict, standing.needed
    reason = f" ({said.reason})" if said.reason else ""
    counts = f"{said.counts.text or 'nothing'} since {standing.first_day}"
    lines = [
        f"{said.word}{reason}: {counts}, target {float(standing.target):.2f}",
        f"needed until {needs.until}: {needs.meetings} meetings, or {needs.posts} posts to move",
        f"planned until then: {standing.planned.real} meetings, {standing.planned.online} posts",
    ]
    lines += [f"forecast {one.day}: {one.counts.real} of {one.counts.total}" for one in standing.forecasts]
    return "\n".join(lines)
