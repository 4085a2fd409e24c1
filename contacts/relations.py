"""What hangs on a contact in its own app: the entries of `references`, made by `ContactsConfig.ready`."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from contacts import keys, references, unnaming
from contacts.listing import Filters
from contacts.mentions import Person
from contacts.models import (
    Affiliation,
    BulkRun,
    Contact,
    ContactPoint,
    ExternalId,
    PrivacyRequest,
    Promise,
    SavedFilter,
    Touchpoint,
)
from contacts.references import Rows


def register() -> None:
    """All relations of this app, the telling ones first: the merge page names them in this order."""
    references.register(
        "contacts.Touchpoint_contacts.contact",
        words=ngettext_lazy("%(n)d meeting", "%(n)d meetings", "n"),
        title=_("Meetings and exchanges"),
        clash=lambda row: row.touchpoint_id,
        erase=unnaming.unname,
        export=_touchpoints,
    )
    references.register(
        "contacts.Promise.contact",
        words=ngettext_lazy("%(n)d promise", "%(n)d promises", "n"),
        title=_("Promises"),
        export=_promises,
    )
    references.register(
        "contacts.Affiliation.person",
        words=ngettext_lazy("%(n)d group", "%(n)d groups", "n"),
        title=_("Groups"),
        clash=lambda row: None if row.until else row.group_id,
        unite=_unite_affiliations,
        export=_groups,
    )
    references.register(
        "contacts.Affiliation.group",
        words=ngettext_lazy("%(n)d member", "%(n)d members", "n"),
        clash=lambda row: None if row.until else row.person_id,
        unite=_unite_affiliations,
        erase=_without_members,
    )
    references.register(
        "contacts.ContactPoint.contact",
        words=ngettext_lazy("%(n)d phone, e-mail or link", "%(n)d phones, e-mails or links", "n"),
        title=_("Phones, e-mails and links"),
        clash=lambda row: (row.property, row.key),
        export=_points,
    )
    references.register(
        "contacts.Contact_tags.contact",
        words=ngettext_lazy("%(n)d tag", "%(n)d tags", "n"),
        title=_("Tags"),
        clash=lambda row: row.tag_id,
        export=_tags,
    )
    references.register(
        "contacts.ExternalId.contact", title=_("Numbers in other lists"), export=_external_ids
    )
    references.register(
        "contacts.PrivacyRequest_contacts.contact",
        title=_("Requests"),
        clash=lambda row: row.privacyrequest_id,
        export=_requests,
    )
    references.register("contacts.Contact.merged_into")
    references.register("contacts.Distinct.one", clash=lambda row: row.other_id)
    references.register("contacts.Distinct.other", clash=lambda row: row.one_id)
    references.register("contacts.NotNow.contact", clash=lambda row: None if row.binned_at else row.user_id)
    references.register("contacts.Duplicate.one", move=references.leave)
    references.register("contacts.Duplicate.other", move=references.leave)
    references.register_store("contacts.saved_filters", erase=_without_searches)


def _without_searches(person: Person) -> None:
    """Filters kept with the person's name in them go; whoever kept one looks for them no longer. Nor does a list on
    which something was done with very many say any longer what was looked for."""
    teams = set(Contact.objects.filter(pk__in=person.contact_ids).values_list("team", flat=True))

    def named(row: SavedFilter | BulkRun, text: str) -> bool:
        return person.mentioned_in(text, anywhere=row.team_id not in teams)

    kept = [(row, Filters.read_text(row.query)) for row in SavedFilter.objects.all()]
    gone = [row.pk for row, filters in kept if named(row, f"{filters.q} {row.name}")]
    SavedFilter.objects.filter(pk__in=gone).delete()
    for run in BulkRun.objects.exclude(query="").defer("contact_ids"):
        filters = Filters.read_text(run.query)
        if named(run, filters.q):
            BulkRun.objects.filter(pk=run.pk).update(query=replace(filters, q="").address())


def _unite_affiliations(kept: Affiliation, merged: Affiliation) -> None:
    """One belonging of two: the kept one's role unless it has none, and the earlier day it began."""
    kept.role = kept.role or merged.role
    kept.since = min((day for day in (kept.since, merged.since) if day), default=None)


def _without_members(person: Person) -> None:
    """A group is erased: its people stay, and are no longer found by its name."""
    rows = Affiliation.objects.filter(group__in=person.contact_ids)
    members = list(rows.values_list("person", flat=True))
    rows.delete()
    keys.refresh(members)


def _touchpoints(person: Person) -> Rows:
    """Every meeting they were at, private notes included: those are private from the team, not from the person."""
    rows = Touchpoint.objects.filter(contacts__in=person.contact_ids).distinct()
    rows = rows.select_related("kind", "author").prefetch_related("managers", "tags")
    for row in rows.order_by("met_at", "pk"):
        yield {
            "met_at": row.met_at,
            "kind": str(row.kind),
            "with": [str(manager) for manager in row.managers.all()],
            "place": row.place,
            "note": row.note,
            "note_is_private_to": str(row.author) if row.is_private else "",
            "tags": [tag.name for tag in row.tags.all()],
            "minutes": row.minutes,
            "in_the_bin_since": row.binned_at,
        }


def _promises(person: Person) -> Rows:
    rows = Promise.objects.filter(contact__in=person.contact_ids).select_related("manager")
    for row in rows:
        yield {
            "what": row.text,
            "due_on": row.due_on,
            "promised_by": str(row.manager),
            "made_at": row.created_at,
            "done_at": row.done_at,
        }


def _groups(person: Person) -> Rows:
    """Groups they belong to; for a group its people are others, and theirs to ask for."""
    rows = Affiliation.objects.filter(person__in=person.contact_ids).select_related("group")
    for row in rows.order_by("pk"):
        yield {"group": row.group.name, "role": row.role, "since": row.since, "until": row.until}


def _points(person: Person) -> Rows:
    for row in ContactPoint.objects.filter(contact__in=person.contact_ids):
        yield {"kind": row.get_property_display(), "value": row.value}


def _tags(person: Person) -> Rows:
    through: Any = Contact.tags.through
    rows = through.objects.filter(contact__in=person.contact_ids).order_by("tag__key")
    for name in rows.values_list("tag__name", flat=True):
        yield {"tag": name}


def _external_ids(person: Person) -> Rows:
    for row in ExternalId.objects.filter(contact__in=person.contact_ids).order_by("pk"):
        yield {"list": row.source, "number": row.value}


def _requests(person: Person) -> Rows:
    rows = PrivacyRequest.objects.filter(contacts__in=person.contact_ids).distinct()
    for row in rows.order_by("received_on", "pk"):
        yield {
            "what": row.get_kind_display(),
            "received_on": row.received_on,
            "note": row.note,
            "closed_at": row.closed_at,
        }
