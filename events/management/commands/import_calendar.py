"""`manage.py import_calendar FILE --team SLUG [--from DATE --until DATE] [--json]`."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Role, Team, User
from contacts.models import TouchpointKind
from events import calendars, filling
from events.ical.incoming import Reading
from events.ical.lines import CalendarRefused
from foundation import clock


class Command(BaseCommand):
    help = "Read a calendar (.ics) into a team's. The same file again adds nothing; a newer one changes what it brought."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, whose calendar it goes into, and the days to count."""
        parser.add_argument("file", type=Path, metavar="FILE", help="iCalendar (.ics)")
        parser.add_argument("--team", required=True, metavar="SLUG", help="the team whose calendar it is")
        parser.add_argument(
            "--by", metavar="EMAIL", default="", help="who brings it in; a lead of the team unless said"
        )
        parser.add_argument(
            "--hosted", action="store_true", help="who brings it in hosts the meetings; nobody unless said"
        )
        parser.add_argument(
            "--from", type=_day, dest="first", metavar="DATE", help="count from this day (today)"
        )
        parser.add_argument(
            "--until", type=_day, dest="last", metavar="DATE", help="to this day, included (180 days on)"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the result as JSON")

    def handle(self, **options: Any) -> None:
        """Read, import, count, print."""
        path: Path = options["file"]
        team = Team.objects.filter(slug=options["team"]).first()
        if team is None:
            raise CommandError(_("There is no team “%(slug)s”.") % {"slug": options["team"]})
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be opened: %(why)s") % {"file": path, "why": error.strerror}
            ) from None
        now = clock.now()
        today = now.astimezone(team.zone).date()
        days = options["first"] or today, options["last"] or today + filling.HORIZON
        by = _person(team, options["by"])
        try:
            imported = calendars.import_file(
                content,
                path.name,
                team=team,
                by=by,
                kind=TouchpointKind.objects.get(team=None, code="other"),
                host=by if options["hosted"] else None,
                now=now,
            )
        except CalendarRefused as error:
            if options["as_json"]:
                self._print(Reading(), days, refused=str(error))
            raise CommandError(str(error)) from None
        if options["as_json"]:
            self._print(imported.read, days)
        else:
            self._say(imported, days)

    def _print(self, read: Reading, days: tuple[date, date], refused: str = "") -> None:
        rejected = [{"event": one.title, "reason": one.reason} for one in read.rejected]
        result = {
            "events": read.count,
            "occurrences": read.count_starts(*days),
            "cancelled": read.cancelled,
            "rejected": [*rejected, {"event": "", "reason": refused}] if refused else rejected,
        }
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2))

    def _say(self, imported: calendars.Imported, days: tuple[date, date]) -> None:
        read, outcome = imported.read, imported.outcome
        for remark in read.remarks:
            self.stdout.write(remark)
        for one in read.rejected:
            self.stdout.write(
                _("“%(title)s” was not taken: %(reason)s") % {"title": one.title, "reason": one.reason}
            )
        self.stdout.write(
            ngettext("%(n)d event read:", "%(n)d events read:", read.count) % {"n": read.count}
            + " "
            + _(
                "%(created)d new, %(updated)d changed, %(unchanged)d as they were, %(removed)d gone, "
                "%(over)d over or called off, %(known)d known already."
            )
            % vars(outcome)
        )
        counted = read.count_starts(*days)
        said = ngettext(
            "%(n)d date from %(first)s to %(last)s.", "%(n)d dates from %(first)s to %(last)s.", counted
        )
        self.stdout.write(said % {"n": counted, "first": days[0], "last": days[1]})


def _person(team: Team, email: str) -> User:
    """Who brings it in: the person named, else a lead of the team, a member, an organisation admin."""
    if email:
        person = User.objects.filter(email__iexact=email, is_active=True).first()
        if person is None:
            raise CommandError(_("Nobody signs in with %(email)s.") % {"email": email})
        return person
    members = User.objects.filter(memberships__team=team, memberships__until=None, is_active=True)
    lead = members.filter(memberships__role__in=[Role.LEAD, Role.BOTH]).order_by("pk").first()
    found = (
        lead or members.order_by("pk").first() or User.objects.filter(is_admin=True, is_active=True).first()
    )
    if found is None:
        raise CommandError(_("Nobody belongs to the team yet: invite somebody first."))
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(_("“%(text)s” is not a day like 2026-11-26.") % {"text": text}) from None
