"""A contact's history as it is read: the note withheld from those it is not for, the people it was shared with."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db.models import BooleanField, F, Value

from accounts.models import User
from contacts.models import Contact, Participation, Touchpoint
from foundation.compiled import Compiled, given

JOINABLE = timedelta(days=7)


@dataclass(frozen=True, order=True)
class Other:
    """A contact or a colleague who was there, as far as a line of the history names them."""

    name: str
    pk: int
    is_binned: bool = False

    @property
    def short_name(self) -> str:
        """The first word of the name."""
        return self.name.split(" ")[0]


@dataclass(frozen=True)
class Entry:
    """One touchpoint for one reader. `note` and `place` are "" where they are private to somebody else.

    `may_join`: the reader was not there, as far as is known, and it is recent enough to say so in passing.
    """

    touchpoint: Touchpoint
    others: list[Other]
    managers: list[Other]
    note: str
    place: str
    is_withheld: bool
    may_edit: bool
    may_join: bool


def entries(touchpoints: Iterable[Touchpoint], *, contact: Contact, user: User, now: datetime) -> list[Entry]:
    """The reader's view of a contact's touchpoints; one query for all who were there."""
    touchpoints = list(touchpoints)
    others, managers = _people([one.pk for one in touchpoints])
    return [
        _entry(
            one,
            [other for other in others[one.pk] if other.pk != contact.pk],
            sorted(managers[one.pk], key=lambda manager: (manager.name.casefold(), manager.pk)),
            user,
            now,
        )
        for one in touchpoints
    ]


def _people(touchpoint_ids: list[int]) -> tuple[dict[int, list[Other]], dict[int, list[Other]]]:
    """Contacts and managers of touchpoints, by touchpoint."""
    found: tuple[dict[int, list[Other]], dict[int, list[Other]]] = (defaultdict(list), defaultdict(list))
    for is_contact, touchpoint, pk, name, binned_at in _there().rows(touchpoints=touchpoint_ids):
        found[0 if is_contact else 1][touchpoint].append(Other(name, pk, binned_at is not None))
    return found


@cache
def _there() -> Compiled:
    through = Touchpoint.contacts.through.objects.filter(touchpoint__in=given("touchpoints"))
    contacts = through.values_list(
        Value(True, BooleanField()),  # an expression
        "touchpoint_id",
        "contact_id",
        F("contact__name"),
        F("contact__binned_at"),
    )
    managers = Participation.objects.filter(touchpoint__in=given("touchpoints")).values_list(
        Value(False, BooleanField()),
        "touchpoint_id",
        "manager_id",
        F("manager__name"),
        Value(None, output_field=Contact._meta.get_field("binned_at")),
    )
    return Compiled(contacts.union(managers, all=True))


def _entry(
    touchpoint: Touchpoint, others: list[Other], managers: list[Other], user: User, now: datetime
) -> Entry:
    may_read = touchpoint.may_read_note(user)
    was_there = any(manager.pk == user.pk for manager in managers)
    return Entry(
        touchpoint=touchpoint,
        others=sorted(others),
        managers=managers,
        note=touchpoint.note if may_read else "",
        place=touchpoint.place if may_read else "",
        is_withheld=not may_read and bool(touchpoint.note or touchpoint.place),
        may_edit=touchpoint.author_id == user.pk or (was_there and not touchpoint.is_private),
        may_join=not was_there and touchpoint.met_at > now - JOINABLE,
    )
