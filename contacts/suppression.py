"""Those who asked not to be held: kept away by keyed hashes of what they would be recognised by, and nothing else.

For the whole organisation, not by team: a person asks whoever holds their data, and that is the organisation. A hash
is HMAC-SHA-256 (RFC 2104) under a key that is not in the database (`SUPPRESSION_KEYS`): without it nobody can try names
or numbers against the table. A hash cannot be made anew when the key changes, so a new key is put in front and the old
ones stay; `unknown_keys` tells of one that was taken away.

Held against every way in: imports, what is typed or pasted, undo, merges, calendars, and restored backups.
"""

import hashlib
import hmac
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from contacts import mentions
from contacts.models import Scope, Suppression
from contacts.names import fold
from contacts.points import Point

BATCH = 500  # rows a statement: SQLite takes a limited number of parameters


@dataclass(frozen=True)
class Register:
    """The hashes, read once. `holds` then asks no database."""

    digests: frozenset[str]
    keys: tuple[bytes, ...]

    def holds(self, *, points: Iterable[Point], name: str, town: str = "") -> bool:
        """Whether somebody who is known by these asked not to be held.

        An address or number of theirs is enough; so are name and town together. A name of two words or more is when
        nothing else is known ("Jo Canari" typed alone): one word would shut out everybody of that first name.
        """
        if not self.digests:
            return False
        return any(
            _digest(key, trait) in self.digests for trait in _traits(points, name, town) for key in self.keys
        )

    def without(self, text: str, country: str) -> str:
        """A text that comes in, with "…" for their names of two words or more, addresses and numbers."""
        if not self.digests:
            return text
        found = mentions.named_or_reached(text, country)
        return mentions.left_out(text, ((start, end) for start, end, what in found if self._knows(what)))

    def _knows(self, what: str | Point) -> bool:
        traits = [f"name\0{what}"] if isinstance(what, str) else _traits([what], "", "")
        return any(_digest(key, trait) in self.digests for trait in traits for key in self.keys)


def load(scope: Scope = Scope.HOLDING) -> Register:
    """The whole register, for checks of many: one query."""
    digests = Suppression.objects.filter(scope=scope).values_list("digest", flat=True)
    return Register(frozenset(digests), _keys())


def holds(*, points: Iterable[Point], name: str, town: str = "", scope: Scope = Scope.HOLDING) -> bool:
    """The same for one contact that is typed: one query by its own hashes."""
    digests = [_digest(key, trait) for trait in _traits(points, name, town) for key in _keys()]
    return Suppression.objects.filter(scope=scope, digest__in=digests).exists()


def held_among(names: Iterable[str], scope: Scope = Scope.HOLDING) -> set[str]:
    """Those of some names, each all that is known of somebody, that are held back; at most one query."""
    by_digest = {
        _digest(key, trait): name for name in names for trait in _traits((), name, "") for key in _keys()
    }
    if not by_digest:
        return set()
    rows = Suppression.objects.filter(scope=scope, digest__in=list(by_digest))
    return {by_digest[digest] for digest in rows.values_list("digest", flat=True)}


def add(
    people: Iterable[tuple[Iterable[Point], str, str]],
    *,
    day: date,
    scope: Scope = Scope.HOLDING,
    shared: Collection[tuple[str, str]] = (),
    namesakes: Mapping[str, Collection[str]] | None = None,
) -> uuid.UUID:
    """Hold one person back from a day on. `people` are the (points, name, town) they were held under.

    `shared` are the (property, key) of addresses that others have too, a band's mailbox: they count only together
    with the name, or its other members would be kept away as well. `namesakes` are the folded towns of others of the
    name (by `called`), who stay: a name that is theirs too says nothing of this person. Returns the random id that
    ties the hashes together. Added twice, the first remains.
    """
    person, key = uuid.uuid4(), _keys()[0]
    traits = {
        trait
        for points, name, town in people
        for trait in _lasting_traits(points, name, town, shared, (namesakes or {}).get(called(name), ()))
    }
    Suppression.objects.bulk_create(
        [
            Suppression(
                person=person, digest=_digest(key, trait), key_id=_key_id(key), scope=scope, since=day
            )
            for trait in sorted(traits)
        ],
        ignore_conflicts=True,
    )
    return person


def lift(*, points: Iterable[Point], name: str, town: str = "", scope: Scope = Scope.HOLDING) -> int:
    """They came back of their own will: forget that they are held back. Returns how many people that were."""
    digests = [_digest(key, trait) for trait in _traits(points, name, town) for key in _keys()]
    rows = Suppression.objects.filter(scope=scope)
    people = set(rows.filter(digest__in=digests).values_list("person", flat=True))
    rows.filter(person__in=people).delete()
    return len(people)


def unknown_keys() -> int:
    """How many hashes were made with a key that is no longer configured: they keep nobody away."""
    known = [_key_id(key) for key in _keys()]
    return Suppression.objects.exclude(key_id__in=known).count()


def _traits(points: Iterable[Point], name: str, town: str) -> Iterator[str]:
    """What somebody who comes in is recognised by."""
    points, whole, where = list(points), called(name), fold(town)
    for point in points:
        yield f"{point.property}\0{point.key}"
        yield f"{point.property} and name\0{point.key}\0{whole}"
    if whole and where:
        yield f"name and town\0{whole}\0{where}"
    if " " in whole and not points and not where:
        yield f"name\0{whole}"


def _lasting_traits(
    points: Iterable[Point],
    name: str,
    town: str,
    shared: Collection[tuple[str, str]],
    elsewhere: Collection[str],
) -> Iterator[str]:
    """What is kept of somebody, of which one is enough to recognise them."""
    whole, where = called(name), fold(town)
    for point in points:
        if (point.property, point.key) in shared:
            yield f"{point.property} and name\0{point.key}\0{whole}"
        else:
            yield f"{point.property}\0{point.key}"
    if whole and where and where not in elsewhere:
        yield f"name and town\0{whole}\0{where}"
    if " " in whole and not elsewhere:
        yield f"name\0{whole}"


def called(name: str) -> str:
    """A name whichever way round it is written: "Canari, Jo" is Jo Canari."""
    return " ".join(sorted(fold(name).split()))


def _keys() -> tuple[bytes, ...]:
    """The keys, newest first, each derived so that the setting itself signs nothing else."""
    return tuple(
        hashlib.blake2b(key.encode(), person=b"suppression", digest_size=32).digest()
        for key in settings.SUPPRESSION_KEYS
    )


def _key_id(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:8]


def _digest(key: bytes, trait: str) -> str:
    return hmac.digest(key, trait.encode(), "sha256").hex()
