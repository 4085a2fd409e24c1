"""Which column of a list holds what, as a person says it: chosen, checked, remembered for the next list of these headers."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import Team
from contacts.imports import applying, columns
from contacts.imports.applying import Incoming
from contacts.imports.columns import Column
from contacts.imports.errors import ReadingError, Said
from contacts.imports.errors import marked as _
from contacts.imports.fields import ALONE, LABELS, Field
from contacts.models import ColumnMapping

Chosen = list[list[str | None]]


def remembered(team: Team, headers: Sequence[str]) -> Chosen:
    """What the team said of these headers the last time; [] if it never did."""
    if not any(headers):
        return []
    row = ColumnMapping.objects.filter(team=team, headers=columns.signature(headers)).first()
    return row.mapping if row else []


def remember(team: Team, headers: Sequence[str], chosen: Chosen, *, now: datetime) -> None:
    """Keep what was said for the next time."""
    if any(headers):
        ColumnMapping.objects.update_or_create(
            team=team,
            headers=columns.signature(headers),
            defaults={"mapping": chosen, "used_at": now},
        )


def objections(found: Sequence[Column]) -> list[Said]:
    """Why columns cannot be taken so: two that would overwrite each other, or nothing that names anybody."""
    said = []
    by_field: dict[Field, list[str]] = {}
    for column in found:
        if column.field in ALONE:
            by_field.setdefault(column.field, []).append(column.header or f"{column.index + 1}")
    for field, headers in by_field.items():
        if len(headers) > 1:
            said.append(
                Said(
                    _(
                        "%(headers)s cannot all be “%(field)s”: choose one, and make the others a note or a tag."
                    ),
                    headers=", ".join(headers),
                    field=str(LABELS[field]),
                )
            )
    if not columns.names_anybody(found):
        said.append(Said(_("Nothing names the contacts yet: say which column holds their names.")))
    return said


def parse(content: bytes) -> dict[str, str]:
    """A mapping as `--mapping FILE` gives it: {"header": "field"}. Raises ReadingError."""
    fields = ", ".join(Field)
    try:
        said = json.loads(content)
        mapping = {str(header): str(field or "") for header, field in said.items()}
    except (ValueError, AttributeError):
        raise ReadingError(_('The mapping is not JSON such as {"Nom": "name", "Prix": ""}.')) from None
    wrong = [field for field in mapping.values() if field and field not in set(Field)]
    if wrong:
        raise ReadingError(
            _("There is no field “%(wrong)s”. Fields: %(fields)s."), wrong=wrong[0], fields=fields
        )
    return mapping


def read(content: bytes, name: str, *, team: Team, mapping: Mapping[str, str]) -> Incoming:
    """Read a file with what was said about its columns: by `mapping`, else as the team said before. Raises ReadingError."""
    if not mapping:
        incoming = applying.read(content, name)
        chosen = remembered(team, incoming.found["headers"])
        return _with(incoming, chosen) if chosen else incoming
    incoming = applying.read(content, name, names=False)
    missing = [header for header in mapping if header not in incoming.found["headers"]]
    if missing:
        raise ReadingError(
            _("The file has no column “%(header)s”. Columns of the file: %(headers)s."),
            header=missing[0],
            headers=", ".join(incoming.found["headers"]),
        )
    chosen = columns.as_chosen(incoming.columns)
    for index, header in enumerate(incoming.found["headers"]):
        if header in mapping:
            chosen[index] = [mapping[header] or None, chosen[index][1]]
    incoming = _with(incoming, chosen)
    wrong = objections(incoming.columns)
    if wrong:
        raise ReadingError(wrong[0].text, **wrong[0].values)
    return incoming


def _with(incoming: Incoming, chosen: Chosen) -> Incoming:
    found: dict[str, Any] = incoming.found
    return Incoming(found, incoming.table, applying.columns_of(found, incoming.table, chosen))
