"""What an import would do, decided in memory: who is new, whose empty fields are completed, what is not taken."""

import marshal
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from contacts.imports import packing
from contacts.imports.drafts import Draft, Remark
from contacts.imports.errors import Said
from contacts.imports.errors import marked as _
from contacts.imports.matching import Index, Known
from contacts.models import PointProperty, Policy
from contacts.names import fold
from contacts.points import Point

PLACE = ("street", "town", "postcode")
MOST_POINTS, LONGEST_NOTE = 100, 20_000
"""Of one contact: a list of ten thousand gifts of one person is not made into their note, nor slower with each."""


class Verdict(StrEnum):
    """What becomes of a row: one letter, because there are a hundred thousand."""

    NEW = "n"
    LIKELY = "l"  # comes in as new, and may be somebody known
    UPDATED = "u"  # known, and it says more
    KNOWN = "k"
    AGAIN = "a"  # the same as a row above, and it says more
    SAME = "s"  # the same as a row above
    REJECTED = "r"
    SKIPPED = "x"  # a person left it out
    HELD_BACK = "h"  # they asked not to be held


class Register(Protocol):
    """Who asked not to be held (`contacts.suppression`)."""

    def holds(self, *, points: Iterable[Point], name: str, town: str = "") -> bool: ...


@dataclass(slots=True)
class Completion:
    """What the file adds to a known contact of `had` addresses: texts (new values by field), addresses, ids of the source."""

    had: int
    texts: dict[str, str] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def packed(self) -> bytes:
        """As few bytes: there may be one for each row."""
        return packing.compact((self.had, self.texts, [tuple(point) for point in self.points], self.ids))

    @classmethod
    def unpacked(cls, packed: bytes) -> "Completion":
        """What `packed` gave: of our own process, never of a file."""
        had, texts, points, ids = marshal.loads(packed)  # noqa: S302  # our own bytes, this process's
        return cls(had, texts, list(map(Point._make, points)), ids)


@dataclass(slots=True)
class Plan:
    """The outcome for every row. `created + updated + unchanged` is the number of drafts.

    A row that says more about a contact made by a line above counts as updated, one that adds nothing as unchanged;
    so do those whose people asked not to be held. `verdicts` is a letter a row; `targets` says who it means, or may have
    been taken for, 0 for nobody: the id of a known contact, or the line of a row above, negative.
    """

    index: Index = field(default_factory=Index)
    policy: str = Policy.COMPLETE
    decisions: Mapping[str, int] = field(default_factory=dict)
    register: Register | None = None
    alone: list[Draft] = field(default_factory=list)  # new, and no other row can say more of them
    completions: dict[int, bytes] = field(default_factory=dict)  # packed, by the id of the known
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    held_back: int = 0
    ids: dict[str, int] = field(default_factory=dict)  # further ids of fresh contacts, by their number
    apart: list[tuple[int, int]] = field(default_factory=list)  # fresh contacts that are not these known ones
    remarks: list[Remark] = field(default_factory=list)
    verdicts: bytearray = field(default_factory=bytearray)
    targets: "array[int]" = field(init=False)

    def __post_init__(self) -> None:
        self.targets = array("q", bytes(8 * len(self.verdicts)))

    def say(self, place: int, line: int, said: Said) -> None:
        """Remark on a row."""
        self.remarks.append(Remark(line, said, place))


def plan(drafts: Iterable[tuple[int, Draft]], made: Plan) -> Iterator[tuple[int, list[Draft]]]:
    """Match every draft (place, draft), lines above included. Yields now and then how many places are done,
    and who was new among them and alone: `made.index.fresh` holds the other new ones, about whom more may be said.

    `verdicts` has a letter for each row of the file already; those of the drafts are written over.
    """
    for place, draft in drafts:
        made.verdicts[place] = ord(_decide(made, place, draft))
        if place % 1000 == 999:
            yield place + 1, made.alone
            made.alone = []
    count = made.verdicts.count
    made.created = count(ord(Verdict.NEW)) + count(ord(Verdict.LIKELY))
    made.updated = count(ord(Verdict.UPDATED)) + count(ord(Verdict.AGAIN))
    made.unchanged = sum(count(ord(one)) for one in (Verdict.KNOWN, Verdict.SAME, Verdict.HELD_BACK))
    yield len(made.verdicts), made.alone


def _decide(made: Plan, place: int, draft: Draft) -> Verdict:
    if made.register and made.register.holds(points=draft.points, name=draft.name, town=draft.town):
        made.held_back += 1
        return Verdict.HELD_BACK
    decided = made.decisions.get(str(place)) if made.decisions else None
    if not decided and made.index.is_alone(draft):
        return _settle(made, draft)
    match = made.index.find(draft)
    if match.known:
        made.targets[place] = match.known.pk
        return _complete(made, match.known, draft, place)
    if match.fresh is not None:
        return _unite(made, match.fresh, draft, place)
    if decided and decided in made.index:
        made.targets[place] = decided
        return _complete(made, made.index[decided], draft, place)
    number, likely = made.index.fresh.add(draft), match.likely
    if likely is None:
        return Verdict.NEW
    if isinstance(likely, Known) and decided == 0:
        made.apart.append((number, likely.pk))
        made.targets[place] = likely.pk  # new, and whom it was asked about: it may be taken back
        return Verdict.NEW
    return _doubt(made, likely, draft, place)


def _settle(made: Plan, draft: Draft) -> Verdict:
    """New, and all that will be known of it is."""
    made.alone.append(draft)
    if draft.tags:
        made.index.fresh.tags.update(dict.fromkeys(draft.tags))
    return Verdict.NEW


def _doubt(made: Plan, likely: Known | int, draft: Draft, place: int) -> Verdict:
    """New, and like somebody: said, and left to a person."""
    other = likely if isinstance(likely, Known) else made.index.fresh[likely]
    made.targets[place] = other.pk if isinstance(other, Known) else -other.line
    if isinstance(other, Known):
        theirs = set(other.points)
    else:
        theirs = {(point.property, point.key) for point in other.points}
    shared = next((point.value for point in draft.points if (point.property, point.key) in theirs), "")
    if shared:
        text = _("“%(name)s” has %(address)s in common with “%(other)s”: perhaps the same. Both are kept.")
        made.say(place, draft.line, Said(text, name=draft.name, address=shared, other=other.name))
    else:
        text = _(
            "“%(name)s” is called like a contact of ours, and only one of them says a town. Both are kept."
        )
        made.say(place, draft.line, Said(text, name=draft.name))
    # Two of one file may be colleagues who share an address: new. Somebody we know: for a person to say.
    return Verdict.LIKELY if isinstance(other, Known) else Verdict.NEW


def _unite(made: Plan, number: int, draft: Draft, place: int) -> Verdict:
    """Two lines, one contact. Addresses of both are kept; the first street, town and postcode win, the others go into
    the note, so that nothing is lost."""
    first = made.index.fresh[number]
    made.targets[place] = -first.line
    theirs = {(point.property, point.key) for point in first.points}
    fresh = [point for point in draft.points if (point.property, point.key) not in theirs]
    fresh = fresh[: max(0, MOST_POINTS - len(first.points))]
    first.points = first.points + fresh
    added, others = _fill(first, draft)
    also = str(Said(_("Also: %(values)s"), values=" ".join(others))) if others else ""
    has_room = len(first.note) < LONGEST_NOTE
    notes = [note for note in (also, draft.note) if note and has_room and note not in first.note]
    first.note = "\n".join([*([first.note] if first.note else []), *notes])
    first.town_key = fold(first.town)
    if draft.external_id and draft.external_id != first.external_id:
        if first.external_id:
            made.ids[draft.external_id] = number
            made.index.fresh.add_id(draft.external_id, number)
        else:
            first.external_id = draft.external_id
    first.tags = [*first.tags, *(tag for tag in draft.tags if tag not in first.tags)]
    made.index.fresh.replace(number, first)
    if not has_room and (also or draft.note):
        text = _(
            "“%(name)s” is the same contact as on line %(line)d. Its note is full: no more was put into it."
        )
        made.say(place, draft.line, Said(text, name=draft.name, line=first.line))
    elif others:
        text = _("“%(name)s” is the same contact as on line %(line)d. Put into its note: %(values)s.")
        made.say(place, draft.line, Said(text, name=draft.name, line=first.line, values=", ".join(others)))
    else:
        text = _("“%(name)s” is the same contact as on line %(line)d.")
        made.say(place, draft.line, Said(text, name=draft.name, line=first.line))
    return Verdict.AGAIN if fresh or added or notes else Verdict.SAME


def _complete(made: Plan, known: Known, draft: Draft, place: int) -> Verdict:
    """Complete empty fields of a contact of the database; overwrite only where the policy says so."""
    if made.policy == Policy.LEAVE:
        return Verdict.KNOWN
    overwrites = made.policy == Policy.OVERWRITE
    before = made.completions.get(known.pk)
    done = Completion.unpacked(before) if before else Completion(len(known.points))
    filled, lost = _fill(known, draft, overwrites=overwrites)
    if overwrites and draft.name != known.name and known.key != draft.key:
        known.name, known.key = draft.name, draft.key
        filled["name"] = draft.name
    done.texts |= filled
    noted = bool(draft.note) and (
        not known.note or (overwrites and len(known.note) < LONGEST_NOTE and draft.note not in known.note)
    )
    if noted:
        known.note = "\n".join(filter(None, (known.note, draft.note)))
        done.texts["note"] = known.note
    fresh, unused = _fresh_points(known, draft, overwrites=overwrites)
    done.points += fresh
    known.points += tuple((point.property, point.key) for point in fresh)
    if draft.external_id and not made.index.has_id(draft.external_id):
        known.ids += (draft.external_id,)
        done.ids.append(draft.external_id)
    if done.texts or done.points or done.ids:
        known.town_key = fold(known.town)
        made.completions[known.pk] = done.packed()
        made.index.add(known)
    lost += unused
    if lost:
        text = _("“%(name)s” is known already. Not taken: %(values)s.")
        made.say(place, draft.line, Said(text, name=draft.name, values=", ".join(lost)))
    return Verdict.UPDATED if filled or fresh or noted else Verdict.KNOWN


def _fill(
    theirs: Draft | Known, draft: Draft, *, overwrites: bool = False
) -> tuple[dict[str, str], list[str]]:
    """Set street, town and postcode where they are empty: what was set, and what differs from what is there."""
    filled: dict[str, str] = {}
    others: list[str] = []
    for name in PLACE:
        present, new = getattr(theirs, name), getattr(draft, name)
        if new and (not present or (overwrites and new != present)):
            setattr(theirs, name, new)
            filled[name] = new
        elif new and fold(new) != fold(present):
            others.append(new)
    return filled, others


def _fresh_points(known: Known, draft: Draft, *, overwrites: bool) -> tuple[list[Point], list[str]]:
    """Addresses of the kinds of which a contact has none; and those it lacks though it has others of the kind."""
    fresh: list[Point] = []
    unused: list[str] = []
    for kind in PointProperty.values:
        theirs = known.keys_of(kind)
        unknown = [point for point in draft.points if point.property == kind and point.key not in theirs]
        if theirs and not overwrites:
            unused += [point.value for point in unknown]
        else:
            fresh += unknown
    return fresh, unused
