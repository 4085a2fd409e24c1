"""Imports hold people's data without pointing at a contact: files on their way in, rows that were not taken."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts import references
from contacts.imports import packing
from contacts.mentions import Person
from contacts.models import Import, ImportData
from foundation.leases import State


def register() -> None:
    """Called once, from ContactsConfig.ready."""
    references.register_store("imports.files", title=_("Lists on their way in"), erase=forget)


def forget(person: Person) -> None:
    """Lists that name the person are forgotten: whoever was at one brings it again, and it comes in without them."""
    held = Q(of__closed_at=None) | ~Q(rejected=b"")
    for data in ImportData.objects.filter(held).select_related("of").iterator(chunk_size=1):
        if _names(data, person):
            if not data.of.is_closed and data.of.state != State.LEASED:
                Import.objects.filter(pk=data.of_id, closed_at=None).exclude(state=State.LEASED).delete()
            elif data.of.is_closed:
                ImportData.objects.filter(pk=data.pk).update(rejected=b"")
    for run in Import.objects.exclude(name=""):
        name = person.without(run.name, anywhere=True)
        if name != run.name:
            Import.objects.filter(pk=run.pk).update(name=name)


def _names(data: ImportData, person: Person) -> bool:
    if data.rejected and person.mentioned_in(bytes(data.rejected).decode("utf-8-sig"), anywhere=True):
        return True
    if not data.table:
        return False
    chunks = packing.unpack(bytes(data.table), data.of.found["chunks"])
    texts = ("\n".join(cell for row in chunk for cell in row.cells if cell) for chunk in chunks)
    return any(person.mentioned_in(text, anywhere=True) for text in texts)
