"""The contacts that a file makes, while it is decided who is who: a hundred thousand of them in little memory.

Each is held as packed bytes, and found by numbers (hashes of its name, addresses and ids) that no garbage collector
need walk. A number that agrees is looked at again in the draft itself, so that two never meet by chance.
"""

from array import array
from collections.abc import Iterator

from contacts.imports.drafts import Draft
from contacts.names import fold
from contacts.points import Point

MANY = 50  # contacts that share a name and town, or an address: of so many it identifies none
_Places = dict[int, "int | list[int]"]


class Fresh:
    """Drafts of new contacts by their number, from 0."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._names = array("q")
        self._by_place: _Places = {}
        self._by_point: _Places = {}
        self._by_id: _Places = {}
        self.tags: dict[str, None] = {}
        self.belonged: set[str] = set()  # folded names of groups that people of the file belong to

    def __len__(self) -> int:
        return len(self._packed)

    def __getitem__(self, number: int) -> Draft:
        return Draft.unpacked(self._packed[number])

    def __iter__(self) -> Iterator[Draft]:
        for packed in self._packed:
            yield Draft.unpacked(packed)

    def add(self, draft: Draft, packed: bytes) -> int:
        """A new contact; its number."""
        number = len(self._packed)
        self._packed.append(packed)
        if draft.group:
            self.belonged.add(fold(draft.group))
        self._names.append(hash(draft.key))
        self._index(draft, number)
        return number

    def replace(self, number: int, draft: Draft) -> None:
        """A row further down said more about it."""
        self._packed[number] = draft.packed()
        self._index(draft, number)

    def _index(self, draft: Draft, number: int) -> None:
        if draft.tags:
            self.tags.update(dict.fromkeys(draft.tags))
        _put(self._by_place, hash((draft.key, draft.town_key)), number)
        for point in draft.points:
            _put(self._by_point, hash((point.property, point.key)), number)
        if draft.external_id:
            _put(self._by_id, hash(draft.external_id), number)

    def add_id(self, value: str, number: int) -> None:
        """Another id that the source gives it."""
        _put(self._by_id, hash(value), number)

    def with_id(self, value: str) -> list[int]:
        """Those whom the source calls so."""
        return _at(self._by_id, hash(value))

    def called(self, key: str, town_key: str) -> list[int]:
        """Those of that folded name in that folded town."""
        return _at(self._by_place, hash((key, town_key)))

    def reached_by(self, point: Point) -> list[int]:
        """Those with that address."""
        return _at(self._by_point, hash((point.property, point.key)))

    def shares_name(self, number: int, key: str) -> bool:
        """Whether it is called so."""
        return self._names[number] == hash(key) and self[number].key == key


def _put(places: _Places, key: int, number: int) -> None:
    here = places.get(key)
    if here is None:
        places[key] = number
    elif isinstance(here, list):
        if len(here) < MANY and number not in here:
            here.append(number)
    elif here != number:
        places[key] = [here, number]


def _at(places: _Places, key: int) -> list[int]:
    here = places.get(key)
    if here is None:
        return []
    return here if isinstance(here, list) else [here]
