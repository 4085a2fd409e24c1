"""How long somebody is kept: so many months from the last sign that came from themselves, and no longer.

A sign is a meeting or a call they took part in, a reply of theirs, a message they wrote (`Contact.heard_on`). A
message that we noted may be ours alone and is none; nor is an edit, a mail or an import of ours. Who never gave one is
counted from the day they came in. A month before it is over they are listed; people decide: erase, or keep for a reason.
"""

from collections.abc import Iterable
from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from accounts import audit
from accounts.models import Team, User
from contacts import references
from contacts.models import Contact, Touchpoint

NOTICE = relativedelta(months=1)
KEPT = relativedelta(years=1)  # what a reason is good for; then it is asked again
OURS = "message"  # the kind of touchpoint that may have come from us alone


def expiring(team: Team, *, today: date) -> QuerySet[Contact]:
    """Contacts without a sign for so long that in a month, or now, they are to be erased; the longest silent first."""
    since = today - relativedelta(months=settings.RETENTION_MONTHS) + NOTICE
    instant = datetime.combine(since, time.min, team.zone)
    came_in = Q(created_at__lt=instant) | Q(sourced_on__lt=since)
    silent = Contact.objects.of_team(team).filter(
        came_in,
        Q(heard_on__isnull=True) | Q(heard_on__lt=since),
        Q(kept_until__isnull=True) | Q(kept_until__lte=today),
        ~Exists(_signs().filter(contacts=OuterRef("pk"), met_at__gte=instant)),
    )
    for reference in references.everything():
        if reference.signs:
            silent = silent.exclude(pk__in=reference.signs(instant))
    return silent.order_by("created_at", "pk")


def with_last_sign(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Annotates `last_sign_at`: the last meeting or call; null where there was none."""
    met = _signs().filter(contacts=OuterRef("pk")).order_by().values("contacts")
    return contacts.annotate(last_sign_at=Subquery(met.annotate(latest=Max("met_at")).values("latest")))


def last_sign(contact: Contact) -> date:
    """The day to count from, for a contact `with_last_sign`: the last sign, else the day they came in."""
    met_at: datetime | None = contact.last_sign_at  # type: ignore[attr-defined]
    signs = [day for day in (met_at and met_at.date(), contact.heard_on) if day]
    came_in = contact.created_at.date()
    return max(signs) if signs else min(came_in, contact.sourced_on or came_in)


def over_on(contact: Contact) -> date:
    """The day on which a contact `with_last_sign` is to be erased."""
    return last_sign(contact) + relativedelta(months=settings.RETENTION_MONTHS)


def keep(contacts: Iterable[Contact], *, reason: str, by: User, now: datetime) -> int:
    """Keep them a year longer, for a reason; how many."""
    pks = [contact.pk for contact in contacts]
    with transaction.atomic():
        until = now.date() + KEPT
        kept = Contact.objects.filter(pk__in=pks).update(kept_until=until, kept_reason=reason[:200])
        audit.record(action="contacts.kept", actor=by, now=now, contacts=pks)
    return kept


def let_go(contacts: Iterable[Contact], *, by: User, now: datetime) -> int:
    """Erase them: gone from every page at once, their rows with the next tick, however many they are."""
    pks = [contact.pk for contact in contacts]
    with transaction.atomic():
        gone = Contact.objects.filter(pk__in=pks, binned_at=None).update(binned_at=now, erase_at=now)
        audit.record(action="contacts.let_go", actor=by, now=now, contacts=pks)
    return gone


def _signs() -> QuerySet[Touchpoint]:
    return Touchpoint.objects.kept().exclude(kind__code=OURS, kind__team=None)
