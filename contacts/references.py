"""The registry of what hangs on a contact: the second of the two doors upwards (ARCHITECTURE.md), and the last.

The app that owns a relation to Contact says, from `AppConfig.ready`, what becomes of its rows when two contacts are
merged, when a person is erased, and what of them belongs into everything we hold about a person. One entry for each
foreign key, those of many-to-many tables included; a test fails where one is missing.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Model

from accounts import changes
from accounts.models import Operation
from contacts.mentions import Person
from contacts.models import Contact

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MERGE = "contacts.merge"  # the kind of the operation that merging opens
BATCH = 500  # rows a statement: SQLite takes a limited number of parameters
Rows = Iterable[dict[str, Any]]
Move = Callable[["Reference", Contact, Contact, Operation], int]


@dataclass(frozen=True)
class Reference:
    """One foreign key to Contact.

    `words` counts rows for people ("%(n)d meeting"); "" where they need not be told. Two rows with the same `clash`
    cannot both be the kept contact's: `unite(kept_row, merged_row)` then changes the kept one's in place, and the other
    is removed. `move` does it all in another way. `erase(person)` lets go of the person; None: the rows go. `export(
    person)` gives what the person may read, under `title`; None: nothing in it is about them.
    `signs(instant)` are the ids, as a queryset, of contacts of whom there was a sign of their own since.
    """

    label: str
    words: "StrOrPromise" = ""
    title: "StrOrPromise" = ""
    clash: Callable[[Any], Hashable | None] = lambda row: None
    unite: Callable[[Any, Any], None] = lambda kept, merged: None
    move: Move | None = None
    erase: Callable[[Person], object] | None = None
    export: Callable[[Person], Rows] | None = None
    signs: Callable[[datetime], Any] | None = None

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label.rpartition(".")[0])

    @property
    def field(self) -> str:
        return self.label.rpartition(".")[2]

    def rows(self, contact_ids: Iterable[int]) -> Any:
        """The rows of these contacts."""
        return self.model._default_manager.filter(**{f"{self.field}__in": list(contact_ids)})


@dataclass(frozen=True)
class Store:
    """What holds people's data without pointing at a contact: stored files, saved searches."""

    name: str
    erase: Callable[[Person], object]
    title: "StrOrPromise" = ""
    export: Callable[[Person], Rows] | None = None


_references: dict[str, Reference] = {}
_stores: dict[str, Store] = {}


def register(label: str, **says: Any) -> None:
    """Say what becomes of a foreign key, "app.Model.field"; the rest as in `Reference`.

    Said again, the last word holds: Django may make its apps ready more than once (in tests it does).
    """
    _references[label] = Reference(label, **says)


def register_store(name: str, **says: Any) -> None:
    """Say what becomes of data that no foreign key leads to; the rest as in `Store`. The last word holds."""
    _stores[name] = Store(name, **says)


def everything() -> list[Reference]:
    """All entries, in the order in which they were registered: the contacts' own come first."""
    return list(_references.values())


def of(label: str) -> Reference:
    """The entry of one foreign key."""
    return _references[label]


def stores() -> list[Store]:
    """All stores of data without a relation."""
    return list(_stores.values())


def relations() -> set[str]:
    """Every foreign key to Contact that there is, as labels: each must have an entry."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model is Contact
    }


def move(reference: Reference, *, kept: Contact, merged: Contact, operation: Operation) -> int:
    """Make the merged contact's rows the kept one's, noted in the operation. Returns how many it now has more."""
    if reference.move:
        return reference.move(reference, kept, merged, operation)
    return move_rows(reference, kept, merged, operation)


def move_rows(reference: Reference, kept: Contact, merged: Contact, operation: Operation) -> int:
    """The usual way: rows change hands; on a clash they are united; what would tie a contact to itself goes."""
    taken = {reference.clash(row): row for row in reference.rows([kept.pk])}
    moved, gone = [], []
    for row in reference.rows([merged.pk]):
        key = reference.clash(row)
        twin = taken.get(key) if key is not None else None
        if twin is not None:
            _unite(reference, twin, row, operation)
        if twin is not None or _would_be_its_own(row, reference, kept):
            gone.append(row)
        else:
            moved.append(row)
    changes.removed(operation, gone)
    before = {reference.field: merged.pk}
    for row in moved:
        setattr(row, row._meta.get_field(reference.field).attname, kept.pk)
    changes.changed_many(operation, ((row, before) for row in moved))
    manager = reference.model._default_manager
    for start in range(0, len(gone), BATCH):
        manager.filter(pk__in=[row.pk for row in gone[start : start + BATCH]]).delete()
    for start in range(0, len(moved), BATCH):
        rows = manager.filter(pk__in=[row.pk for row in moved[start : start + BATCH]])
        rows.update(**{reference.field: kept.pk})
    return len(moved)


def leave(reference: Reference, kept: Contact, merged: Contact, operation: Operation) -> int:
    """A `move` for rows that mean nothing once one of the two is merged."""
    return 0


def erase(reference: Reference, person: Person) -> None:
    """Let go of a person in the rows of one relation."""
    if reference.erase:
        reference.erase(person)
    else:
        reference.rows(person.contact_ids).delete()


def _unite(reference: Reference, twin: Model, row: Model, operation: Operation) -> None:
    names = [column.name for column in twin._meta.concrete_fields if not column.primary_key]
    before = changes.values(twin, names)
    reference.unite(twin, row)
    changed = [name for name, value in changes.values(twin, names).items() if before[name] != value]
    if changed:
        twin.save(update_fields=changed)
        changes.changed(operation, twin, {name: before[name] for name in changed})


def _would_be_its_own(row: Model, reference: Reference, kept: Contact) -> bool:
    """Whether another side of the row is the kept contact: somebody belongs to no group that is themselves."""
    others = [
        column
        for column in row._meta.concrete_fields
        if column.related_model is Contact and column.name != reference.field
    ]
    return any(getattr(row, column.attname) == kept.pk for column in others)
