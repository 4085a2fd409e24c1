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

    new: list[tuple[Known, Draft]] = field(default_factory=list)
    completions: dict[int, Completion] = field(default_factory=dict)
    updated: int = 0
    unchanged: int = 0
    remarks: list[Remark] = field(default_factory=list)
    index: Index = field(default_factory=Index)

    def count(self, *, added: bool) -> None:
        """Count a row that is somebody known."""
        if added:
            self.updated += 1
        else:
            self.unchanged += 1


def plan(drafts: Iterable[Draft], index: Index) -> Plan:
    """Match every draft, lines above included. `index` is filled further on the way."""
    made = Plan(index=index)
    for draft in drafts:
        known, sharing = index.find(draft)
        if known is None:
            _create(made, draft, sharing)
        elif known.draft:
            _unite(made, known, known.draft, draft)
        else:
            _complete(made, known, draft)
    return made


def _create(made: Plan, draft: Draft, sharing: Sequence[Known]) -> None:
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
        text = _(
            "“%(name)s” has %(address)s in common with “%(other)s”: perhaps the same. Both are kept."
        ) % {
            "name": draft.name,
            "address": shared,
            "other": named,
        }
        made.remarks.append(Remark(draft.line, text))
    made.new.append((known, draft))
    made.index.add(known)


def _unite(made: Plan, known: Known, first: Draft, draft: Draft) -> None:
    """Two lines, one contact. Addresses of both are kept; the first town and postcode win, the others go into
    the note, so that nothing is lost."""
    fresh = [point for point in draft.points if (point.property, point.key) not in known.points]
    first.points += fresh
    known.points.update((point.property, point.key) for point in fresh)
    added, others = _fill(first, draft)
    also = _("Also: %(values)s") % {"values": " ".join(others)} if others else ""
    notes = [note for note in (also, draft.note) if note and note not in first.note]
    first.note = "\n".join([*([first.note] if first.note else []), *notes])
    first.town_key = known.town_key = fold(first.town)
    if draft.external_id:
        known.ids.add(draft.external_id)
    first.tags += draft.tags
    text = _("“%(name)s” is the same contact as on line %(line)d.") % {"name": draft.name, "line": known.line}
    if others:
        text += " " + _("Put into its note: %(values)s.") % {"values": ", ".join(others)}
    made.remarks.append(Remark(draft.line, text))
    made.index.add(known)
    made.count(added=bool(fresh or added or notes))


def _complete(made: Plan, known: Known, draft: Draft) -> None:
    """Complete empty fields of a contact of the database; never overwrite."""
    done = made.completions.get(known.pk) or Completion(known)
    filled, lost = _fill(known, draft)
    done.texts |= filled
    if draft.note and not known.has_note:
        done.texts["note"] = filled["note"] = draft.note
        known.has_note = True
    fresh, unused = _fresh_points(known, draft)
    done.points += fresh
    known.points.update((point.property, point.key) for point in fresh)
    if draft.external_id and draft.external_id not in known.ids:
        known.ids.add(draft.external_id)
        done.ids.append(draft.external_id)
    if done.texts or done.points or done.ids:
        known.town_key = fold(known.town)
        made.completions[known.pk] = done
        made.index.add(known)
    lost += unused
    if lost:
        text = _("“%(name)s” is known already. Not taken: %(values)s.") % {
            "name": draft.name,
            "values": ", ".join(lost),
        }
        made.remarks.append(Remark(draft.line, text))
    made.count(added=bool(filled or fresh))


def _fill(theirs: Draft | Known, draft: Draft) -> tuple[dict[str, str], list[str]]:
    """Set town and postcode where they are empty: what was set, and what differs from what is there."""
    filled: dict[str, str] = {}
    others: list[str] = []
    for name in ("town", "postcode"):
        present, new = getattr(theirs, name), getattr(draft, name)
        if new and not present:
            setattr(theirs, name, new)
            filled[name] = new
        elif new and fold(new) != fold(present):
            others.append(new)
    return filled, others


def _fresh_points(known: Known, draft: Draft) -> tuple[list[Point], list[str]]:
    """Addresses of the kinds of which a contact has none; and those it lacks though it has others of the kind."""
    fresh: list[Point] = []
    unused: list[str] = []
    for kind in PointProperty.values:
        theirs = known.keys_of(kind)
        unknown = [point for point in draft.points if point.property == kind and point.key not in theirs]
        if theirs:
            unused += [point.value for point in unknown]
        else:
            fresh += unknown
    return fresh, unused
