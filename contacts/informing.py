"""Since when people know that we hold their details, and telling those who do not (GDPR, articles 13 and 14).

Whoever did not give us their details themselves is told within a month, with the first message at the latest. Groups
are not asked about: the law is about people.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import changes
from accounts.models import Operation, Team, User
from contacts.models import Contact, PointProperty

TOLD = "contacts.told"


def to_inform(team: Team) -> QuerySet[Contact]:
    """People of whom nobody said that they know, by name."""
    people = Contact.objects.of_team(team).filter(informed_on__isnull=True, is_group=False)
    return people.order_by("sort_key", "pk")


def letter(language: str, *, team: Team, by: User) -> str:
    """What to send them, in French or English: who we are, what we hold, why, how long, and what they may ask."""
    with override(language):
        return _(
            "Hello,\n\n"
            "we are %(team)s. We keep a few details about you in our address book: your name, how to reach you, the"
            " groups you belong to, and when we met. We have them because we work in the same field, from you or from"
            " people and lists in that field; we will tell you which if you ask.\n\n"
            "Only our team reads them; we neither sell nor publish them. We erase them %(months)s months after you last"
            " met or wrote to us.\n\n"
            "You may see everything we hold about you, have it corrected or erased, or object to it: write to"
            " %(address)s and you have an answer within a month. If you are not content with it, you may complain to"
            " the data protection authority (in France: CNIL, www.cnil.fr).\n\n"
            "%(name)s, %(team)s"
        ) % {
            "team": team.name,
            "months": settings.RETENTION_MONTHS,
            "address": settings.PRIVACY_CONTACT,
            "name": by.name,
        }


def addresses(contacts: Iterable[Contact]) -> list[str]:
    """The first e-mail address of each, each once. `points` should be prefetched."""
    first = (
        next((point.value for point in contact.points.all() if point.property == PointProperty.EMAIL), "")
        for contact in contacts
    )
    return list(dict.fromkeys(value for value in first if value))


def told(contacts: Iterable[Contact], *, day: date, by: User, now: datetime) -> Operation:
    """They know since a day. The operation takes it back (`accounts:undo`)."""
    with transaction.atomic():
        rows = list(contacts)
        team = rows[0].team
        operation = changes.begin(team=team, by=by, kind=TOLD, now=now, plain=True)
        before = [changes.values(row, ["informed_on"]) for row in rows]
        for row in rows:
            row.informed_on = day
        Contact.objects.bulk_update(rows, ["informed_on"], batch_size=200)
        changes.changed_many(operation, zip(rows, before, strict=True))
    return operation


def note(contact: Contact, *, informed_on: date | None, heard_on: date | None) -> None:
    """What somebody says of one contact: since when they know, and the day they last wrote to us."""
    Contact.objects.filter(pk=contact.pk).update(informed_on=informed_on, heard_on=heard_on)
