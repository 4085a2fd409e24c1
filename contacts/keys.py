"""What the search and the sorting of contacts look at: written here and nowhere else."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from contacts.models import Affiliation, Contact
from contacts.names import fold, sort_key

BATCH = 500  # rows a statement: SQLite takes a limited number of parameters


def search_key(name: str, town: str = "", tags: Iterable[str] = (), groups: Iterable[str] = ()) -> str:
    """Name, town, tags and groups as one folded text. The name comes first: matches at the start rank higher."""
    return joined(map(fold, (name, town, *tags, *groups)))


def joined(folded: Iterable[str]) -> str:
    """`search_key` of parts that are folded already."""
    return " ".join(part for part in folded if part)


def refresh(contact_ids: Iterable[int]) -> None:
    """Write the sort and search keys of these contacts anew, and of the people of those that are groups.

    To be called, in the same transaction, after a name, town, tag or affiliation changed. Five queries for each
    500 contacts.
    """
    wanted = set(contact_ids)
    members = Affiliation.objects.filter(group__in=wanted, until__isnull=True).values_list(
        "person", flat=True
    )
    ids = sorted(wanted | set(members))
    for start in range(0, len(ids), BATCH):
        _refresh(ids[start : start + BATCH])


def _refresh(ids: list[int]) -> None:
    tags: dict[int, list[str]] = defaultdict(list)
    for tagged, tag in Contact.tags.through.objects.filter(contact__in=ids).values_list(
        "contact", "tag__name"
    ):
        tags[tagged].append(tag)
    groups: dict[int, list[str]] = defaultdict(list)
    belonging = Affiliation.objects.filter(person__in=ids, until__isnull=True)
    for person, group in belonging.order_by("pk").values_list("person", "group__name"):
        groups[person].append(group)
    changed = []
    for contact in Contact.objects.filter(pk__in=ids).only("name", "town", "sort_key", "search_key"):
        keys = (
            sort_key(contact.name),
            search_key(contact.name, contact.town, sorted(tags[contact.pk], key=fold), groups[contact.pk]),
        )
        if keys != (contact.sort_key, contact.search_key):
            changed.append((*keys, contact.pk))
    # One prepared statement for all: an update of 500 cases in one takes ten times as long.
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE contacts_contact SET sort_key = %s, search_key = %s WHERE id = %s", changed
        )
