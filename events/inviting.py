"""Whom to invite: those who always come, those due by their rhythm, and at least one colleague."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from contacts import rhythm
from contacts.models import Contact
from contacts.models.kind import COLLEAGUE
from events import regulars
from events.guests import everybody
from events.models import Attendance, Occurrence, Reply


@dataclass(frozen=True)
class Candidate:
    """Somebody to invite, and why, in words."""

    contact: Contact
    reason: str


def suggested(occurrence: Occurrence, *, user: User, now: datetime, limit: int = 5) -> list[Candidate]:
    """At most `limit` contacts who are not invited: first those due to be seen again, among them a colleague; then
    those who come to each date of the series."""
    team = occurrence.team
    invited = list(occurrence.attendances.values_list("contact", flat=True))
    due = rhythm.suggestions(team=team, user=user, now=now, limit=limit, without=invited)
    found = [Candidate(one.contact, one.reason) for one in due]
    if not any(_is_colleague(one.contact) for one in found):
        found = [*found[: limit - 1], *_a_colleague(occurrence, invited)]
    if occurrence.series and len(found) < limit:
        known = {*invited, *(one.contact.pk for one in found)}
        always = Contact.objects.of_team(team).filter(
            pk__in=regulars.always_there(occurrence.series, now) - known
        )
        found += [Candidate(one, _("Comes each time")) for one in always.order_by("sort_key")]
    return found[:limit]


def invite(
    *,
    occurrence: Occurrence,
    by: User,
    contacts: Iterable[Contact],
    new_names: Iterable[str],
    now: datetime,
    reply: str = Reply.INVITED,
) -> list[Contact]:
    """Put contacts on the list of guests; names nobody knows become draft contacts. Who is on it keeps their reply,
    unless they are said to come. The contacts of this call."""
    guests = everybody(team=occurrence.team, by=by, contacts=contacts, new_names=new_names, now=now)
    Attendance.objects.bulk_create(
        [Attendance(occurrence=occurrence, contact=guest, reply=reply) for guest in guests],
        ignore_conflicts=True,
    )
    if reply == Reply.COMING:
        Attendance.objects.filter(occurrence=occurrence, contact__in=guests).update(reply=reply)
    return guests


def _a_colleague(occurrence: Occurrence, invited: list[int]) -> list[Candidate]:
    """The colleague who was met longest ago, or never."""
    colleagues = Contact.objects.of_team(occurrence.team).filter(kind__code=COLLEAGUE, kind__team=None)
    order = F("last_met_at").asc(nulls_first=True)
    one = colleagues.exclude(pk__in=invited).select_related("kind").order_by(order, "pk").first()
    return [Candidate(one, _("A colleague"))] if one else []


def _is_colleague(contact: Contact) -> bool:
    return contact.kind.code == COLLEAGUE and contact.kind.team_id is None
