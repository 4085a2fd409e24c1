"""`manage.py import_contacts FILE --team SLUG --source TEXT --basis BASIS [--mapping FILE] [--json]`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Team
from contacts import suppression
from contacts.imports import applying, mappings
from contacts.imports.applying import Outcome
from contacts.imports.errors import ReadingError
from contacts.models import Basis
from foundation import clock


class Command(BaseCommand):
    help = (
        "Import contacts from a CSV or Excel file, a list or vCards. The same file again creates nothing new."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE and why we may hold what is in it."""
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV, TSV, text, Excel workbook or vCard")
        parser.add_argument(
            "--team", required=True, metavar="SLUG", help="the team whose contacts they become"
        )
        parser.add_argument("--source", required=True, metavar="TEXT", help="where the list comes from")
        parser.add_argument(
            "--basis", required=True, choices=Basis.values, help="why we may hold these details"
        )
        parser.add_argument(
            "--mapping",
            type=Path,
            metavar="FILE",
            help='which column holds what, as JSON: {"header": "field", ...}; "" for nothing',
        )
        parser.add_argument("--preview", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the result as JSON")

    def handle(self, **options: Any) -> None:
        """Read, import, print."""
        path: Path = options["file"]
        team = Team.objects.filter(slug=options["team"]).first()
        if team is None:
            raise CommandError(_("There is no team “%(slug)s”.") % {"slug": options["team"]})
        content = _bytes(path)
        now = clock.now()
        come = applying.provenance(
            source=options["source"], basis=options["basis"], day=now.astimezone(team.zone).date()
        )
        try:
            mapping = mappings.parse(_bytes(options["mapping"])) if options["mapping"] else {}
            incoming = mappings.read(content, path.name, team=team, mapping=mapping)
            if options["preview"]:
                outcome = applying.preview(incoming, team=team, source=come.source)
            else:
                name = suppression.load().without(path.name, team.country)
                outcome = applying.apply(incoming, name, team=team, come=come, by=None, now=now)
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


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(
            _("%(file)s cannot be opened: %(why)s") % {"file": path, "why": error.strerror}
        ) from None
