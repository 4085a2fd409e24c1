"""`manage.py import_contacts FILE --team SLUG --source TEXT --basis BASIS [--json]`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Team
from contacts.imports import applying
from contacts.imports.applying import Outcome
from contacts.imports.errors import ReadingError
from contacts.models import Basis
from foundation import clock


class Command(BaseCommand):
    help = "Import contacts from a CSV or Excel file. The same file again creates nothing new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE and why we may hold what is in it."""
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV, TSV or Excel workbook")
        parser.add_argument(
            "--team", required=True, metavar="SLUG", help="the team whose contacts they become"
        )
        parser.add_argument("--source", required=True, metavar="TEXT", help="where the list comes from")
        parser.add_argument(
            "--basis", required=True, choices=Basis.values, help="why we may hold these details"
        )
        parser.add_argument("--preview", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the result as JSON")

    def handle(self, **options: Any) -> None:
        """Read, import, print."""
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
        try:
            if options["preview"]:
                outcome = applying.preview(content, path.name, team=team, source=options["source"])
            else:
                outcome = applying.apply(
                    content,
                    path.name,
                    team=team,
                    source=options["source"],
                    basis=options["basis"],
                    by=None,
                    now=clock.now(),
                )
        except ReadingError as error:
            raise CommandError(str(error)) from None
        if options["as_json"]:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False, indent=2))
        else:
            self._say(outcome)

    def _say(self, outcome: Outcome) -> None:
        for line in outcome.warnings:
            self.stdout.write(line)
        for row in outcome.rejected:
            self.stdout.write(
                _("Line %(line)d was not taken: %(reason)s") % {"line": row.line, "reason": row.reason}
            )
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
