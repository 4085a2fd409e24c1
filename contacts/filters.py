"""Lists that somebody looks at again: kept under a name, for oneself or for the team."""

from datetime import datetime

from django.db import transaction

from accounts import changes
from accounts.models import Operation, Team, User
from contacts.models import SavedFilter

KEEP, DROP = "contacts.keep_filter", "contacts.drop_filter"


def keep(*, team: Team, owner: User, name: str, query: str, is_shared: bool, now: datetime) -> SavedFilter:
    """Keep the filters of an address under a name; the same name again takes the new ones."""
    kept, _created = SavedFilter.objects.update_or_create(
        team=team,
        owner=owner,
        name=name,
        binned_at=None,
        defaults={"query": query, "is_shared": is_shared},
        create_defaults={"query": query, "is_shared": is_shared, "created_at": now},
    )
    return kept


def drop(kept: SavedFilter, *, by: User, now: datetime) -> Operation:
    """Offer it no longer; the operation brings it back."""
    with transaction.atomic():
        before = changes.values(kept, ["binned_at"])
        kept.binned_at = now
        kept.save(update_fields=["binned_at"])
        operation = changes.begin(team=kept.team, by=by, kind=DROP, now=now, plain=True, filter=kept.pk)
        changes.changed(operation, kept, before)
    return operation
