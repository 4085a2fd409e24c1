"""Which contact a row is: somebody known already, somebody of a line above, or somebody new.

In this order: the source's own id; the same e-mail, phone or link and the same folded name; name and town where
ids do not differ. A shared key with another name is a likely double, never a match. Pure: `Index` is filled by
`applying` with a fixed number of queries.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from contacts.imports.drafts import Draft
from contacts.models import PointProperty

PointKey = tuple[str, str]


@dataclass(slots=True, eq=False)
class Known:
    """A contact as far as matching needs it: in the database (`pk`), or made by line `line` of this file."""

    key: str
    town_key: str = ""
    pk: int = 0
    name: str = ""
    is_group: bool = False
    line: int = 0
    draft: Draft | None = None
    town: str = ""
    postcode: str = ""
    has_note: bool = False
    same_source: bool = False
    points: set[PointKey] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)

    def keys_of(self, kind: str) -> set[str]:
        """The keys of one kind of address."""
        return {key for of_kind, key in self.points if of_kind == kind}


class Index:
    """Contacts by everything that can identify them."""

    def __init__(self) -> None:
        self.by_id: dict[str, Known] = {}
        self.by_point: dict[PointKey, list[Known]] = {}
        self.by_name: dict[str, list[Known]] = {}

    def add(self, known: Known) -> None:
        """Make a contact findable; called again after it got new points or ids, it stays there once."""
        for value in known.ids:
            self.by_id[value] = known
        for point in known.points:
            _append(self.by_point, point, known)
        _append(self.by_name, known.key, known)

    def find(self, draft: Draft) -> tuple[Known | None, list[Known]]:
        """The contact a draft is, or None; where it is none, those that share an address under another name."""
        if draft.external_id and draft.external_id in self.by_id:
            return self.by_id[draft.external_id], []
        sharing: list[Known] = []
        for point in draft.points:
            sharing += self.by_point.get((point.property, point.key), ())
        same = next((known for known in sharing if known.key == draft.key), None) or self._by_name_and_town(
            draft
        )
        return (same, []) if same else (None, list(dict.fromkeys(sharing)))

    def _by_name_and_town(self, draft: Draft) -> Known | None:
        same_name = [known for known in self.by_name.get(draft.key, ()) if not _differ(known, draft)]
        for known in same_name:
            if known.town_key == draft.town_key and _fits(known, draft):
                return known
        if draft.town_key:
            return None
        # The town may have been added by hand since this very list was first imported.
        placed = [known for known in same_name if known.pk and known.same_source]
        return placed[0] if len(placed) == 1 and not _conflicting(placed[0], draft) else None


def _append(index: dict[Any, list[Known]], key: object, known: Known) -> None:
    here = index.setdefault(key, [])
    if known not in here:
        here.append(known)


def _differ(known: Known, draft: Draft) -> bool:
    """Whether the source itself says that they are two."""
    return bool(draft.external_id and known.ids and draft.external_id not in known.ids)


def _fits(known: Known, draft: Draft) -> bool:
    """Without a town, a name alone is little: two Jos with two e-mails are two people."""
    return bool(draft.town_key) or not _conflicting(known, draft)


def _conflicting(known: Known, draft: Draft) -> bool:
    for kind in PointProperty.values:
        theirs, ours = known.keys_of(kind), {point.key for point in draft.points if point.property == kind}
        if theirs and ours and not theirs & ours:
            return True
    return False


def wanted_keys(drafts: Iterable[Draft]) -> tuple[set[str], set[PointKey], set[str]]:
    """All names, points and ids that a file's drafts can be found by."""
    names: set[str] = set()
    points: set[PointKey] = set()
    ids: set[str] = set()
    for draft in drafts:
        names.add(draft.key)
        points.update((point.property, point.key) for point in draft.points)
        if draft.external_id:
            ids.add(draft.external_id)
    return names, points, ids
