"""The new contacts of a file that other rows may mean too, while it is decided who is who: many in little memory.

Each is held as packed bytes, and found by its `Traits`.
"""

from array import array
from collections.abc import Iterator

from contacts.imports.drafts import Draft
from contacts.imports.traits import Traits
from contacts.names import fold
from contacts.points import Point


class Fresh:
    """Drafts of new contacts by their number, from 0. `traits` and `places` may hold those of others too."""

    def __init__(self, traits: Traits | None = None, places: Traits | None = None) -> None:
        self._packed: list[bytes] = []
        self._names = array("q")
        self._traits = traits or Traits()
        self._places = places or Traits()
        self.tags: dict[str, None] = {}  # of all who are new, as they are first written
        self.belonged: set[str] = set()  # folded names of groups that people of the file belong to

    def __len__(self) -> int:
        return len(self._packed)

    def __getitem__(self, number: int) -> Draft:
        return Draft.unpacked(self._packed[number])

    def __iter__(self) -> Iterator[Draft]:
        for packed in self._packed:
            yield Draft.unpacked(packed)

    def add(self, draft: Draft) -> int:
        """A new contact; its number."""
        number = len(self._packed)
        self._packed.append(draft.packed())
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
        self._places.put((draft.key, draft.town_key), ~number)
        for point in draft.points:
            self._traits.put((point.property, point.key), ~number)
        if draft.external_id:
            self.add_id(draft.external_id, number)

    def add_id(self, value: str, number: int) -> None:
        """Another id that the source gives it."""
        self._traits.put(("id", value), ~number)

    def with_id(self, value: str) -> list[int]:
        """Those whom the source calls so."""
        return self._traits.fresh(("id", value))

    def called(self, key: str, town_key: str) -> list[int]:
        """Those of that folded name in that folded town."""
        return self._places.fresh((key, town_key))

    def reached_by(self, point: Point) -> list[int]:
        """Those with that address."""
        return self._traits.fresh((point.property, point.key))

    def shares_name(self, number: int, key: str) -> bool:
        """Whether it is called so."""
        return self._names[number] == hash(key) and self[number].key == key
