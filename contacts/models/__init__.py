"""Whom we know, and when we met."""

from contacts.models.contact import (
    Affiliation,
    Basis,
    Contact,
    ContactPoint,
    ContactQuerySet,
    ExternalId,
    PointProperty,
    Tag,
)
from contacts.models.kind import ContactKind, KindRule, TouchpointKind
from contacts.models.promise import Promise, PromiseQuerySet
from contacts.models.touchpoint import Participation, Touchpoint, TouchpointQuerySet

__all__ = [
    "Affiliation",
    "Basis",
    "Contact",
    "ContactKind",
    "ContactPoint",
    "ContactQuerySet",
    "ExternalId",
    "KindRule",
    "Participation",
    "PointProperty",
    "Promise",
    "PromiseQuerySet",
    "Tag",
    "Touchpoint",
    "TouchpointKind",
    "TouchpointQuerySet",
]
