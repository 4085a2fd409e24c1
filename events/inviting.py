"""Whom to invite: those who always come, those due by their rhythm, and at least one colleague."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import changes
from accounts.models import Operation, User
from contacts import directory, rhythm
from contacts.models import Contact
from contacts.models.kind import COLLEAGUE
from events import regulars
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
) -> tuple[list[Contact], Operation]:
    """Put contacts on the list of guests; names nobody knows become draft contacts. Who is on it keeps their reply,
    unless they are said to come. The contacts of this call, and the operation that takes it back."""
    with transaction.atomic():
        Occurrence.objects.select_for_update().get(pk=occurrence.pk)  # two clicks: one after the other
        drafts = directory.add_drafts(team=occurrence.team, by=by, names=new_names, now=now)
        guests = list(dict.fromkeys([*contacts, *drafts]))
        on_it = list(occurrence.attendances.filter(contact__in=guests))
        known = {attendance.contact_id for attendance in on_it}
        new = [
            Attendance(occurrence=occurrence, contact=guest, reply=reply)
            for guest in guests
            if guest.pk not in known
        ]
        operation = changes.begin(team=occurrence.team, by=by, kind="events.invite", now=now, plain=True)
        changes.created(operation, drafts, directory.DRAFTED)
        changes.created(operation, Attendance.objects.bulk_create(new), ["reply"])
        if reply == Reply.COMING:
            noted = [(attendance, changes.values(attendance, ["reply"])) for attendance in on_it]
            for attendance in on_it:
                attendance.reply = reply
            changes.changed_many(operation, noted)
            Attendance.objects.bulk_update(on_it, ["reply"])
    return guests, operation


def take_off(*, attendance: Attendance, by: User, now: datetime) -> Operation:
    """Take a guest off the list; undone, they are on it again with what they had replied."""
    team = attendance.occurrence.team
    with transaction.atomic():
        operation = changes.begin(team=team, by=by, kind="events.uninvite", now=now, plain=True)
        changes.removed(operation, [attendance])
        attendance.delete()
    return operation


def _a_colleague(occurrence: Occurrence, invited: list[int]) -> list[Candidate]:
    """The colleague who was met longest ago, or never."""
    colleagues = Contact.objects.of_team(occurrence.team).filter(kind__code=COLLEAGUE, kind__team=None)
    order = F("last_met_at").asc(nulls_first=True)
    one = colleagues.exclude(pk__in=invited).select_related("kind").order_by(order, "pk").first()
    return [Candidate(one, _("A colleague"))] if one else []


def _is_colleague(contact: Contact) -> bool:
    return contact.kind.code == COLLEAGUE and contact.kind.team_id is None
