"""Finding contacts by part of a name, a town, a tag or a group; without accents and case, typing mistakes forgiven.

`search_key` is folded in Python and so the same on both databases: what is found does not depend on which one runs.
PostgreSQL answers `LIKE '%...%'` from a trigram index (migration 0003), SQLite by reading the keys: 20 ms for 100,000.
Under three characters there are no trigrams, and parts of names would be everywhere: the name's beginning decides.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from rapidfuzz import fuzz, process

from accounts.models import Team
from contacts.models import Contact
from contacts.names import fold, sort_key

SHORT = 3
CANDIDATES = 3000  # looked at for likeness when nothing matches as typed
LIKE_ENOUGH = 75  # of 100; "samria" is 83 like "samira", "brme" 89 like "brume"


def find(contacts: QuerySet[Contact], text: str) -> QuerySet[Contact]:
    """The contacts in which each word of `text` occurs. All of them for an empty text."""
    for word in fold(text).split():
        contacts = contacts.filter(_has(word))
    return contacts


def ranked(contacts: QuerySet[Contact], text: str) -> QuerySet[Contact]:
    """`find`, names that begin with the text first, then those with a word that does."""
    folded = fold(text)
    rank = Case(
        When(Q(search_key__startswith=folded) | Q(sort_key__startswith=folded), then=Value(0)),
        When(search_key__contains=f" {folded}", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return find(contacts, text).order_by(rank, "sort_key", "pk")


def guess(contacts: QuerySet[Contact], text: str, limit: int = 20) -> list[int]:
    """The ids of contacts whose name is much like `text`, the likest first: for when `find` finds nothing."""
    folded = fold(text)
    if len(folded) <= SHORT:
        return []
    near = reduce(or_, (Q(search_key__contains=piece) for piece in _pieces(folded)))
    candidates = dict(contacts.filter(near).order_by("pk").values_list("pk", "search_key")[:CANDIDATES])
    likest = process.extract(folded, candidates, scorer=_likeness, score_cutoff=LIKE_ENOUGH, limit=limit)
    return [pk for _key, _score, pk in likest]


def suggest(contacts: QuerySet[Contact], text: str, limit: int = 8) -> list[Contact]:
    """The best few for a text being typed: as typed, else much like it. At most three queries."""
    if not fold(text):
        return []
    found = list(ranked(contacts, text).select_related("kind")[:limit])
    if found:
        return found
    likest = guess(contacts, text, limit)
    by_id = contacts.select_related("kind").in_bulk(likest)
    return [by_id[pk] for pk in likest]


def named(team: Team, names: Iterable[str]) -> dict[str, list[Contact]]:
    """For each name, the team's contacts that are called so but for accents, case and a leading article; one query."""
    wanted = {name: fold(name) for name in names}
    by_key: dict[str, list[Contact]] = {}
    contacts = Contact.objects.filter(
        team=team, binned_at=None, sort_key__in={sort_key(name) for name in wanted}
    )
    for contact in contacts.select_related("kind").order_by("sort_key", "pk"):
        by_key.setdefault(contact.sort_key, []).append(contact)
    found = {}
    for name, folded in wanted.items():
        alike = by_key.get(sort_key(name), [])
        found[name] = [contact for contact in alike if fold(contact.name) == folded] or alike
    return found


def _has(word: str) -> Q:
    if len(word) < SHORT:
        # The name's own beginning; and a word of it, so that "m" finds "Samira M.".
        return (
            Q(sort_key__startswith=word) | Q(search_key__startswith=word) | Q(search_key__contains=f" {word}")
        )
    return Q(search_key__contains=word)


def _pieces(folded: str) -> set[str]:
    """Parts of the words of which at least one survives a letter dropped, doubled, swapped or mistyped."""
    pieces = set()
    for word in folded.split():
        if len(word) < 6:
            pieces |= {word[:2], word[-2:]}
        else:
            pieces |= {word[start : start + 3] for start in range(len(word) - 2)}
    return {piece for piece in pieces if len(piece) > 1} or {folded}


def _likeness(typed: str, key: str, *, score_cutoff: float | None = None, **_options: object) -> float:
    """How like the best stretch of whole words of a key is to what was typed; the length of the rest is no matter."""
    words, count = key.split(), len(typed.split())
    stretches = [" ".join(words[start : start + count]) for start in range(max(1, len(words) - count + 1))]
    return max((fuzz.ratio(typed, stretch) for stretch in stretches), default=0.0)
