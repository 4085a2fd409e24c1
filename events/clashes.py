"""What stands in the way of a date: a host who is elsewhere then, a public holiday. Shown, never enforced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Team
from events.models import Occurrence, Outcome, Series
from foundation import workdays
from foundation.compiled import Compiled, given


@dataclass(frozen=True)
class Slot:
    """When somebody is to host something; `pk` is its occurrence if there is one already."""

    start: datetime
    end: datetime
    hosts: frozenset[int]
    pk: int | None = None


def slot_of(occurrence: Occurrence) -> Slot:
    """The slot of an occurrence; its hosts should be prefetched."""
    hosts = frozenset(host.pk for host in occurrence.hosts.all())
    return Slot(occurrence.starts_at, occurrence.ends_at, hosts, occurrence.pk)


def of_slots(slots: Sequence[Slot], *, team: Team, without: Series | None = None) -> list[list[str]]:
    """For each slot what is to be known, in the reader's words: the holiday of its day, and what a host of it hosts at
    the same time, but for the dates of the series `without`. Two queries however many slots, none without any."""
    others = [one for one in _meanwhile(slots) if without is None or one.series_id != without.pk]
    return [[*_holiday(slot, team), *_elsewhere(slot, others, team)] for slot in slots]


def holiday(day: date, team: Team) -> str:
    """The public holiday of the team's country on a day, in the reader's language; "" on other days."""
    return workdays.holiday(day, country=team.country, language=get_language() or "en")


def _holiday(slot: Slot, team: Team) -> list[str]:
    name = holiday(slot.start.astimezone(team.zone).date(), team)
    return [_("Public holiday: %(name)s") % {"name": name}] if name else []


def _elsewhere(slot: Slot, others: Sequence[Occurrence], team: Team) -> list[str]:
    """What another team plans is not named: the readers need not be of it."""
    remarks = []
    for other in others:
        busy = [host for host in other.hosts.all() if host.pk in slot.hosts]
        if busy and other.pk != slot.pk and other.starts_at < slot.end and slot.start < other.ends_at:
            who = ", ".join(host.get_short_name() for host in busy)
            what = other if other.team_id == team.pk else _("something in another team")
            remarks.append(_("%(who)s: %(what)s at the same time") % {"who": who, "what": what})
    return remarks


def _meanwhile(slots: Sequence[Slot]) -> list[Occurrence]:
    """Standing occurrences of these hosts between the first and the last slot."""
    hosts = {pk for slot in slots for pk in slot.hosts}
    if not hosts:
        return []
    first, last = min(slot.start for slot in slots), max(slot.end for slot in slots)
    return _hosted().rows(hosts=list(hosts), first=first, last=last)


@cache
def _hosted() -> Compiled:
    links = Occurrence.hosts.through.objects.filter(user__in=given("hosts"))
    rows = Occurrence.objects.standing().filter(pk__in=links.values("occurrence"), is_all_day=False)
    rows = rows.filter(starts_at__lt=given("last"), ends_at__gt=given("first"))
    rows = rows.exclude(outcome=Outcome.DID_NOT).select_related("kind").order_by("starts_at", "pk")
    return Compiled(rows.prefetch_related("hosts"))
