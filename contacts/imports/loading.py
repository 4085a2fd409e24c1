"""What matching needs of the database, in a fixed number of queries however long the file is.

Rows stream past and only those that the file can mean are kept: memory follows the file, not the team.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from accounts.models import Team
from contacts.imports.matching import Index, Known, PointKey
from contacts.models import Contact, ContactKind, ContactPoint, ExternalId
from contacts.names import fold

_FEW = 500  # so many keys are asked for by name; more, and the team's whole list is read instead


def kind_codes(team: Team) -> dict[str, str]:
    """Codes and folded names of the team's kinds, to their codes."""
    codes: dict[str, str] = {}
    for kind in ContactKind.objects.for_team(team):
        codes[kind.code] = codes[fold(kind.code)] = codes[fold(str(kind))] = kind.code
    return codes


def load(team: Team, *, source: str, names: set[str], points: set[PointKey], ids: set[str]) -> Index:
    """The team's contacts, not in the bin, that these folded names, addresses or ids of the source lead to."""
    index = Index()
    external = _external_ids(team, source=source)
    by_id = {contact: values for contact, values in external.items() if values & ids} if ids else {}
    known = _contacts(team, source=source, names=names, pks=set(by_id))
    shared = _points(team, known=known, points=points)
    for pk, contact in known.items():
        contact.ids = external.get(pk, set())
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


def _contacts(team: Team, *, source: str, names: set[str], pks: set[int]) -> dict[int, Known]:
    rows = Contact.objects.filter(team=team, binned_at__isnull=True).order_by()
    fields = ("pk", "name", "town", "postcode", "note", "source", "is_group")
    known: dict[int, Known] = {}
    for pk, name, town, postcode, note, from_source, is_group in _stream(rows, fields):
        key = fold(name)
        if key in names or pk in pks:
            known[pk] = Known(
                key=key,
                town_key=fold(town),
                pk=pk,
                name=name,
                is_group=is_group,
                town=town,
                postcode=postcode,
                has_note=bool(note),
                same_source=from_source == source,
            )
    return known


def _points(team: Team, *, known: dict[int, Known], points: set[PointKey]) -> dict[int, Known]:
    """Give the known their addresses; the rest are others who share one: likely doubles."""
    rows = ContactPoint.objects.filter(team=team, contact__binned_at__isnull=True).order_by()
    keys = {key for _property, key in points}
    if len(keys) <= _FEW and len(known) <= _FEW:
        rows = rows.filter(key__in=keys) | rows.filter(contact__in=list(known))
    others: dict[int, Known] = {}
    for pk, kind, key, name in _stream(rows, ("contact_id", "property", "key", "contact__name")):
        contact = known.get(pk)
        if contact is None and (kind, key) in points:
            contact = others.setdefault(pk, Known(key=fold(name), pk=pk, name=name))
        if contact is not None:
            contact.points.add((kind, key))
    return others


def _stream(rows: Any, fields: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    return rows.values_list(*fields).iterator(chunk_size=5000)
