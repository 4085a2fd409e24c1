"""What the search and the sorting of contacts look at: written here and nowhere else."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from contacts.models import Affiliation, Contact
from contacts.names import fold, without_article
from foundation import bulk
from foundation.many import among

BATCH = 5000  # rows a statement
_fold = lru_cache(maxsize=5000)(fold)  # towns, tags, groups: few, each many times


def search_key(name: str, town: str = "", tags: Iterable[str] = (), groups: Iterable[str] = ()) -> str:
    """Name, town, tags and groups as one folded text. The name comes first: matches at the start rank higher."""
    return joined(map(fold, (name, town, *tags, *groups)))


def joined(folded: Iterable[str]) -> str:
    """`search_key` of parts that are folded already."""
    return " ".join(part for part in folded if part)


def refresh(contact_ids: Iterable[int]) -> None:
    """Write the sort and search keys of these contacts anew, and of the people of those that are groups.

    To be called, in the same transaction, after a name, town, tag or affiliation changed. Five queries for each
    5000 contacts.
    """
    wanted = set(contact_ids)
    members = Affiliation.objects.filter(group__in=among(wanted), until__isnull=True).values_list(
        "person", flat=True
    )
    ids = sorted(wanted | set(members))
    for start in range(0, len(ids), BATCH):
        _refresh(ids[start : start + BATCH])


def _refresh(ids: list[int]) -> None:
    tags: dict[int, list[str]] = defaultdict(list)
    for tagged, tag in Contact.tags.through.objects.filter(contact__in=among(ids)).values_list(
        "contact", "tag__name"
    ):
        tags[tagged].append(_fold(tag))
    groups: dict[int, list[str]] = defaultdict(list)
    belonging = Affiliation.objects.filter(person__in=among(ids), until__isnull=True)
    for person, group in belonging.order_by("pk").values_list("person", "group__name"):
        groups[person].append(_fold(group))
    changed = []
    rows = Contact.objects.filter(pk__in=among(ids)).values_list(
        "pk", "name", "town", "sort_key", "search_key"
    )
    for pk, name, town, *written in rows:
        folded = fold(name)
        keys = [
            without_article(folded),
            joined((folded, _fold(town), *sorted(tags[pk]), *groups[pk])),
        ]
        if keys != written:
            changed.append((*keys, pk))
    bulk.update(Contact, ("sort_key", "search_key"), changed)
