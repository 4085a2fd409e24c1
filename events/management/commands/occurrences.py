"""`manage.py occurrences --rrule RULE --dtstart LOCAL --zone ZONE --from DATE --until DATE [--json]`."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events import recurrence
from events.recurrence import RuleRefused


class Command(BaseCommand):
    help = "When something that recurs takes place, by rules of RFC 5545, without writing anything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A rule, where and when it begins, and the days to look at."""
        parser.add_argument(
            "--rrule",
            action="append",
            default=[],
            metavar="RULE",
            help="FREQ=MONTHLY;BYDAY=-1TH; may be repeated",
        )
        parser.add_argument(
            "--dtstart", required=True, type=_moment, metavar="LOCAL", help="2026-11-26T18:30 in the zone"
        )
        parser.add_argument("--zone", required=True, type=_zone, metavar="ZONE", help="Europe/Paris")
        parser.add_argument(
            "--from", required=True, type=_day, dest="first", metavar="DATE", help="the first day"
        )
        parser.add_argument(
            "--until", required=True, type=_day, dest="last", metavar="DATE", help="the last day"
        )
        parser.add_argument(
            "--exdate",
            action="append",
            default=[],
            type=_moment,
            metavar="LOCAL",
            help="a time it does not take place",
        )
        parser.add_argument(
            "--rdate",
            action="append",
            default=[],
            type=_moment,
            metavar="LOCAL",
            help="a time besides the rule",
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the result as JSON")

    def handle(self, **options: Any) -> None:
        """Expand, print."""
        zone: ZoneInfo = options["zone"]
        dtstart = _in(options["dtstart"], zone, options["dtstart"])
        try:
            for rule in options["rrule"]:
                recurrence.refuse_endless(rule)
            found = recurrence.expand(
                dtstart=dtstart,
                zone=zone,
                rules=options["rrule"],
                exdates=[_in(one, zone, dtstart) for one in options["exdate"]],
                rdates=[_in(one, zone, dtstart) for one in options["rdate"]],
                window=(options["first"], options["last"]),
            )
        except RuleRefused as error:
            raise CommandError(str(error)) from None
        starts = [one.starts_at.astimezone(zone).isoformat() for one in found]
        if options["as_json"]:
            self.stdout.write(json.dumps({"starts": starts}, indent=2))
            return
        words = recurrence.in_words(
            options["rrule"], dtstart=dtstart, language=get_language() or "en", zone=zone
        )
        self.stdout.write("\n".join([words, *starts]))


def _moment(text: str) -> datetime | date:
    """A local time; one that ends in Z is UTC; a day alone stands for DTSTART's time of day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            _("“%(text)s” is not a time like 2026-11-26T18:30.") % {"text": text}
        ) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(_("“%(text)s” is not a day like 2026-11-26.") % {"text": text}) from None


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ArgumentTypeError(
            _("“%(text)s” is not a time zone like Europe/Paris.") % {"text": text}
        ) from None


def _in(moment: datetime | date, zone: ZoneInfo, dtstart: datetime | date) -> datetime:
    """What was typed, as local time (naive) of the zone."""
    if not isinstance(moment, datetime):
        at = dtstart.time() if isinstance(dtstart, datetime) else datetime.min.time()
        return datetime.combine(moment, at)
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment
