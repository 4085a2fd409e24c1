"""Whom we know, and when we met."""

from contacts.models.bulk import BulkRun, BulkRunQuerySet
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
from contacts.models.duplicate import Distinct, Duplicate, DuplicateQuerySet, DuplicateSearch
from contacts.models.export import Export, ExportFormat
from contacts.models.filter import SavedFilter
from contacts.models.imports import ColumnMapping, Import, ImportData, ImportQuerySet, Policy, Step
from contacts.models.kind import ContactKind, KindRule, TouchpointKind
from contacts.models.privacy import PrivacyRequest, PrivacyRequestQuerySet, RequestKind, Scope, Suppression
from contacts.models.promise import Promise, PromiseQuerySet
from contacts.models.rhythm import NotNow, RhythmRule
from contacts.models.touchpoint import Participation, Touchpoint, TouchpointQuerySet

__all__ = [
    "Affiliation",
    "Basis",
    "BulkRun",
    "BulkRunQuerySet",
    "ColumnMapping",
    "Contact",
    "ContactKind",
    "ContactPoint",
    "ContactQuerySet",
    "Distinct",
    "Duplicate",
    "DuplicateQuerySet",
    "DuplicateSearch",
    "Export",
    "ExportFormat",
    "ExternalId",
    "Import",
    "ImportData",
    "ImportQuerySet",
    "KindRule",
    "NotNow",
    "Participation",
    "PointProperty",
    "Policy",
    "PrivacyRequest",
    "PrivacyRequestQuerySet",
    "Promise",
    "PromiseQuerySet",
    "RequestKind",
    "RhythmRule",
    "SavedFilter",
    "Scope",
    "Step",
    "Suppression",
    "Tag",
    "Touchpoint",
    "TouchpointKind",
    "TouchpointQuerySet",
]
