"""What matching needs of the database, in a fixed number of queries however long the file is.

Rows stream past and only those that the file can mean are kept: memory follows the file, not the team.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Team
from contacts.imports.drafts import NAME_LENGTH, Draft
from contacts.imports.matching import Index, Known, PointKey
from contacts.imports.traits import Traits
from contacts.models import Contact, ContactKind, ContactPoint, ExternalId
from contacts.names import fold, without_article
from foundation.many import Texts, among

_folded = lru_cache(maxsize=10_000)(fold)  # towns: few, each many times
FEW = 30_000  # so many addresses are asked for; more, and those of the whole team are read instead


@dataclass(slots=True)
class Wanted:
    """Everything that a file's drafts can be found by; and names and addresses as they are, these None when they are many.

    Names are sort keys: the database has them ready, so that nobody's name need be folded to be passed over.
    """

    traits: Traits = field(default_factory=Traits)
    own_ids: set[int] = field(default_factory=set)
    names: Texts = field(default_factory=Texts)
    few: set[str] | None = field(default_factory=set)

    def add(self, draft: Draft) -> None:
        """Note what identifies a draft, and the group it names."""
        self._name(draft.key)
        for point in draft.points:
            self.traits.want((point.property, point.key))
            if self.few is not None:
                self.few.add(point.key)
                if len(self.few) > FEW:
                    self.few = None
        if draft.external_id:
            self.traits.want(("id", draft.external_id))
        if draft.own_id:
            self.own_ids.add(draft.own_id)
        if draft.group:
            self._name(fold(draft.group))

    def _name(self, folded: str) -> None:
        key = without_article(folded)[:NAME_LENGTH]  # as it is stored
        self.traits.want(key)
        self.names.add(key)


def kind_codes(team: Team) -> dict[str, str]:
    """Codes and folded names of the team's kinds, to their codes."""
    codes: dict[str, str] = {}
    for kind in ContactKind.objects.for_team(team):
        codes[kind.code] = codes[fold(kind.code)] = codes[fold(str(kind))] = kind.code
    return codes


def load(team: Team, *, source: str, wanted: Wanted, decided: Iterable[int] = ()) -> Index:
    """The team's contacts, not in the bin, that the file can mean; and those a person `decided` on, by id."""
    index = Index(wanted.traits)
    external = _external_ids(team, source=source)
    by_id = {pk for pk, values in external.items() if any(("id", value) in wanted.traits for value in values)}
    pks = by_id | wanted.own_ids | set(decided)
    _contacts(index, team, source=source, wanted=wanted, pks=pks, external=external)
    _points(index, team, wanted=wanted)
    return index


def _external_ids(team: Team, *, source: str) -> dict[int, set[str]]:
    rows = ExternalId.objects.filter(team=team, source=source, contact__binned_at__isnull=True)
    found: dict[int, set[str]] = {}
    for contact, value in rows.values_list("contact_id", "value").iterator(chunk_size=5000):
        found.setdefault(contact, set()).add(value)
    return found


def _contacts(
    index: Index, team: Team, *, source: str, wanted: Wanted, pks: set[int], external: Mapping[int, set[str]]
) -> None:
    rows = _meant(team, wanted.names, pks)
    fields = ("pk", "name", "street", "town", "postcode", "note", "source", "is_group")
    for pk, name, street, town, postcode, note, from_source, is_group in _stream(rows, fields):
        known = Known(
            key=fold(name),
            town_key=_folded(town),
            pk=pk,
            name=name,
            is_group=is_group,
            street=street,
            town=town,
            postcode=postcode,
            note=note,
            same_source=from_source == source,
            ids=tuple(external.get(pk, ())),
        )
        index.add(known)


def _points(index: Index, team: Team, *, wanted: Wanted) -> None:
    """Give the known their addresses; the rest are others who share one: likely doubles."""
    # No join: before PostgreSQL has counted new tables it takes them for empty, and walks through one for each of the other.
    rows = ContactPoint.objects.filter(team=team)
    fields = ("contact_id", "property", "key")
    stream: Iterable[tuple[Any, ...]]
    if wanted.few is not None and len(index) <= FEW:
        few = rows.filter(Q(key__in=among(wanted.few, str)) | Q(contact__in=among(index)))
        stream = sorted(_stream(few.order_by(), fields))
    else:
        stream = _stream(rows.order_by("contact_id"), fields)
    meant = ((pk, (kind, key)) for pk, kind, key in stream if pk in index or (kind, key) in wanted.traits)
    others: dict[int, tuple[PointKey, ...]] = {}
    for pk, group in groupby(meant, key=itemgetter(0)):
        points = tuple(point for _pk, point in group)
        if pk in index:
            known = index[pk]
            known.points = points
            index.add_reached(known)
        else:
            others[pk] = points
    if others:
        for pk, name in _stream(_meant(team, (), others), ("pk", "name")):
            index.add_reached(Known(key=fold(name), pk=pk, name=name, points=others[pk]))


def _meant(team: Team, names: Iterable[str] | Texts, pks: Iterable[int]) -> QuerySet[Contact]:
    """The team's contacts, not in the bin, of these sort keys or ids. Either or: PostgreSQL then looks up each row, whatever it
    believes of their number."""
    rows = Contact.objects.filter(team=team, binned_at__isnull=True).order_by()
    return rows.filter(Q(sort_key__in=among(names, str)) | Q(pk__in=among(pks)))


def _stream(rows: Any, fields: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    return rows.values_list(*fields).iterator(chunk_size=5000)
