"""The bin: contacts put away, for thirty days; how they come back, and when they are gone for good."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import changes
from accounts.models import UNDO_KEPT, Operation, Team, User
from contacts import erasing, suppression
from contacts.exports import batches
from contacts.models import Contact, ContactPoint, ContactQuerySet
from contacts.points import Point

RESTORE = "contacts.restore"
PURGED = 2000  # contacts a pass


@dataclass(frozen=True)
class Restored:
    """How many came back; `refused`: they asked meanwhile not to be held. `operation` puts them into the bin again."""

    count: int
    refused: int
    operation: Operation | None


def of_team(team: Team, *, now: datetime) -> ContactQuerySet:
    """What lies in a team's bin and can come back, the latest first. Merged contacts are in the one they became."""
    lying = Contact.objects.filter(team=team, binned_at__gt=now - UNDO_KEPT, binned_at__isnull=False)
    return lying.filter(merged_into=None, erase_at=None).order_by("-binned_at", "-pk")


def restore(*, team: Team, contact_ids: Sequence[int], by: User, now: datetime) -> Restored:
    """Take contacts out of the bin. Whoever asked not to be held stays where they are, to be erased."""
    register = suppression.load()
    count = refused = 0
    with transaction.atomic():
        operation = changes.begin(team=team, by=by, kind=RESTORE, now=now, plain=True)
        for batch in batches(contact_ids):
            found = list(of_team(team, now=now).filter(pk__in=batch).only("name", "town", "binned_at"))
            points = _points(found) if register.digests else {}
            back = [
                one
                for one in found
                if not register.holds(points=points.get(one.pk, []), name=one.name, town=one.town)
            ]
            refused += len(found) - len(back)
            noted = [(one, changes.values(one, ["binned_at"])) for one in back]
            for one in back:
                one.binned_at = None
            changes.changed_many(operation, noted)
            Contact.objects.filter(pk__in=[one.pk for one in back]).update(binned_at=None)
            count += len(back)
        if not count:
            operation.delete()
    return Restored(count, refused, operation if count else None)


def overdue(now: datetime) -> ContactQuerySet:
    """What has lain in any team's bin for more than thirty days."""
    return Contact.objects.filter(binned_at__lte=now - UNDO_KEPT, merged_into=None, erase_at=None)


def empty(now: datetime) -> int:
    """Erase what has lain in a bin for thirty days, through all that hangs on it; the next pass takes what is left."""
    ids = overdue(now).order_by("binned_at").values_list("pk", flat=True)[:PURGED]
    return erasing.purge(list(ids), now=now)


def _points(contacts: Sequence[Contact]) -> dict[int, list[Point]]:
    found: dict[int, list[Point]] = defaultdict(list)
    rows = ContactPoint.objects.filter(contact__in=contacts)
    for contact, *point in rows.values_list("contact", "property", "value", "key"):
        found[contact].append(Point(*point))
    return found
