"""A contact's history as it is read: the note withheld from those it is not for, the people it was shared with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from contacts.models import Contact, Touchpoint

JOINABLE = timedelta(days=7)


@dataclass(frozen=True)
class Entry:
    """One touchpoint for one reader. `note` and `place` are "" where they are private to somebody else.

    `may_join`: the reader was not there, as far as is known, and it is recent enough to say so in passing.
    """

    touchpoint: Touchpoint
    others: list[Contact]
    managers: list[User]
    note: str
    place: str
    is_withheld: bool
    may_edit: bool
    may_join: bool


def entries(touchpoints: Iterable[Touchpoint], *, contact: Contact, user: User, now: datetime) -> list[Entry]:
    """The reader's view of a contact's touchpoints. `contacts` and `managers` should be prefetched: no query is made."""
    return [_entry(touchpoint, contact, user, now) for touchpoint in touchpoints]


def _entry(touchpoint: Touchpoint, contact: Contact, user: User, now: datetime) -> Entry:
    may_read = touchpoint.may_read_note(user)
    managers = sorted(touchpoint.managers.all(), key=lambda manager: (manager.name.casefold(), manager.pk))
    return Entry(
        touchpoint=touchpoint,
        others=[other for other in touchpoint.contacts.all() if other != contact],
        managers=managers,
        note=touchpoint.note if may_read else "",
        place=touchpoint.place if may_read else "",
        is_withheld=not may_read and bool(touchpoint.note or touchpoint.place),
        may_edit=touchpoint.may_edit(user),
        may_join=user not in managers and touchpoint.met_at > now - JOINABLE,
    )
