"""Which contact a row is: somebody known already, somebody of a line above, or somebody new.

In this order: our own number, the source's own id; the same e-mail, phone or link and the same folded name; name and
town where ids do not differ. A shared key with another name is a likely double, never a match; nor is a name alone
where only one side says a town. Pure: `Index` is filled by `loading` with a fixed number of queries.
"""

import marshal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contacts.imports import packing
from contacts.imports.drafts import Draft
from contacts.imports.fresh import Fresh
from contacts.imports.traits import Traits
from contacts.models import PointProperty
from contacts.names import without_article
from contacts.points import Point

PointKey = tuple[str, str]


@dataclass(slots=True, eq=False)
class Known:
    """A contact of the database as far as matching needs it."""

    key: str
    town_key: str = ""
    pk: int = 0
    name: str = ""
    is_group: bool = False
    street: str = ""
    town: str = ""
    postcode: str = ""
    note: str = ""
    same_source: bool = False
    points: tuple[PointKey, ...] = ()
    ids: tuple[str, ...] = ()

    def keys_of(self, kind: str) -> set[str]:
        """The keys of one kind of address."""
        return {key for of_kind, key in self.points if of_kind == kind}

    def packed(self) -> bytes:
        """As few bytes: as many are held at once as the file has rows."""
        return packing.compact(
            (self.key, self.town_key, self.pk, self.name, self.is_group, self.street, self.town, self.postcode,
             self.note, self.same_source, self.points, self.ids)
        )  # fmt: skip

    @classmethod
    def unpacked(cls, packed: bytes) -> "Known":
        """What `packed` gave: of our own process, never of a file."""
        return cls(*marshal.loads(packed))  # noqa: S302  # our own bytes, this process's


@dataclass(frozen=True, slots=True)
class Match:
    """Who a row is: `known`, or number `fresh` of this file; neither: new. `likely`: who it may be all the same."""

    known: Known | None = None
    fresh: int | None = None
    likely: Known | int | None = None


NOBODY = Match()


class Index:
    """Contacts by everything that can identify them: those of the database, and `fresh` ones of the file.

    `traits` are all that the file can be found by; those of the database that it cannot mean are not held.
    """

    def __init__(self, traits: Traits | None = None) -> None:
        self._packed: dict[int, bytes] = {}
        self._traits = traits or Traits()
        self._places = Traits()
        self.fresh = Fresh(self._traits, self._places)

    def __len__(self) -> int:
        """How many of the database."""
        return len(self._packed)

    def __iter__(self) -> Iterator[int]:
        """Their ids."""
        return iter(self._packed)

    def __contains__(self, pk: int) -> bool:
        return pk in self._packed

    def __getitem__(self, pk: int) -> Known:
        return Known.unpacked(self._packed[pk])

    def add(self, known: Known) -> None:
        """Make a contact findable; called again when there is more of it."""
        self.add_reached(known)
        for value in known.ids:
            self._traits.put(("id", value), known.pk)
        self._traits.put(without_article(known.key), known.pk)
        self._places.put((known.key, known.town_key), known.pk)

    def add_reached(self, known: Known) -> None:
        """Make it findable by its addresses alone."""
        self._packed[known.pk] = known.packed()
        for point in known.points:
            self._traits.put(point, known.pk)

    def called(self, key: str) -> Iterator[Known]:
        """Those of the database of that folded name."""
        trait = without_article(key)
        if self._traits.is_held(trait):
            for pk in self._traits.known(trait):
                known = self[pk]
                if known.key == key:
                    yield known

    def has_id(self, value: str) -> bool:
        """Whether the source calls somebody of the database so."""
        return any(self._with_id(value))

    def is_alone(self, draft: Draft) -> bool:
        """Whether no other row and nobody we know can be the draft, belong to it or be what it belongs to."""
        of_one = self._traits.is_of_one
        return (
            not (draft.group or draft.own_id)
            and of_one(without_article(draft.key))
            and all(of_one((point.property, point.key)) for point in draft.points)
            and (not draft.external_id or of_one(("id", draft.external_id)))
        )

    def find(self, draft: Draft) -> Match:
        """Who the draft is; where it is nobody, who it may be."""
        shared = [point for point in draft.points if self._traits.is_held((point.property, point.key))]
        certain = self._by_number(draft) or self._by_address(draft, shared) or self._by_name_and_town(draft)
        if certain:
            return certain
        likely = self._likely(draft, shared)
        return NOBODY if likely is None else Match(likely=likely)

    def _with_id(self, value: str) -> Iterator[Known]:
        for pk in self._traits.known(("id", value)):
            known = self[pk]
            if value in known.ids:
                yield known

    def _reached_by(self, point: Point) -> Iterator[Known]:
        for pk in self._traits.known((point.property, point.key)):
            known = self[pk]
            if (point.property, point.key) in known.points:
                yield known

    def _by_number(self, draft: Draft) -> Match | None:
        if draft.own_id and draft.own_id in self:
            return Match(known=self[draft.own_id])
        if draft.external_id:
            for known in self._with_id(draft.external_id):
                return Match(known=known)
            for number in self.fresh.with_id(draft.external_id):
                return Match(fresh=number)
        return None

    def _by_address(self, draft: Draft, shared: Sequence[Point]) -> Match | None:
        for point in shared:
            for known in self._reached_by(point):
                if known.key == draft.key:
                    return Match(known=known)
        for point in shared:
            for number in self.fresh.reached_by(point):
                if self.fresh.shares_name(number, draft.key):
                    return Match(fresh=number)
        return None

    def _by_name_and_town(self, draft: Draft) -> Match | None:
        if self._places.is_held((draft.key, draft.town_key)):
            found = self._in_town(draft)
            if found:
                return found
        if draft.town_key:
            return None
        # The town may have been added by hand since this very list was first imported.
        placed = [known for known in self._namesakes(draft) if known.same_source]
        return Match(known=placed[0]) if len(placed) == 1 and not _conflicting(placed[0], draft) else None

    def _in_town(self, draft: Draft) -> Match | None:
        for pk in self._places.known((draft.key, draft.town_key)):
            known = self[pk]
            if not _differ(known.ids, draft) and (draft.town_key or not _conflicting(known, draft)):
                return Match(known=known)
        for number in self.fresh.called(draft.key, draft.town_key):
            other = self.fresh[number]
            is_other = bool(
                draft.external_id and other.external_id and draft.external_id != other.external_id
            )
            if other.key == draft.key and not is_other and (draft.town_key or not _apart(other, draft)):
                return Match(fresh=number)
        return None

    def _namesakes(self, draft: Draft) -> Iterator[Known]:
        return (known for known in self.called(draft.key) if not _differ(known.ids, draft))

    def _likely(self, draft: Draft, shared: Sequence[Point]) -> Known | int | None:
        for point in shared:
            for known in self._reached_by(point):
                return known
            for number in self.fresh.reached_by(point):
                return number
        for known in self._namesakes(draft):
            if not (known.town_key and draft.town_key) and not _conflicting(known, draft):
                return known
        return None


def _differ(ids: tuple[str, ...], draft: Draft) -> bool:
    """Whether the source itself says that they are two."""
    return bool(draft.external_id and ids and draft.external_id not in ids)


def _conflicting(known: Known, draft: Draft) -> bool:
    """Without a town, a name alone is little: two Jos with two e-mails are two people."""
    for kind in PointProperty.values:
        theirs, ours = known.keys_of(kind), {point.key for point in draft.points if point.property == kind}
        if theirs and ours and not theirs & ours:
            return True
    return False


def _apart(other: Draft, draft: Draft) -> bool:
    """`_conflicting` for two rows of the file."""
    known = Known(key=other.key, points=tuple((point.property, point.key) for point in other.points))
    return _conflicting(known, draft)
