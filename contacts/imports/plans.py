"""What an import would do, decided in memory: who is new, whose empty fields are completed, what is not taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from contacts.imports.drafts import Draft, Remark
from contacts.imports.matching import Index, Known
from contacts.models import PointProperty
from contacts.names import fold
from contacts.points import Point


@dataclass(slots=True)
class Completion:
    """A known contact and what the file adds to it: texts of empty fields, addresses of kinds it had none of."""

    known: Known
    texts: dict[str, str] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """The outcome for every row. `created + updated + unchanged` is the number of drafts.

    A row that says more about a contact made by a line above counts as updated, one that adds nothing as unchanged.
    """

    new: list[Known] = field(default_factory=list)
    completions: dict[int, Completion] = field(default_factory=dict)
    updated: int = 0
    unchanged: int = 0
    remarks: list[Remark] = field(default_factory=list)
    index: Index = field(default_factory=Index)


def plan(drafts: Iterable[Draft], index: Index) -> Plan:
    """Match every draft, lines above included. `index` is filled further on the way."""
    made = Plan(index=index)
    for draft in drafts:
        known, sharing = index.find(draft)
        if known is None:
            _create(made, index, draft, sharing)
        elif known.draft:
            _unite(made, index, known, draft)
        else:
            _complete(made, index, known, draft)
    return made


def _create(made: Plan, index: Index, draft: Draft, sharing: Sequence[Known]) -> None:
    known = Known(
        key=draft.key,
        town_key=draft.town_key,
        line=draft.line,
        draft=draft,
        points={(point.property, point.key) for point in draft.points},
        ids={draft.external_id} if draft.external_id else set(),
    )
    if sharing:
        other = sharing[0]
        named = other.name or (other.draft.name if other.draft else "")
        shared = next(p.value for p in draft.points if (p.property, p.key) in other.points)
        made.remarks.append(
            Remark(
                draft.line,
                _("“%(name)s” has %(address)s in common with “%(other)s”: perhaps the same. Both are kept.")
                % {"name": draft.name, "address": shared, "other": named},
            )
        )
    made.new.append(known)
    index.add(known)


def _unite(made: Plan, index: Index, known: Known, draft: Draft) -> None:
    """Two lines, one contact. Addresses of both are kept; the first town and postcode win, the others go into
    the note, so that nothing is lost."""
    first = known.draft
    assert first is not None
    fresh = [point for point in draft.points if (point.property, point.key) not in known.points]
    first.points += fresh
    known.points.update((point.property, point.key) for point in fresh)
    added = bool(fresh)
    others: list[str] = []
    for name in ("town", "postcode"):
        theirs, ours = getattr(first, name), getattr(draft, name)
        if ours and not theirs:
            setattr(first, name, ours)
            added = True
        elif ours and fold(ours) != fold(theirs):
            others.append(ours)
    notes = [note for note in (_also(others), draft.note) if note and note not in first.note]
    if notes:
        first.note = "\n".join([first.note, *notes] if first.note else notes)
        added = True
    first.town_key = known.town_key = fold(first.town)
    if draft.external_id:
        known.ids.add(draft.external_id)
    first.tags += draft.tags
    made.remarks.append(
        Remark(
            draft.line,
            _("“%(name)s” is the same contact as on line %(line)d.")
            % {"name": draft.name, "line": known.line}
            + (" " + _("Put into its note: %(values)s.") % {"values": ", ".join(others)} if others else ""),
        )
    )
    index.add(known)
    _count(made, added)


def _complete(made: Plan, index: Index, known: Known, draft: Draft) -> None:
    """Complete empty fields of a contact of the database; never overwrite."""
    done = made.completions.get(known.pk) or Completion(known)
    lost: list[str] = []
    added = False
    for name in ("town", "postcode"):
        theirs, ours = getattr(known, name), getattr(draft, name)
        if ours and not theirs:
            done.texts[name] = ours
            setattr(known, name, ours)
            added = True
        elif ours and fold(ours) != fold(theirs):
            lost.append(ours)
    if draft.note and not known.has_note:
        done.texts["note"] = draft.note
        known.has_note = added = True
    for kind in PointProperty.values:
        ours_of_kind = [point for point in draft.points if point.property == kind]
        theirs_of_kind = known.keys_of(kind)
        unknown = [point for point in ours_of_kind if point.key not in theirs_of_kind]
        if unknown and not theirs_of_kind:
            done.points += unknown
            known.points.update((point.property, point.key) for point in unknown)
            added = True
        else:
            lost += [point.value for point in unknown]
    if draft.external_id and draft.external_id not in known.ids:
        known.ids.add(draft.external_id)
        done.ids.append(draft.external_id)
    if added or done.ids:
        known.town_key = fold(known.town)
        made.completions[known.pk] = done
        index.add(known)
    if lost:
        made.remarks.append(
            Remark(draft.line, _("“%(name)s” is known already.") % {"name": draft.name} + _not_taken(lost))
        )
    _count(made, added)


def _also(others: list[str]) -> str:
    return _("Also: %(values)s") % {"values": " ".join(others)} if others else ""


def _not_taken(lost: list[str]) -> str:
    return " " + _("Not taken: %(values)s.") % {"values": ", ".join(lost)} if lost else ""


def _count(made: Plan, added: bool) -> None:
    if added:
        made.updated += 1
    else:
        made.unchanged += 1
