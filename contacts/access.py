"""Everything we hold about one person, in one download: as JSON for machines, and as a page to read (article 15).

Contacts have no account here, so this is made for them by an administrator. Notes are in it whoever wrote them, also
those that are private from the team: private is never private from the person it is about.
"""

import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contacts import erasing, exports, references
from contacts.models import Contact
from foundation.formatting import full_date

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Section:
    """A part of the whole: `key` in the JSON, `title` on the page, one dictionary a row."""

    key: str
    title: str
    rows: Rows


def everything(contacts: Iterable[Contact]) -> list[Section]:
    """All of it, as it stands now: the contact's own fields, what hangs on it in every app, who saw it leave."""
    rows = erasing.family(contacts)
    person = erasing.person_of(rows)
    hanging = [
        Section(reference.label, str(reference.title), list(reference.export(person)))
        for reference in references.everything()
        if reference.export
    ]
    stored = [
        Section(store.name, str(store.title), list(store.export(person)))
        for store in references.stores()
        if store.export
    ]
    own = Section("contact", str(_("What we noted of you")), [_fields(row) for row in rows])
    exported = Section("exports", str(_("Lists with you that were exported")), _exports(rows))
    mentions = erasing.preview(rows).mentions
    told = [{"where": mention.where, "text": mention.text} for mention in mentions]
    return [
        own,
        *hanging,
        *stored,
        exported,
        Section("mentions", str(_("Notes about others that name you")), told),
    ]


def download(contacts: Iterable[Contact], *, language: str, by: User, now: datetime) -> bytes:
    """A ZIP of the two, in a language of ours. The caller notes that it was made."""
    with override(language):
        sections = everything(list(contacts))
        context = {
            "sections": [(section.title, [_worded(row) for row in section.rows]) for section in sections],
            "language": language,
            "now": now,
            "address": settings.PRIVACY_CONTACT,
            "months": settings.RETENTION_MONTHS,
        }
        page = render_to_string("contacts/access_report.html", context)
    data = {
        "made_at": now.isoformat(),
        **{section.key: [_plain(row) for row in section.rows] for section in sections},
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2))
        archive.writestr("read-me.html", page)
    return packed.getvalue()


def _fields(contact: Contact) -> dict[str, Any]:
    """A contact's own columns, the empty ones too: that we hold nothing is an answer."""
    return {
        "name": contact.name,
        "kind": str(contact.kind),
        "team": contact.team.name,
        "street": contact.street,
        "postcode": contact.postcode,
        "town": contact.town,
        "note": contact.note,
        "looked_after_by": str(contact.owner or ""),
        "to_be_seen_every_days": contact.rhythm_days,
        "last_met_at": contact.last_met_at,
        "where_from": contact.source,
        "why": contact.get_basis_display(),
        "since": contact.sourced_on,
        "you_know_since": contact.informed_on,
        "you_last_wrote_on": contact.heard_on,
        "you_objected_at": contact.objected_at,
        "kept_until": contact.kept_until,
        "kept_because": contact.kept_reason,
        "entered_by": str(contact.created_by or ""),
        "entered_at": contact.created_at,
        "changed_at": contact.updated_at,
        "in_the_bin_since": contact.binned_at,
    }


def _exports(rows: list[Contact]) -> Rows:
    """Who took a list with them out of the house, when, and how."""
    pks = [row.pk for row in rows]
    teams = {row.team_id: row.team for row in rows}
    found = [one for team in teams.values() for one in exports.that_held(team, pks)]
    return [
        {"at": one.at, "by": str(one.by), "format": one.get_format_display(), "people": one.count}
        for one in sorted(found, key=lambda one: one.at)
    ]


# The words of the columns, for people; the JSON keeps the names.
_WORDS = {
    "answer": _("answer"),
    "at": _("when"),
    "by": pgettext_lazy("by whom", "by"),
    "changed_at": _("changed"),
    "closed_at": _("answered"),
    "code": _("code"),
    "day": _("day"),
    "done_at": _("kept on"),
    "due_on": _("by"),
    "entered_at": _("entered"),
    "entered_by": _("entered by"),
    "format": _("form"),
    "group": _("group"),
    "in_the_bin_since": _("in the bin since"),
    "kept_because": _("kept because"),
    "kept_until": _("kept until"),
    "kind": _("kind"),
    "last_met_at": _("last met"),
    "launch": _("launch"),
    "list": _("list"),
    "looked_after_by": _("looked after by"),
    "made_at": _("promised on"),
    "met_at": _("met"),
    "met_on": _("met on"),
    "minutes": _("minutes"),
    "name": _("name"),
    "note": _("note"),
    "note_is_private_to": _("a note that the team cannot read, by"),
    "number": _("number"),
    "people": _("how many were in it"),
    "place": _("place"),
    "postcode": _("postcode"),
    "promised_by": _("promised by"),
    "received_on": _("received on"),
    "reply": _("reply"),
    "role": _("role"),
    "since": _("since"),
    "starts_at": _("begins"),
    "street": _("street"),
    "tag": _("tag"),
    "tags": _("tags"),
    "team": _("team"),
    "text": _("text"),
    "to_be_seen_every_days": _("to be seen every … days"),
    "town": _("town"),
    "until": _("until"),
    "value": _("value"),
    "what": _("what"),
    "where": _("where"),
    "where_from": _("where it comes from"),
    "why": _("why we have it"),
    "with": _("with"),
    "you_know_since": _("you know since"),
    "you_last_wrote_on": _("you last wrote on"),
    "you_objected_at": _("you objected on"),
}


def _worded(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(str(_WORDS.get(name, name.replace("_", " "))), _shown(value)) for name, value in row.items()]


def _shown(value: Any) -> str:
    """A value as one reads it; days in words."""
    language = get_language() or "en"
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{full_date(local.date(), language)}, {local:%H:%M}"
    if isinstance(value, date):
        return full_date(value, language)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
