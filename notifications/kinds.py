"""The registry of kinds: the app that owns a kind says whether a reminder is still true and what it says.

One of the two doors where control runs upwards (ARCHITECTURE.md): owners register in `AppConfig.ready`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from accounts.models import User
from notifications import reasons
from notifications.models import How, Notification

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Category(StrEnum):
    """Reminders and digests share one envelope a day; only an immediate one leaves at once, whatever the hour."""

    REMINDER = "reminder"
    DIGEST = "digest"
    IMMEDIATE = "immediate"


class Audience(StrEnum):
    """Whom a kind is for: who finds it among their preferences."""

    MANAGERS = "managers"
    LEADS = "leads"
    EVERYBODY = "everybody"


OFFERED = {
    Category.REMINDER: (How.AT_ONCE, How.DAILY, How.WEEKLY, How.OFF),
    Category.DIGEST: (How.DAILY, How.OFF),
    Category.IMMEDIATE: (How.AT_ONCE, How.DAILY, How.OFF),
}
"""What a person may choose for a kind of that category, unless its owner offers less."""


def _nothing_to_read(notifications: Sequence[Notification], now: datetime) -> None:
    """Most kinds read what they need one by one."""


About = tuple[str, Callable[[User, Collection[int]], Mapping[int, str]]]


@dataclass(frozen=True)
class Kind:
    """A kind of notification.

    `still_true(notification, now)` looks at the world again when a message is about to go out; `context(notification,
    now)` is what its templates (`<template>_subject.txt`, `.txt`, `.html`) show; `url(notification)` the page it opens
    (a path). `title` is its line in the app's list, without figures, so that a list asks nothing of the owner for
    each row; `about` says more, for all rows at once: a name in their `context`, and what says in words who or what the
    ids under it are, those that the person may see. `note(notification)`: where the meeting it speaks of is noted (a path), for its button in the list.
    `by_email=False`: in the app only. `label` names it among the preferences; without one it is not a matter of choice.
    `offers`: what may be chosen there, the usual first if `usual` is not given. `read_ahead(notifications, now)` is
    called with all notifications of a batch, and may leave what it read in their `ahead`. `put_off(notification, day)`:
    the person wants to hear of it again on that local day, or has taken that back (None).
    """

    name: str
    category: Category
    still_true: Callable[[Notification, datetime], bool]
    context: Callable[[Notification, datetime], dict[str, Any]]
    template: str
    url: Callable[[Notification], str]
    by_email: bool = True
    title: "StrOrPromise" = ""
    about: About | None = None
    label: "StrOrPromise" = ""
    audience: Audience = Audience.EVERYBODY
    offers: tuple[How, ...] = ()
    usual: How | None = None
    note: Callable[[Notification], str] | None = None
    read_ahead: Callable[[Sequence[Notification], datetime], None] = _nothing_to_read
    put_off: Callable[[Notification, date | None], None] | None = None

    @property
    def offered(self) -> tuple[How, ...]:
        """What a person may choose."""
        return self.offers or OFFERED[self.category]

    @property
    def how(self) -> How:
        """How it travels for somebody who chose nothing."""
        if self.usual is not None:
            return self.usual
        return How.AT_ONCE if self.category == Category.IMMEDIATE else How.DAILY


_kinds: dict[str, Kind] = {}


class UnknownKind(LookupError):
    """No app registered this kind: the delivery is held for an admin."""

    def __str__(self) -> str:
        return reasons.UNKNOWN_KIND % {"name": self.args[0]}


def register(kind: Kind) -> None:
    """Called from `AppConfig.ready` of the owner; two owners of one name are an error of ours.

    The same one may come again: Django may make its apps ready more than once (in tests it does).
    """
    if kind.name in _kinds and _kinds[kind.name].template != kind.template:
        raise ValueError(kind.name)
    _kinds[kind.name] = kind


def get(name: str) -> Kind:
    """The kind of that name. Raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def to_choose() -> list[Kind]:
    """The kinds a person may have a wish about, in the order of their registration."""
    return [kind for kind in _kinds.values() if kind.label and kind.by_email]
