"""Many contacts at once: tags, who looks after them, kind, the bin. One operation each, taken back as one.

A form that comes twice (a double click, a second tab) does its work once: `token` is its own. A few statements do it,
however many are chosen; the team's row is locked, so that two bulk edits stand one after the other. Of more than
`AT_ONCE` a worker does it, and takes it back (`bulk_runs`).
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Value

from accounts import changes
from accounts.models import Operation, Team, User
from contacts import keys
from contacts import tags as tagging
from contacts.models import Contact, ContactKind, Tag
from foundation.many import among

TAG, UNTAG = "contacts.bulk_tag", "contacts.bulk_untag"
OWNER, KIND, BIN = "contacts.bulk_owner", "contacts.bulk_kind", "contacts.bulk_bin"
KINDS = (TAG, UNTAG, OWNER, KIND, BIN)
AT_ONCE = 2_000  # contacts; the person waits for so many


@dataclass(frozen=True)
class Act:
    """Who does it to whom, and when. `token` comes with the form."""

    team: Team
    by: User
    contact_ids: Sequence[int]
    token: uuid.UUID
    now: datetime


@dataclass(frozen=True)
class Done:
    """How many contacts it changed; `operation` takes it back, None: there was nothing to change."""

    count: int
    operation: Operation | None


def do(kind: str, act: Act, said: Mapping[str, Any]) -> Done:
    """The act of a kind with what was `said` to it: `tags` (words), `owner` or `kind` (ids)."""
    if kind == TAG:
        return add_tags(act, said["tags"])
    if kind == UNTAG:
        return remove_tags(act, said["tags"])
    if kind == OWNER:
        return set_owner(act, User.objects.filter(pk=said["owner"]).first())
    if kind == KIND:
        return set_kind(act, ContactKind.objects.get(pk=said["kind"]))
    return bin_contacts(act)


def set_owner(act: Act, owner: User | None) -> Done:
    """Somebody looks after them from now on; None: everybody does."""
    return _set(act, OWNER, {"owner": owner and owner.pk})


def set_kind(act: Act, kind: ContactKind) -> Done:
    """They are of this kind: persons or groups, as the kind is."""
    return _set(act, KIND, {"kind": kind.pk, "is_group": kind.is_group})


def bin_contacts(act: Act) -> Done:
    """Put them into the bin; their meetings stay."""
    return _set(act, BIN, {"binned_at": act.now})


def add_tags(act: Act, names: Iterable[str]) -> Done:
    """They have these tags as well."""

    def work(operation: Operation) -> int:
        tags = tagging.named(act.team, names)
        added = {tag.pk: _tag(act.team, tag, act.contact_ids) for tag in tags}
        return _tagged(operation, "added", added)

    return _once(act, TAG, work)


def remove_tags(act: Act, names: Iterable[str]) -> Done:
    """They have these tags no longer."""

    def work(operation: Operation) -> int:
        wanted = [tagging.key(name) for name in names]
        tags = list(Tag.objects.filter(team=act.team, key__in=wanted).values_list("pk", flat=True))
        removed = {tag: _untag(act.team, tag, act.contact_ids) for tag in tags}
        return _tagged(operation, "removed", removed)

    return _once(act, UNTAG, work)


def take_back(operation: Operation, *, by: User, now: datetime) -> changes.Undone:
    """Values are what they were, but where somebody changed them since; tags that were added go, those that were
    removed come back. Raises changes.CannotUndo.
    """
    with transaction.atomic():
        done = changes.undo(operation, by=by, now=now)
        for before, contact_ids in operation.details.get("before", []):
            _put_back(contact_ids, before, operation.details["after"], done)
        touched: set[int] = set()
        for pk, contact_ids in operation.details.get("added", {}).items():
            touched.update(_untag(operation.team, int(pk), contact_ids))
        for tag in Tag.objects.filter(team=operation.team, pk__in=operation.details.get("removed", {})):
            touched.update(_tag(operation.team, tag, operation.details["removed"][str(tag.pk)]))
        keys.refresh(touched)
        done.restored += len(touched)
    return done


def _set(act: Act, kind: str, same: dict[str, Any]) -> Done:
    """Give them all these values. Kept for the undo are the ids by the values they had, not a row for each."""

    def work(operation: Operation) -> int:
        before: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        others = Contact.objects.of_team(act.team).filter(pk__in=among(act.contact_ids)).exclude(**same)
        for pk, *values in others.order_by("pk").values_list("pk", *same):
            before[tuple(values)].append(pk)
        changing = [pk for ids in before.values() for pk in ids]
        Contact.objects.filter(pk__in=among(changing)).update(**same)
        operation.details["before"] = [
            (dict(zip(same, values, strict=True)), ids) for values, ids in before.items()
        ]
        operation.details["after"] = {name: changes.plain(value) for name, value in same.items()}
        return sum(map(len, before.values()))

    return _once(act, kind, work)


def _put_back(
    contact_ids: Sequence[int], before: dict[str, Any], after: dict[str, Any], done: changes.Undone
) -> None:
    """Give those that still have the values `after` those that they had before."""
    there = Contact.objects.filter(pk__in=among(contact_ids))
    same = set(there.filter(**after, merged_into=None, erase_at=None).values_list("pk", flat=True))
    done.edited_since += [
        (Contact._meta.label, pk) for pk in there.values_list("pk", flat=True) if pk not in same
    ]
    done.restored += Contact.objects.filter(pk__in=among(same)).update(**before)


def _once(act: Act, kind: str, work: Callable[[Operation], int]) -> Done:
    """Do `work` in one transaction and operation, unless the same form did it already; then say what it did."""
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=act.team.pk)
        mine = Operation.objects.filter(
            team=act.team, by=act.by, kind=kind, details__token=str(act.token), undone_at=None
        )
        known = mine.first()
        if known:
            return Done(known.details["count"], known)
        operation = changes.begin(team=act.team, by=act.by, kind=kind, now=act.now, token=str(act.token))
        count = work(operation)
        if not count:
            operation.delete()
            return Done(0, None)
        operation.details["count"] = count
        operation.save(update_fields=["details"])
    return Done(count, operation)


def _tagged(operation: Operation, how: str, contact_ids: dict[int, list[int]]) -> int:
    """Keep what was done for the undo, and write the search keys."""
    operation.details[how] = {str(tag): ids for tag, ids in contact_ids.items() if ids}
    touched = {pk for ids in contact_ids.values() for pk in ids}
    keys.refresh(touched)
    return len(touched)


def _tag(team: Team, tag: Tag, contact_ids: Sequence[int]) -> list[int]:
    """Tag the team's contacts of these ids; gives those that did not have the tag."""
    there = Contact.objects.of_team(team).filter(pk__in=among(contact_ids)).order_by()
    table = connection.ops.quote_name(Contact.tags.through._meta.db_table)
    sql, values = there.values_list("pk", Value(tag.pk)).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (contact_id, tag_id) {sql} ON CONFLICT DO NOTHING RETURNING contact_id",
            values,
        )
        return sorted(pk for (pk,) in cursor.fetchall())


def _untag(team: Team, tag: int, contact_ids: Sequence[int]) -> list[int]:
    """Take a tag from the team's contacts of these ids; gives those that had it."""
    rows = Contact.tags.through.objects.filter(contact__team=team, contact__in=among(contact_ids), tag=tag)
    had = list(rows.values_list("contact", flat=True))
    Contact.tags.through.objects.filter(contact__in=among(had), tag=tag).delete()
    return had
