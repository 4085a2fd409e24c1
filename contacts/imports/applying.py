"""From a file to contacts: `preview` says what would happen, `apply` does it in one transaction.

Reading and cleaning stand outside the transaction. Matching stands inside, under the team's row: two people who
import the same list at the same moment make its contacts once.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, changes
from accounts.models import Operation, Team, User
from contacts.imports import columns, loading, reading, writing
from contacts.imports.columns import Field
from contacts.imports.drafts import Draft, Drafter
from contacts.imports.errors import ReadingError
from contacts.imports.matching import wanted_keys
from contacts.imports.plans import Plan, plan
from contacts.imports.rows import Rejected
from contacts.models import Basis
from contacts.names import fold

KIND = "contacts.import"
SOURCE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file read and cleaned, before anybody was looked for."""

    read: int
    drafts: list[Draft]
    rejected: list[Rejected]
    warnings: list[str]
    columns: list[columns.Column]


@dataclass(slots=True)
class Outcome:
    """What an import did or would do; `read` is the sum of the other four."""

    read: int
    created: int
    updated: int
    unchanged: int
    rejected: list[Rejected]
    warnings: list[str] = field(default_factory=list)
    operation: Operation | None = None

    def as_json(self) -> dict[str, Any]:
        """The keys that `--json` prints."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [{"line": row.line, "reason": row.reason} for row in self.rejected],
            "warnings": self.warnings,
        }


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A hundred thousand live rows hold no cycles, yet the collector walks them again and again: 40 % of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def prepare(content: bytes, name: str, *, team: Team) -> Prepared:
    """Read and clean the file called `name`. Raises ReadingError where it holds no list of contacts."""
    table = reading.read(content, name)
    recognised = columns.recognise(table)
    taken = {column.field for column in recognised}
    if not taken & {Field.NAME, Field.FIRST_NAME, Field.LAST_NAME, Field.GROUP, Field.EMAIL}:
        headers = ", ".join(header for header in table.headers if header) or "–"
        raise ReadingError(
            _("No column with names was found. Columns of the file: %(headers)s.") % {"headers": headers}
        )
    drafter = Drafter(recognised, country=team.country, kinds=loading.kind_codes(team))
    drafts: list[Draft] = []
    rejected: list[Rejected] = []
    for row in table.rows:
        draft = drafter.draft(row)
        if isinstance(draft, Draft):
            drafts.append(draft)
        else:
            rejected.append(draft)
    warnings = [*table.findings]
    if not table.rows:
        warnings.append(_("There is no row below the header."))
    untaken = columns.untaken(recognised)
    if untaken:
        warnings.append(
            _("Columns that nothing is taken from: %(headers)s.") % {"headers": ", ".join(untaken)}
        )
    warnings += _distrust_ids(drafts)
    warnings += [str(remark) for remark in drafter.remarks]
    return Prepared(len(table.rows), drafts, rejected, warnings, recognised)


def _distrust_ids(drafts: Iterable[Draft]) -> list[str]:
    """Drop ids that stand beside several names: placeholders and categories, nobody's own number."""
    names: dict[str, str] = {}
    doubtful: dict[str, None] = {}
    drafts = list(drafts)
    for draft in drafts:
        if draft.external_id and names.setdefault(draft.external_id, draft.key) != draft.key:
            doubtful[draft.external_id] = None
    if not doubtful:
        return []
    for draft in drafts:
        if draft.external_id in doubtful:
            draft.external_id = ""
    some = ", ".join(list(doubtful)[:10])
    return [_("Ids that stand beside several names were not used: %(ids)s.") % {"ids": some}]


@_collector_paused()
def preview(content: bytes, name: str, *, team: Team, source: str) -> Outcome:
    """What `apply` would do now, without doing it."""
    prepared = prepare(content, name, team=team)
    return _outcome(prepared, _match(prepared, team=team, source=source[:SOURCE_LENGTH]))


@_collector_paused()
def apply(
    content: bytes, name: str, *, team: Team, source: str, basis: str, by: User | None, now: datetime
) -> Outcome:
    """Import the file. The same file again creates nothing; what is known only has its empty fields completed.

    `source` says where the list comes from, and whose ids its id column holds; `basis` is a `Basis`, why we may hold
    it. One operation, which `writing.take_back` undoes. Raises ReadingError.
    """
    basis, source = Basis(basis).value, source[:SOURCE_LENGTH]
    prepared = prepare(content, name, team=team)
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        decided = _match(prepared, team=team, source=source)
        outcome = _outcome(prepared, decided)
        if decided.new or decided.completions:
            outcome.operation = changes.begin(
                team=team, by=by, kind=KIND, now=now, source=source, file=name[:200]
            )
            writing.write(decided, outcome.operation, source=source, basis=basis, now=now)
        audit.record(
            action="contacts.imported",
            actor=by,
            team=team,
            now=now,
            source=source,
            operation=outcome.operation.pk if outcome.operation else None,
            created=outcome.created,
            updated=outcome.updated,
        )
    return outcome


def _match(prepared: Prepared, *, team: Team, source: str) -> Plan:
    names, points, ids = wanted_keys(prepared.drafts)
    names |= {fold(group) for group in {draft.group for draft in prepared.drafts if draft.group}}
    index = loading.load(team, source=source, names=names, points=points, ids=ids)
    return plan(prepared.drafts, index)


def _outcome(prepared: Prepared, decided: Plan) -> Outcome:
    return Outcome(
        read=prepared.read,
        created=len(decided.new),
        updated=decided.updated,
        unchanged=decided.unchanged,
        rejected=prepared.rejected,
        warnings=[*prepared.warnings, *(str(remark) for remark in decided.remarks)],
    )
