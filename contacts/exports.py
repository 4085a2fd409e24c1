"""Contacts on their way out: the same for a list's filters and for a selection, written down, a piece at a time.

Nothing leaves but what the team sees of a contact: of meetings the day of the last one, no notes. Whoever was in an
export can be told so (`that_held`). What left comes in again without changing anything (`contacts.imports`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import audit
from accounts.models import Team, User
from contacts import sheets, vcard_writing
from contacts.models import (
    Affiliation,
    Contact,
    ContactKind,
    ContactPoint,
    Export,
    ExportFormat,
    PointProperty,
)
from contacts.vcard_writing import Card

BATCH = 500  # contacts a query: SQLite takes a limited number of parameters
ADDRESSES = 500  # e-mail addresses to copy at once: more than any mail program takes
TYPES = {
    ExportFormat.EXCEL_CSV: ("text/csv; charset=utf-8", "csv"),
    ExportFormat.CSV: ("text/csv; charset=utf-8", "csv"),
    ExportFormat.XLSX: ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ExportFormat.VCARD: ("text/vcard; charset=utf-8", "vcf"),
}
"""Content type and ending of the file."""


@dataclass(slots=True)
class Leaving:
    """A contact and what leaves with it; `groups` are (name, role)."""

    contact: Contact
    team: Team
    points: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    tags: list[str] = field(default_factory=list)
    groups: list[tuple[str, str]] = field(default_factory=list)

    @property
    def identity(self) -> str:
        """By which our own importer knows the contact again, whatever its name has become."""
        return f"{self.team.slug}/{self.contact.pk}"


def _lines(sort: str) -> Callable[[Leaving], str]:
    return lambda one: "\n".join(one.points[sort])


def _day(instant: datetime | None, team: Team) -> str:
    return instant.astimezone(team.zone).date().isoformat() if instant else ""


# Several values stand one a line: no other sign is safe in names of groups, in tags and in links.
COLUMNS: list[tuple[object, Callable[[Leaving], str]]] = [
    ("CommunityCRM id", lambda one: one.identity),
    (pgettext_lazy("column of a file", "Name"), lambda one: one.contact.name),
    (pgettext_lazy("column of a file", "Kind"), lambda one: str(one.contact.kind)),
    (pgettext_lazy("column of a file", "E-mail"), _lines(PointProperty.EMAIL)),
    (pgettext_lazy("column of a file", "Phone"), _lines(PointProperty.TEL)),
    (pgettext_lazy("column of a file", "Link"), _lines(PointProperty.URL)),
    (pgettext_lazy("column of a file", "Street"), lambda one: one.contact.street),
    (pgettext_lazy("column of a file", "Postcode"), lambda one: one.contact.postcode),
    (pgettext_lazy("column of a file", "Town"), lambda one: one.contact.town),
    (pgettext_lazy("column of a file", "Group"), lambda one: "\n".join(name for name, _role in one.groups)),
    (pgettext_lazy("column of a file", "Role"), lambda one: "\n".join(role for _name, role in one.groups)),
    (pgettext_lazy("column of a file", "Tags"), lambda one: "\n".join(one.tags)),
    (pgettext_lazy("column of a file", "Note"), lambda one: one.contact.note),
    (_("Looked after by"), lambda one: str(one.contact.owner or "")),
    (
        pgettext_lazy("column of a file", "See again every … weeks"),
        lambda one: str(one.contact.rhythm_weeks or ""),
    ),
    (_("Last met"), lambda one: _day(one.contact.last_met_at, one.team)),
    (pgettext_lazy("column of a file", "Source"), lambda one: one.contact.source),
    (pgettext_lazy("column of a file", "Why we have it"), lambda one: str(one.contact.get_basis_display())),
    (pgettext_lazy("column of a file", "Since"), lambda one: str(one.contact.sourced_on or "")),
]


_LEAVES = (
    "name", "kind_id", "is_group", "street", "town", "postcode", "note", "owner_id", "rhythm_days", "last_met_at",
    "source", "basis", "sourced_on",
)  # fmt: skip


def export(
    *, team: Team, by: User, contact_ids: Sequence[int], into: ExportFormat, now: datetime
) -> Iterator[bytes]:
    """Write down that these contacts leave, and give the file's pieces in the order of `contact_ids`.

    The pieces are made while they are sent; what is binned or erased in between is left out.
    """
    record(team=team, by=by, contact_ids=contact_ids, into=into, now=now)
    header = [str(words) for words, _cell in COLUMNS]
    if into == ExportFormat.VCARD:
        return vcard_writing.as_vcards(map(_card, leaving(team, contact_ids)))
    rows = ([cell(one) for _words, cell in COLUMNS] for one in leaving(team, contact_ids))
    if into == ExportFormat.XLSX:
        return sheets.as_xlsx(header, rows, title=team.name)
    return sheets.as_csv(header, rows, for_excel=into == ExportFormat.EXCEL_CSV)


def record(*, team: Team, by: User, contact_ids: Sequence[int], into: ExportFormat, now: datetime) -> Export:
    """Who took whom out, and when: a row that knows everybody in it, and a line of the audit trail."""
    made = Export.objects.create(
        team=team, by=by, at=now, format=into, count=len(contact_ids), members=Export.packed(contact_ids)
    )
    audit.record(
        action="contacts.exported",
        actor=by,
        team=team,
        now=now,
        export=made.pk,
        format=str(into),
        count=made.count,
    )
    return made


def that_held(team: Team, contact_ids: Iterable[int]) -> list[Export]:
    """The exports in which one of these contacts was, the latest first: who saw them, and when."""
    wanted = set(contact_ids)
    exports = Export.objects.filter(team=team).select_related("by")
    return [one for one in exports.iterator(chunk_size=50) if not wanted.isdisjoint(one.contact_ids())]


@dataclass(frozen=True)
class Addresses:
    """E-mail addresses to copy; `objected` do not want to be written to, `without` have no address."""

    emails: list[str]
    objected: int
    without: int
    contact_ids: list[int]


def addresses(team: Team, contact_ids: Sequence[int]) -> Addresses:
    """The first e-mail address of each contact, without those who objected; each address once."""
    everybody = Contact.objects.of_team(team)
    found: dict[str, str] = {}
    reached: list[int] = []
    objected = there = 0
    for batch in batches(contact_ids):
        here = everybody.filter(pk__in=batch)
        there += here.count()
        allowed = set(here.contactable().values_list("pk", flat=True))
        objected += here.exclude(pk__in=allowed).count()
        points = ContactPoint.objects.filter(contact__in=allowed, property=PointProperty.EMAIL)
        first: dict[int, tuple[str, str]] = {}
        for contact, key, value in points.order_by("position", "pk").values_list("contact", "key", "value"):
            first.setdefault(contact, (key, value))
        found |= dict(first[pk] for pk in batch if pk in first)
        reached += [pk for pk in batch if pk in first]
    return Addresses(list(found.values()), objected, there - objected - len(reached), reached)


def batches(contact_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Ids in portions that a statement takes."""
    for start in range(0, len(contact_ids), BATCH):
        yield contact_ids[start : start + BATCH]


def leaving(team: Team, contact_ids: Sequence[int]) -> Iterator[Leaving]:
    """The team's contacts of these ids that are not in the bin, in this order; four queries for each 500, two for all."""
    everybody = Contact.objects.of_team(team)
    kinds = ContactKind.objects.filter(Q(team=team) | Q(team=None)).in_bulk()
    owners = User.objects.filter(pk__in=everybody.values("owner")).only("name", "email").in_bulk()
    for batch in batches(contact_ids):
        contacts = everybody.only(*_LEAVES).in_bulk(batch)
        found = {pk: Leaving(contacts[pk], team) for pk in batch if pk in contacts}
        for contact in contacts.values():  # a few kinds and people for many contacts: not joined to each
            contact.kind, contact.owner = kinds[contact.kind_id], owners.get(contact.owner_id)
        for pk, sort, value in (
            ContactPoint.objects.filter(contact__in=found)
            .order_by("position", "pk")
            .values_list("contact", "property", "value")
        ):
            found[pk].points[sort].append(value)
        tagged = Contact.tags.through.objects.filter(contact__in=found).order_by("tag__key")
        for pk, tag in tagged.values_list("contact", "tag__name"):
            found[pk].tags.append(tag)
        belonging = Affiliation.objects.filter(person__in=found, until=None, group__binned_at=None)
        for person, group, role in belonging.order_by("pk").values_list("person", "group__name", "role"):
            found[person].groups.append((group, role))
        yield from found.values()


def _card(one: Leaving) -> Card:
    contact = one.contact
    return Card(
        uid=one.identity,
        kind="org" if contact.is_group else "individual",
        name=contact.name,
        emails=tuple(one.points[PointProperty.EMAIL]),
        phones=tuple(one.points[PointProperty.TEL]),
        links=tuple(one.points[PointProperty.URL]),
        street=contact.street,
        town=contact.town,
        postcode=contact.postcode,
        groups=tuple(one.groups),
        tags=tuple(one.tags),
        note=contact.note,
    )
