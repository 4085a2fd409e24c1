"""What can identify somebody, as numbers: the hash of a name, an address or an id, to whoever has it.

One dictionary of numbers for all that a list and the book have in common, that no garbage collector need walk. Who agrees
is looked at again, contacts of the book by name, address and id; of a name with its town, and ids within the list, the
number of 64 bits is enough: two that agree by chance are one list in a thousand million.
"""

from collections.abc import Hashable

MANY = 50  # contacts that share a name and town, or an address: of so many it identifies none


class Traits:
    """By each trait, who has it: a contact of the database by its id, number n of the new ones of the file as ~n."""

    def __init__(self) -> None:
        self._here: dict[int, int | list[int] | None] = {}
        self._again: set[int] = set()

    def __contains__(self, trait: Hashable) -> bool:
        """Whether it was asked for, or is somebody's."""
        return hash(trait) in self._here

    def want(self, trait: Hashable) -> None:
        """A row of the file has it; so far it is nobody's."""
        key = hash(trait)
        if key in self._here:
            self._again.add(key)
        else:
            self._here[key] = None

    def put(self, trait: Hashable, who: int) -> None:
        """Somebody has it."""
        key = hash(trait)
        here = self._here.get(key)
        if here is None:
            self._here[key] = who
        elif isinstance(here, list):
            if len(here) < MANY and who not in here:
                here.append(who)
        elif here != who:
            self._here[key] = [here, who]

    def is_of_one(self, trait: Hashable) -> bool:
        """Whether a single row of the file has it, and nobody else."""
        key = hash(trait)
        return self._here.get(key, 0) is None and key not in self._again

    def is_held(self, trait: Hashable) -> bool:
        """Whether it is somebody's."""
        return self._here.get(hash(trait)) is not None

    def known(self, trait: Hashable) -> list[int]:
        """The ids of those of the database who have it."""
        return [who for who in self._at(trait) if who > 0]

    def fresh(self, trait: Hashable) -> list[int]:
        """The numbers of the new ones who have it."""
        return [~who for who in self._at(trait) if who < 0]

    def _at(self, trait: Hashable) -> list[int]:
        here = self._here.get(hash(trait))
        if here is None:
            return []
        return here if isinstance(here, list) else [here]
