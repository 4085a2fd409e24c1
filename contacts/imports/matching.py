"""Which contact a row is: somebody known already, somebody of a line above, or somebody new.

In this order: our own number, the source's own id; the same e-mail, phone or link and the same folded name; name and
town where ids do not differ. A shared key with another name is a likely double, never a match; nor is a name alone
where only one side says a town. Pure: `Index` is filled by `loading` with a fixed number of queries.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contacts.imports.drafts import Draft
from contacts.imports.fresh import MANY, Fresh
from contacts.models import PointProperty

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
    points: tuple[PointKey, ...] = ()  # few each, of many contacts: sets would take four times as much
    ids: tuple[str, ...] = ()

    def keys_of(self, kind: str) -> set[str]:
        """The keys of one kind of address."""
        return {key for of_kind, key in self.points if of_kind == kind}


@dataclass(frozen=True, slots=True)
class Match:
    """Who a row is: `known`, or number `fresh` of this file; neither: new. `likely`: who it may be all the same."""

    known: Known | None = None
    fresh: int | None = None
    likely: Known | int | None = None


NOBODY = Match()


class Index:
    """Contacts by everything that can identify them: those of the database, and `fresh` ones of the file."""

    def __init__(self) -> None:
        self.by_pk: dict[int, Known] = {}
        self.by_id: dict[str, Known] = {}
        self.by_point: dict[PointKey, list[Known]] = {}
        self.by_name: dict[str, list[Known]] = {}
        self.by_place: dict[tuple[str, str], list[Known]] = {}
        self.fresh = Fresh()

    def add(self, known: Known) -> None:
        """Make a contact findable; called again after it got new points or ids, it stays there once."""
        self.by_pk[known.pk] = known
        for value in known.ids:
            self.by_id[value] = known
        for point in known.points:
            _append(self.by_point, point, known)
        _append(self.by_name, known.key, known)
        _append(self.by_place, (known.key, known.town_key), known)

    def find(self, draft: Draft) -> Match:
        """Who the draft is; where it is nobody, who it may be."""
        certain = self._by_number(draft) or self._by_address(draft) or self._by_name_and_town(draft)
        return certain or Match(likely=self._likely(draft))

    def _by_number(self, draft: Draft) -> Match | None:
        if draft.own_id in self.by_pk:
            return Match(known=self.by_pk[draft.own_id])
        if draft.external_id:
            if draft.external_id in self.by_id:
                return Match(known=self.by_id[draft.external_id])
            for number in self.fresh.with_id(draft.external_id):
                return Match(fresh=number)
        return None

    def _by_address(self, draft: Draft) -> Match | None:
        for point in draft.points:
            for known in self.by_point.get((point.property, point.key), ()):
                if known.key == draft.key:
                    return Match(known=known)
        for point in draft.points:
            for number in self.fresh.reached_by(point):
                if self.fresh.shares_name(number, draft.key):
                    return Match(fresh=number)
        return None

    def _by_name_and_town(self, draft: Draft) -> Match | None:
        for known in self.by_place.get((draft.key, draft.town_key), ()):
            if not _differ(known.ids, draft) and (draft.town_key or not _conflicting(known, draft)):
                return Match(known=known)
        for number in self.fresh.called(draft.key, draft.town_key):
            other = self.fresh[number]
            is_other = bool(
                draft.external_id and other.external_id and draft.external_id != other.external_id
            )
            if other.key == draft.key and not is_other and (draft.town_key or not _apart(other, draft)):
                return Match(fresh=number)
        if draft.town_key:
            return None
        # The town may have been added by hand since this very list was first imported.
        placed = [known for known in self._namesakes(draft) if known.same_source]
        return Match(known=placed[0]) if len(placed) == 1 and not _conflicting(placed[0], draft) else None

    def _namesakes(self, draft: Draft) -> Iterator[Known]:
        return (known for known in self.by_name.get(draft.key, ()) if not _differ(known.ids, draft))

    def _likely(self, draft: Draft) -> Known | int | None:
        for point in draft.points:
            for known in self.by_point.get((point.property, point.key), ()):
                return known
            for number in self.fresh.reached_by(point):
                return number
        for known in self._namesakes(draft):
            if not (known.town_key and draft.town_key) and not _conflicting(known, draft):
                return known
        return None


def _append(index: dict[Any, list[Known]], key: object, known: Known) -> None:
    here = index.setdefault(key, [])
    if len(here) < MANY and known not in here:
        here.append(known)


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
