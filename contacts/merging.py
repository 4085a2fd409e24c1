"""Two contacts that are one: told side by side, merged through `references`, undone within 30 days.

The kept contact gets everything; the merged one stays in the bin and points at it (`Contact.merged_into`), so its
address leads there. Its own columns are untouched: undoing puts back who it was. A touchpoint that both were at is
one touchpoint; none is ever changed, so what counts in the ratio stays as it was (`colleagues_only` too).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from accounts import audit, changes
from accounts.models import UNDO_KEPT, Operation, User
from contacts import erasing, keys, last_met, references
from contacts.models import Contact
from foundation.formatting import full_date

KIND = references.MERGE
BOTH = "both"
# What is chosen, in the order of the page. Where it comes from, why and since when belong together.
FIELDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "name": (gettext_lazy("Name"), ("name",)),
    "kind": (pgettext_lazy("of a contact", "Kind"), ("kind",)),
    "street": (gettext_lazy("Street"), ("street",)),
    "postcode": (gettext_lazy("Postcode"), ("postcode",)),
    "town": (gettext_lazy("Town"), ("town",)),
    "owner": (gettext_lazy("Looked after by"), ("owner",)),
    "rhythm": (gettext_lazy("See again every … weeks"), ("rhythm_days",)),
    "note": (gettext_lazy("Note"), ("note",)),
    "origin": (gettext_lazy("Where do these details come from?"), ("source", "basis", "sourced_on")),
}
# Decided by itself: what the person knows and asked for holds for both, whichever row it stood in.
_UNITED = ("is_draft", "informed_on", "heard_on", "objected_at", "kept_until", "kept_reason")
_COLUMNS = (*(column for _label, columns in FIELDS.values() for column in columns), "is_group", *_UNITED)


class CannotMerge(Exception):
    """A sentence for the person: these two cannot become one, or not now."""


class ChangedMeanwhile(CannotMerge):
    """One of the two is no longer what the person saw when they chose."""


@dataclass(frozen=True)
class Choice:
    """One field of both. `differs`: both say something, and not the same: the person chooses. `both` may be united."""

    name: str
    label: str
    kept: str
    merged: str

    @property
    def differs(self) -> bool:
        return bool(self.kept and self.merged and self.kept != self.merged)

    @property
    def value(self) -> str:
        """What it will be where there is nothing to choose."""
        return self.kept or self.merged

    @property
    def may_be_both(self) -> bool:
        return self.name == "note"


@dataclass(frozen=True)
class Comparison:
    """Two contacts side by side. `moves` says in words what changes hands; `seen` is what the person looked at."""

    kept: Contact
    merged: Contact
    choices: list[Choice]
    lists: list[tuple[str, list[str]]]
    moves: list[str]
    seen: str


def in_order(one: Contact, other: Contact) -> tuple[Contact, Contact]:
    """(kept, merged): whoever somebody has looked at before a draft, then the one there was first.

    The same whichever way round an address names them: two tabs never merge two contacts into each other.
    """
    kept, merged = sorted((one, other), key=lambda contact: (contact.is_draft, contact.pk))
    return kept, merged


def compare(kept: Contact, merged: Contact) -> Comparison:
    """Both as the page shows them; a fixed number of queries."""
    refuse(kept, merged)
    told = [reference for reference in references.everything() if reference.words]
    counts = [(reference.words, reference.rows([merged.pk]).count()) for reference in told]
    return Comparison(
        kept=kept,
        merged=merged,
        choices=[
            Choice(name, str(label), _said(kept, name), _said(merged, name))
            for name, (label, _columns) in FIELDS.items()
        ],
        lists=[
            (str(gettext_lazy("Phones, e-mails and links")), _once((kept, merged), _points)),
            (str(gettext_lazy("Tags")), _once((kept, merged), _tags)),
        ],
        moves=[str(words % {"n": count}) for words, count in counts if count],
        seen=fingerprint(kept, merged),
    )


def fingerprint(kept: Contact, merged: Contact) -> str:
    """A digest of everything the page shows of both: it changes when one is edited meanwhile."""
    said = [
        [contact.pk, *changes.values(contact, _COLUMNS).items(), *_points(contact), *_tags(contact)]
        for contact in (kept, merged)
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def refuse(kept: Contact, merged: Contact) -> None:
    """Raises CannotMerge, with the reason in words, where two contacts cannot be one."""
    if kept.pk == merged.pk:
        raise CannotMerge(_("This is one and the same contact."))
    if kept.team_id != merged.team_id:
        raise CannotMerge(_("The two belong to different teams."))
    if kept.is_group != merged.is_group:
        raise CannotMerge(_("One is a person, the other a group. Change the kind of one of them first."))


def merge(
    *,
    kept: Contact,
    merged: Contact,
    by: User,
    now: datetime,
    choices: Mapping[str, str] | None = None,
    seen: str = "",
) -> Operation:
    """Make two contacts one. `choices` says for a field "kept", "merged" or, for the note, "both" (its default).

    `seen` is the fingerprint of what the person chose from. Returns the operation that `take_back` undoes; sent
    twice, the first one's. Raises CannotMerge and ChangedMeanwhile.
    """
    with transaction.atomic():
        # Locked in the order of ids, as `last_met` does: two merges never wait for each other.
        rows = Contact.objects.select_for_update().filter(pk__in=[kept.pk, merged.pk]).order_by("pk")
        here = {row.pk: row for row in rows}
        if len(here) == 2 and here[merged.pk].merged_into_id == kept.pk:
            known = operation_of(here[merged.pk])
            if known:
                return known
        if len(here) < 2 or any(row.binned_at for row in here.values()):
            raise CannotMerge(_("One of the two is no longer in the book."))
        kept, merged = here[kept.pk], here[merged.pk]
        refuse(kept, merged)
        if seen and seen != fingerprint(kept, merged):
            raise ChangedMeanwhile(_("One of the two was changed meanwhile. Please look again."))
        details: dict[str, Any] = {"kept": kept.pk, "merged": merged.pk}
        operation = changes.begin(team=kept.team, by=by, kind=KIND, now=now, **details)
        _unite(kept, merged, choices or {}, operation)
        for reference in references.everything():
            references.move(reference, kept=kept, merged=merged, operation=operation)
        _retire(kept, merged, operation, now)
        audit.record(
            action="contacts.merged", actor=by, team=kept.team, now=now, operation=operation.pk, **details
        )
    return operation


def kept_ids(contact_ids: Sequence[int]) -> list[int]:
    """These ids, each once; in place of whoever was merged the contact they are the same as. One query."""
    merged = Contact.objects.filter(pk__in=contact_ids, merged_into__isnull=False) if contact_ids else ()
    kept = {row.pk: row.merged_into_id for row in merged}
    return list(dict.fromkeys(kept.get(pk) or pk for pk in contact_ids))


def undoable(contact: Contact, *, now: datetime) -> list[tuple[Contact, Operation]]:
    """Who was merged into a contact within the last 30 days, with what undoes it, the latest first.

    One query where nobody was, which is nearly always.
    """
    merged = Contact.objects.filter(merged_into=contact, binned_at__gte=now - UNDO_KEPT)
    found = [(row, operation_of(row)) for row in merged.order_by("-binned_at")]
    return [
        (row, operation) for row, operation in found if operation and operation.details["kept"] == contact.pk
    ]


def operation_of(merged: Contact) -> Operation | None:
    """The merge that took a contact out of the book; None: it was erased with its traces, or is too long ago."""
    taken = Operation.objects.filter(team=merged.team_id, kind=KIND, details__merged=merged.pk)
    return taken.filter(at=merged.binned_at or merged.updated_at).first()


def take_back(operation: Operation, *, by: User, now: datetime) -> changes.Undone:
    """Undo a merge: both are there again, with what was theirs; what was noted since stays with the kept one.

    Raises changes.CannotUndo when it was undone or is too old, and CannotMerge where undoing would make somebody two
    who is one: the kept contact was itself merged since, or one of the two was erased.
    """
    with transaction.atomic():
        pks = [operation.details["kept"], operation.details["merged"]]
        rows = Contact.objects.select_for_update().filter(pk__in=pks).order_by("pk")
        here = {row.pk: row for row in rows}
        kept, merged = (here.get(pk) for pk in pks)
        if kept and kept.merged_into_id:
            raise CannotMerge(_("The contact was merged with another one since. Undo that first."))
        if kept is None or merged is None or merged.merged_into_id != kept.pk:
            raise CannotMerge(_("One of the two is no longer in the book."))
        done = changes.undo(operation, by=by, now=now)
        merged.refresh_from_db()
        if merged.merged_into_id:  # its row was touched since: half an undo would leave it nowhere
            raise changes.CannotUndo
        last_met.mend(pks)
        keys.refresh(pks)
        erasing.hold_back(Contact.objects.filter(pk__in=pks), now=now)
    return done


def gather(now: datetime, *, most: int = 100) -> int:
    """Meetings noted with a merged contact while it was being merged go where the others went. How many contacts.

    A tick does it: making sure at each note would cost every note a question.
    """
    strays = Contact.objects.filter(merged_into__isnull=False, touchpoints__isnull=False).distinct()
    pks = list(strays.order_by("pk").values_list("pk", flat=True)[:most])
    for pk in pks:
        with transaction.atomic():
            merged = Contact.objects.select_for_update(of=("self",)).select_related("merged_into").get(pk=pk)
            kept = merged.merged_into
            if kept is None:
                continue
            operation = operation_of(merged) or changes.begin(
                team=merged.team, by=None, kind=KIND, now=now, kept=kept.pk, merged=merged.pk
            )
            reference = references.of("contacts.Touchpoint_contacts.contact")
            references.move(reference, kept=kept, merged=merged, operation=operation)
            last_met.mend([kept.pk, merged.pk])
    return len(pks)


def _unite(kept: Contact, merged: Contact, choices: Mapping[str, str], operation: Operation) -> None:
    """Write what was chosen, and what holds for both, into the kept contact."""
    before = changes.values(kept, _COLUMNS)
    for name, (_label, columns) in FIELDS.items():
        ours, theirs = _said(kept, name), _said(merged, name)
        chosen = choices.get(name, BOTH if name == "note" else "kept")
        if name == "note" and chosen == BOTH and ours and theirs and ours != theirs:
            kept.note = f"{kept.note}\n\n{merged.note}"
        elif theirs and (chosen == "merged" or not ours):
            for column in columns:
                setattr(kept, column, getattr(merged, column))
    kept.is_group = kept.kind.is_group
    kept.is_draft = kept.is_draft and merged.is_draft
    kept.informed_on = _least(kept.informed_on, merged.informed_on)
    kept.objected_at = _least(kept.objected_at, merged.objected_at)
    kept.heard_on = max((day for day in (kept.heard_on, merged.heard_on) if day), default=None)
    if merged.kept_until and (kept.kept_until is None or merged.kept_until > kept.kept_until):
        kept.kept_until, kept.kept_reason = merged.kept_until, merged.kept_reason
    kept.save()
    changed = {name: value for name, value in before.items() if changes.values(kept, [name])[name] != value}
    if changed:
        changes.changed(operation, kept, changed)


def _retire(kept: Contact, merged: Contact, operation: Operation, now: datetime) -> None:
    """Take the merged contact out of the book, and make right what is worked out from rows."""
    before = changes.values(merged, ["binned_at", "merged_into"])
    merged.binned_at, merged.merged_into = now, kept
    merged.save(update_fields=["binned_at", "merged_into", "updated_at"])
    changes.changed(operation, merged, before)
    # They are more now than what an import or a form once made: undoing that no longer takes them along.
    changes.keep(Contact, [kept.pk, merged.pk])
    last_met.mend([kept.pk, merged.pk])
    keys.refresh([kept.pk, merged.pk])


def _said(contact: Contact, name: str) -> str:
    """A field in words; "" where nothing is said."""
    if name == "origin":
        day = full_date(contact.sourced_on, get_language() or "en") if contact.sourced_on else ""
        # Without a source the reason alone is what every new contact has: it says nothing.
        said = (contact.source, contact.get_basis_display(), day) if contact.source else ()
        return " · ".join(part for part in said if part)
    if name == "rhythm":
        return str(contact.rhythm_weeks or "")
    if name in ("kind", "owner"):
        return str(getattr(contact, name) or "")
    return str(getattr(contact, name)).strip()


def _least(one: Any, other: Any) -> Any:
    return min((value for value in (one, other) if value), default=None)


def _points(contact: Contact) -> list[str]:
    return [point.value for point in contact.points.all()]


def _tags(contact: Contact) -> list[str]:
    return [tag.name for tag in contact.tags.all()]


def _once(contacts: Iterable[Contact], read: Any) -> list[str]:
    return list(dict.fromkeys(value for contact in contacts for value in read(contact)))
