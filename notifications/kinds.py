"""The registry of kinds: the app that owns a kind says whether a reminder is still true and what it says.

One of the two doors where control runs upwards (ARCHITECTURE.md): owners register in `AppConfig.ready`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from notifications.models import Notification

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Category(StrEnum):
    """Reminders and digests share one envelope a day; only an immediate one leaves at once."""

    REMINDER = "reminder"
    DIGEST = "digest"
    IMMEDIATE = "immediate"


@dataclass(frozen=True)
class Kind:
    """A kind of notification.

    `still_true(notification, now)` looks at the world again when a message is about to go out; `context(notification,
    now)` is what its templates (`<template>_subject.txt`, `.txt`, `.html`) show; `url(notification)` the page it opens
    (a path). `title` is its line in the app's list, without figures, so that a list asks nothing of the owner for
    each row. `by_email=False`: in the app only.
    """

    name: str
    category: Category
    still_true: Callable[[Notification, datetime], bool]
    context: Callable[[Notification, datetime], dict[str, Any]]
    template: str
    url: Callable[[Notification], str]
    by_email: bool = True
    title: "StrOrPromise" = ""


_kinds: dict[str, Kind] = {}


class UnknownKind(LookupError):
    """No app registered this kind: the delivery is held for an admin."""


def register(kind: Kind) -> None:
    """Called from `AppConfig.ready` of the owner; a name registered twice is an error of ours."""
    if kind.name in _kinds:
        raise ValueError(kind.name)
    _kinds[kind.name] = kind


def get(name: str) -> Kind:
    """The kind of that name. Raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None
