"""A team's rhythms for kinds and tags, set and taken away; and one person's "Later" and "Not this one"."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import changes
from accounts.models import Operation, Team, User
from contacts.models import Contact, ContactKind, ContactQuerySet, NotNow, RhythmRule, Tag

REMOVE, PUT_OFF = "contacts.remove_rhythm", "contacts.not_now"
LATER = timedelta(weeks=2)


def set_rule(
    *, team: Team, weeks: int, kind: ContactKind | None = None, tag: Tag | None = None
) -> RhythmRule:
    """All contacts of a kind, or with a tag (one of the two), are to be seen every so many weeks."""
    rule, _created = RhythmRule.objects.update_or_create(
        team=team, kind=kind, tag=tag, defaults={"days": 7 * weeks}
    )
    return rule


def remove_rule(rule: RhythmRule, *, by: User, now: datetime) -> Operation:
    """The rule holds no longer; the operation brings it back."""
    with transaction.atomic():
        operation = changes.begin(team=rule.team, by=by, kind=REMOVE, now=now, plain=True)
        changes.removed(operation, [rule])
        rule.delete()
    return operation


def was_removed(pk: int, *, team: Team) -> bool:
    """Whether the team had a rule of that id, and took it off."""
    removed = Operation.objects.filter(team=team, kind=REMOVE, changes__row=pk)
    return removed.filter(changes__model=RhythmRule._meta.label).exists()


def put_off(contact: Contact, *, user: User, until: datetime | None, now: datetime) -> Operation:
    """Do not suggest a contact to the person: until a moment, or (None) at all. The operation takes it back."""
    with transaction.atomic():
        operation = changes.begin(team=contact.team, by=user, kind=PUT_OFF, now=now, plain=True)
        row, is_new = NotNow.objects.select_for_update().get_or_create(
            user=user,
            contact=contact,
            binned_at=None,
            defaults={"team": contact.team, "until": until, "created_at": now},
        )
        if is_new:
            changes.created(operation, [row], fields=["until"])
        else:
            before = changes.values(row, ["until"])
            row.until = until
            row.save(update_fields=["until"])
            changes.changed(operation, row, before)
    return operation


def with_not_now(contacts: ContactQuerySet, user: User, now: datetime) -> ContactQuerySet:
    """Annotates `not_now`: whether the person put the contact off, or out."""
    held = NotNow.objects.holding(now).filter(user=user, contact=OuterRef("pk"))
    return contacts.annotate(not_now=Exists(held))


def suggest_again(contact: Contact, *, user: User, now: datetime) -> None:
    """The person wants to be reminded of the contact again."""
    NotNow.objects.filter(user=user, contact=contact, binned_at=None).update(binned_at=now)
