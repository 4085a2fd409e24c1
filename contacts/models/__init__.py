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
from contacts.models.imports import ColumnMapping, Import, ImportData, ImportQuerySet, Policy, Step
from contacts.models.kind import ContactKind, KindRule, TouchpointKind
from contacts.models.promise import Promise, PromiseQuerySet
from contacts.models.touchpoint import Participation, Touchpoint, TouchpointQuerySet

__all__ = [
    "Affiliation",
    "Basis",
    "ColumnMapping",
    "Contact",
    "ContactKind",
    "ContactPoint",
    "ContactQuerySet",
    "ExternalId",
    "Import",
    "ImportData",
    "ImportQuerySet",
    "KindRule",
    "Participation",
    "PointProperty",
    "Policy",
    "Promise",
    "PromiseQuerySet",
    "Step",
    "Tag",
    "Touchpoint",
    "TouchpointKind",
    "TouchpointQuerySet",
]
