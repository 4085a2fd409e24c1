"""What matching needs of the database, in a fixed number of queries however long the file is.

Rows stream past and only those that the file can mean are kept: memory follows the file, not the team.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from sys import intern
from typing import Any

from django.db.models import Q

from accounts.models import Team
from contacts.imports.drafts import NAME_LENGTH, Draft
from contacts.imports.matching import Index, Known
from contacts.models import Contact, ContactKind, ContactPoint, ExternalId
from contacts.names import fold, without_article
from foundation.many import among

_FEW = 30_000  # so many keys are asked for by name; more, and the team's whole list is read instead


@dataclass(slots=True)
class Wanted:
    """Everything that a file's drafts can be found by, as hashes; and the first few names and addresses as they are.

    `names` are sort keys: the database has them ready, so that nobody's name need be folded to be passed over.
    """

    names: set[int] = field(default_factory=set)
    points: set[int] = field(default_factory=set)
    ids: set[int] = field(default_factory=set)
    own_ids: set[int] = field(default_factory=set)
    few_names: set[str] = field(default_factory=set)
    few: set[str] = field(default_factory=set)

    def add(self, draft: Draft) -> None:
        """Note what identifies a draft, and the group it names."""
        self._name(draft.key)
        for point in draft.points:
            self.points.add(hash((point.property, point.key)))
            if len(self.few) <= _FEW:
                self.few.add(point.key)
        if draft.external_id:
            self.ids.add(hash(draft.external_id))
        if draft.own_id:
            self.own_ids.add(draft.own_id)
        if draft.group:
            self._name(fold(draft.group))

    def _name(self, folded: str) -> None:
        key = _sort_key(folded)
        self.names.add(hash(key))
        if len(self.few_names) <= _FEW:
            self.few_names.add(key)


def kind_codes(team: Team) -> dict[str, str]:
    """Codes and folded names of the team's kinds, to their codes."""
    codes: dict[str, str] = {}
    for kind in ContactKind.objects.for_team(team):
        codes[kind.code] = codes[fold(kind.code)] = codes[fold(str(kind))] = kind.code
    return codes


def load(team: Team, *, source: str, wanted: Wanted, decided: Iterable[int] = ()) -> Index:
    """The team's contacts, not in the bin, that the file can mean; and those a person `decided` on, by id."""
    index = Index()
    external = _external_ids(team, source=source)
    by_id = {pk for pk, values in external.items() if any(hash(value) in wanted.ids for value in values)}
    known = _contacts(team, source=source, wanted=wanted, pks=by_id | wanted.own_ids | set(decided))
    shared = _points(team, known=known, wanted=wanted)
    for pk, contact in known.items():
        contact.ids = tuple(external.get(pk, ()))
        index.add(contact)
    for contact in shared.values():
        for point in contact.points:
            index.by_point.setdefault(point, []).append(contact)
    return index


def _external_ids(team: Team, *, source: str) -> dict[int, set[str]]:
    rows = ExternalId.objects.filter(team=team, source=source, contact__binned_at__isnull=True)
    found: dict[int, set[str]] = {}
    for contact, value in rows.values_list("contact_id", "value").iterator(chunk_size=5000):
        found.setdefault(contact, set()).add(value)
    return found


def _contacts(team: Team, *, source: str, wanted: Wanted, pks: set[int]) -> dict[int, Known]:
    rows = Contact.objects.filter(team=team, binned_at__isnull=True).order_by()
    if len(wanted.few_names) <= _FEW and len(pks) <= _FEW:
        rows = rows.filter(Q(sort_key__in=among(wanted.few_names, str)) | Q(pk__in=among(pks)))
    fields = ("pk", "sort_key", "name", "street", "town", "postcode", "note", "source", "is_group")
    known: dict[int, Known] = {}
    for pk, key, name, street, town, postcode, note, from_source, is_group in _stream(rows, fields):
        if hash(key) in wanted.names or pk in pks:
            known[pk] = Known(
                key=fold(name),
                town_key=intern(fold(town)),
                pk=pk,
                name=name,
                is_group=is_group,
                street=street,
                town=intern(town),
                postcode=intern(postcode),
                note=note,
                same_source=from_source == source,
            )
    return known


def _points(team: Team, *, known: dict[int, Known], wanted: Wanted) -> dict[int, Known]:
    """Give the known their addresses; the rest are others who share one: likely doubles."""
    rows = ContactPoint.objects.filter(team=team, contact__binned_at__isnull=True).order_by()
    if len(wanted.few) <= _FEW and len(known) <= _FEW:
        rows = rows.filter(Q(key__in=among(wanted.few, str)) | Q(contact__in=among(known)))
    others: dict[int, Known] = {}
    for pk, kind, key, name in _stream(rows, ("contact_id", "property", "key", "contact__name")):
        contact = known.get(pk)
        if contact is None and hash((kind, key)) in wanted.points:
            contact = others.setdefault(pk, Known(key=fold(name), pk=pk, name=name))
        if contact is not None:
            contact.points += ((intern(kind), key),)
    return others


def _sort_key(folded: str) -> str:
    """Of a name that is folded already, as it is stored."""
    return without_article(folded)[:NAME_LENGTH]


def _stream(rows: Any, fields: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    return rows.values_list(*fields).iterator(chunk_size=5000)
