"""`manage.py import_posts FILE (--author EMAIL | --team SLUG) [--format auto] [--channel NAME] [--json] ...`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, Team, User
from contacts.imports.errors import ReadingError
from foundation import clock
from outreach import imports
from outreach.imports import Options, Outcome
from outreach.schedules import formats
from outreach.schedules.base import AmbiguousDateOrder
from outreach.schedules.when import DateOrder


class Command(BaseCommand):
    help = "Import scheduled posts from a scheduler's export. The same file again adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, whose posts it holds, and what the file itself does not say."""
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV, TSV or Excel workbook")
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--author", metavar="EMAIL", help="the community manager whose posts they are")
        whose.add_argument("--team", metavar="SLUG", help="the team whose own posts they are")
        parser.add_argument("--format", choices=[formats.AUTO, *formats.NAMES], default=formats.AUTO)
        parser.add_argument(
            "--channel", default="", metavar="NAME", help="for posts to which the file gives none"
        )
        parser.add_argument("--date-order", choices=[order.value for order in DateOrder], metavar="mdy|dmy")
        parser.add_argument(
            "--cancel-missing", action="store_true", help="cancel what a newer file no longer has"
        )
        parser.add_argument("--preview", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the result as JSON")

    def handle(self, **options: Any) -> None:
        """Read, import, print."""
        path: Path = options["file"]
        team, manager = _whose(options["author"], options["team"])
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be opened: %(why)s") % {"file": path, "why": error.strerror}
            ) from None
        order = DateOrder(options["date_order"]) if options["date_order"] else None
        said = Options(format=options["format"], channel=options["channel"], order=order)
        now = clock.now()
        try:
            if options["preview"]:
                outcome = imports.preview(
                    content, path.name, team=team, manager=manager, options=said, now=now
                )
            else:
                outcome = imports.apply(
                    content,
                    path.name,
                    team=team,
                    manager=manager,
                    options=said,
                    by=None,
                    now=now,
                    cancel_missing=options["cancel_missing"],
                )
        except AmbiguousDateOrder as error:
            raise CommandError(f"{error} (--date-order dmy|mdy)") from None
        except ReadingError as error:
            raise CommandError(str(error)) from None
        if options["as_json"]:
            self.stdout.write(
                json.dumps(outcome.as_json(), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
            )
        else:
            self._say(outcome, manager.zone if manager else team.zone)

    def _say(self, outcome: Outcome, zone: ZoneInfo) -> None:
        for line in outcome.warnings:
            self.stdout.write(line)
        for row in outcome.rejected:
            self.stdout.write(
                _("Line %(line)d was not taken: %(reason)s") % {"line": row.line, "reason": row.reason}
            )
        for post in outcome.gone:
            when = f"{post.publish_at.astimezone(zone):%Y-%m-%d %H:%M}" if post.publish_at else "–"
            self.stdout.write(_("No longer in the file: %(when)s %(text)s") % {"when": when, "text": post})
        if outcome.gone and not outcome.cancelled:
            self.stdout.write(_("They were left as they are; --cancel-missing cancels them."))
        self.stdout.write(
            ngettext("%(count)d row read:", "%(count)d rows read:", outcome.read) % {"count": outcome.read}
            + " "
            + _("%(created)d created, %(updated)d updated, %(unchanged)d unchanged, %(rejected)d not taken.")
            % {
                "created": outcome.created,
                "updated": outcome.updated,
                "unchanged": outcome.unchanged,
                "rejected": len(outcome.rejected),
            }
        )


def _whose(author: str | None, slug: str | None) -> tuple[Team, User | None]:
    """The team, and the author where the posts are one person's."""
    if slug:
        team = Team.objects.filter(slug=slug).first()
        if team is None:
            raise CommandError(_("There is no team “%(slug)s”.") % {"slug": slug})
        return team, None
    user = User.objects.filter(email__iexact=author).first()
    membership = Membership.objects.current().managing().filter(user=user).select_related("team").first()
    if user is None or membership is None:
        raise CommandError(_("“%(email)s” is the community manager of no team.") % {"email": author})
    return membership.team, user
