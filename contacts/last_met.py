"""`Contact.last_met_at`: what the touchpoints say, kept beside the contact to sort and choose by it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from contacts.models import Contact, Touchpoint


def wrong() -> QuerySet[Contact]:
    """Contacts whose `last_met_at` is not what the rows say: there are none, or who writes them has a fault."""
    contacts = Contact.objects.annotate(truly_met_at=_last_met())
    return contacts.exclude(
        Q(last_met_at=F("truly_met_at")) | Q(last_met_at__isnull=True, truly_met_at__isnull=True)
    )


def mend(contact_ids: Iterable[int]) -> None:
    """Write it anew from the rows. The contacts are locked first: a note written meanwhile is then seen."""
    ids = sorted(set(contact_ids))
    contacts = Contact.objects.filter(pk__in=ids)
    with transaction.atomic(savepoint=False):
        list(contacts.select_for_update().order_by("pk").values_list("pk", flat=True))
        contacts.update(last_met_at=_last_met())


def _last_met() -> Subquery:
    kept = Touchpoint.objects.kept().filter(contacts=OuterRef("pk")).order_by().values("contacts")
    return Subquery(kept.annotate(latest=Max("met_at")).values("latest"))
