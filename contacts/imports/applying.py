"""From a list to contacts: `preview` says what would happen, `apply` does it in one transaction.

Reading, and finding out whom each row means, stand outside the transaction. Matching stands inside, under the team's
row: two people who import the same list at the same moment make its contacts once. What else a row says is cleaned
there too, because the database has then something to do meanwhile.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from operator import attrgetter
from typing import Any

from django.db import transaction

from accounts import audit, changes
from accounts.models import Operation, Team, User
from contacts import suppression
from contacts.imports import columns, loading, packing, plans, sandbox, writing
from contacts.imports.columns import Column
from contacts.imports.drafts import Draft, Drafter, Remark
from contacts.imports.errors import ReadingError, Said
from contacts.imports.errors import marked as _
from contacts.imports.loading import Wanted
from contacts.imports.plans import Plan, Verdict
from contacts.imports.reading import Options, Table
from contacts.imports.rows import Rejected, Row
from contacts.imports.writing import Provenance
from contacts.models import Basis, Policy

KIND = "contacts.import"
SOURCE_LENGTH = 200
_DRAFTED, _HELD_BACK = ord(Verdict.NEW), ord(Verdict.HELD_BACK)
LEFT_OUT = "out"  # beside the columns of a row that a person corrected: they leave it out
_BEYOND = _("The row has more cells than the header. Not taken: %(values)s.")
Report = Callable[[int], None]


def _quiet(_done: int) -> None:
    """Nobody waits for news."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A list that was read: what was found, its packed rows, which column holds what, and what a person said to it.

    `edits` put right the cells of a row (its place to column to text; with LEFT_OUT, or None, the row is left out),
    `decisions` say who a likely double is.
    """

    found: dict[str, Any]
    table: bytes
    columns: list[Column]
    edits: Mapping[str, Mapping[str, str] | None] = field(default_factory=dict)
    decisions: Mapping[str, int] = field(default_factory=dict)
    policy: str = Policy.COMPLETE

    def rows(self) -> Iterator[tuple[int, Row | None]]:
        """Every row with its place, put right; None for one that is left out."""
        place = 0
        for chunk in packing.unpack(self.table, self.found["chunks"]):
            for row in chunk:
                yield place, self.put_right(place, row) if self.edits else row
                place += 1

    def put_right(self, place: int, row: Row) -> Row | None:
        """The row as a person corrected it; None where they left it out."""
        if (key := str(place)) not in self.edits:
            return row
        edited = self.edits[key]
        return None if edited is None or edited.get(LEFT_OUT) else self.corrected(place, row)

    def corrected(self, place: int, row: Row) -> Row:
        """The row as a person corrected it, be it left out or not."""
        edited = self.edits.get(str(place))
        if not edited:
            return row
        cells = list(row.cells)
        for column, text in edited.items():
            if column != LEFT_OUT and int(column) < len(cells):
                cells[int(column)] = text
        return Row(row.line, cells)


@dataclass(slots=True)
class Prepared:
    """A list in which it is known whom each row means, before anybody was looked for. `drafts` are packed, b"" for a
    row that is none; what else the rows say is read when they are asked for: on an import, while the database writes."""

    incoming: Incoming
    drafter: Drafter
    drafts: list[bytes]
    verdicts: bytearray
    rejected: list[Rejected]
    findings: list[Said]
    wanted: Wanted
    doubtful: set[str]

    def __iter__(self) -> Iterator[tuple[int, Draft]]:
        """Every draft with its place, whole, once: each is let go."""
        for place, row in self.incoming.rows():
            packed, self.drafts[place] = self.drafts[place], b""
            if packed and row:
                draft = Draft.unpacked(packed)
                if draft.external_id in self.doubtful:
                    draft.external_id = ""
                self.drafter.complete(draft, row, place)
                yield place, draft


@dataclass(slots=True)
class Outcome:
    """What an import did or would do; `read` is the sum of the other four."""

    read: int
    created: int
    updated: int
    unchanged: int
    rejected: list[Rejected]
    findings: list[Said] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    verdicts: bytes = b""
    targets: Sequence[int] = ()
    held_back: int = 0
    operation: Operation | None = None

    @property
    def warnings(self) -> list[str]:
        """Everything to be said, in the language that is active."""
        return [*map(str, self.findings), *map(str, self.remarks)]

    def as_json(self) -> dict[str, Any]:
        """The keys that `--json` prints."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [{"line": row.line, "reason": str(row.reason)} for row in self.rejected],
            "warnings": self.warnings,
        }


def read(
    content: bytes,
    name: str,
    *,
    options: Options = Options(),  # noqa: B008  # frozen
    names: bool = True,
) -> Incoming:
    """Read a file in a child process. Raises ReadingError where it holds no list, or nothing that `names` contacts."""
    found, table = sandbox.parse(content, name, options)
    recognised = columns_of(found, table)
    if names and not columns.names_anybody(recognised):
        headers = ", ".join(header for header in found["headers"] if header) or "–"
        raise ReadingError(
            _("No column with names was found. Columns of the file: %(headers)s."), headers=headers
        )
    return Incoming(found, table, recognised)


def columns_of(
    found: Mapping[str, Any], table: bytes, chosen: Sequence[Sequence[str | None]] = ()
) -> list[Column]:
    """What the columns of a list that was read hold, by their headers and first values, and as a person said."""
    first = next(packing.unpack(table, found["chunks"]), [])
    return columns.recognise(Table(found["headers"], first, found["header_line"]), chosen)


def prepare(incoming: Incoming, *, team: Team, report: Report = _quiet) -> Prepared:
    """Find out whom every row means. `report` hears now and then how many are done; it may raise to stop."""
    drafter = Drafter(incoming.columns, country=team.country, kinds=loading.kind_codes(team), team=team.slug)
    made = Prepared(incoming, drafter, [], bytearray(), [], [], Wanted(), set())
    names: dict[str, int] = {}
    width = len(incoming.found["headers"])
    for place, row in incoming.rows():
        draft = drafter.identify(row, place) if row else None
        if row and len(row.cells) > width and any(row.cells[width:]):
            beyond = ", ".join(filter(None, row.cells[width:]))[:200]
            drafter.remarks.append(Remark(row.line, Said(_BEYOND, values=beyond), place))
        if isinstance(draft, Draft):
            made.drafts.append(draft.packed())
            made.verdicts.append(_DRAFTED)
            made.wanted.add(draft)
            if draft.external_id and names.setdefault(draft.external_id, hash(draft.key)) != hash(draft.key):
                made.doubtful.add(draft.external_id)
        else:
            made.drafts.append(b"")
            made.verdicts.append(ord(Verdict.REJECTED if draft else Verdict.SKIPPED))
            if draft:
                made.rejected.append(draft)
        if place % 1000 == 999:
            report(place + 1)
    made.findings = _findings(incoming, made)
    return made


def _findings(incoming: Incoming, made: Prepared) -> list[Said]:
    """What is to be said about the list as a whole."""
    findings = [Said.of(said) for said in incoming.found["findings"]]
    if not made.drafts:
        findings.append(Said(_("There is no row below the header.")))
    untaken = columns.untaken(incoming.columns)
    if untaken:
        findings.append(
            Said(_("Columns that nothing is taken from: %(headers)s."), headers=", ".join(untaken))
        )
    if made.doubtful:
        some = ", ".join(sorted(made.doubtful)[:10])
        findings.append(Said(_("Ids that stand beside several names were not used: %(ids)s."), ids=some))
    return findings


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: it walks through all there is again and again (a sixth of the time), and finds nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_uncollected()
def preview(incoming: Incoming, *, team: Team, source: str, report: Report = _quiet) -> Outcome:
    """What `apply` would do now, without doing it. `report` hears twice of each row: cleaned, matched."""
    prepared = prepare(incoming, team=team, report=report)
    made = _match(prepared, incoming, team=team, source=source[:SOURCE_LENGTH])
    count = len(prepared.drafts)
    for done, _alone in plans.plan(prepared, made):
        report(count + done)
    return _outcome(prepared, made)


@_uncollected()
def apply(
    incoming: Incoming,
    name: str,
    *,
    team: Team,
    come: Provenance,
    by: User | None,
    now: datetime,
    report: Report = _quiet,
    saving: Callable[[], None] = lambda: None,
    finish: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Import the list. The same list again creates nothing; what is known is treated as `incoming.policy` says.

    One operation, which `writing.take_back` undoes. `report` hears how many rows are cleaned, `saving` that the
    transaction is about to begin, and again within it: a row it writes is then held to the end. `finish` hears the
    outcome within it. Raises what they raise: nothing is then written.
    """
    prepared = prepare(incoming, team=team, report=report)
    saving()
    with transaction.atomic():
        saving()
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        made = _match(prepared, incoming, team=team, source=come.source)
        begin = partial(
            changes.begin, team=team, by=by, kind=KIND, now=now, source=come.source, file=name[:200]
        )
        operation = writing.write(made, plans.plan(prepared, made), begin, come=come, now=now)
        outcome = _outcome(prepared, made)
        outcome.operation = operation
        audit.record(
            action="contacts.imported",
            actor=by,
            team=team,
            now=now,
            source=come.source,
            operation=outcome.operation.pk if outcome.operation else None,
            created=outcome.created,
            updated=outcome.updated,
        )
        finish(outcome)
    return outcome


def provenance(*, source: str, basis: str, day: date, tags: Iterable[str] = ()) -> Provenance:
    """Where a list comes from; `basis` is a `Basis`, why we may hold it. `source` also says whose ids its id column holds."""
    return Provenance(source[:SOURCE_LENGTH], Basis(basis).value, day, tuple(tags))


def _match(prepared: Prepared, incoming: Incoming, *, team: Team, source: str) -> Plan:
    """A plan that knows everybody the list can mean."""
    decided = [pk for pk in incoming.decisions.values() if pk]
    index = loading.load(team, source=source, wanted=prepared.wanted, decided=decided)
    prepared.wanted = Wanted()
    return Plan(
        index=index,
        policy=incoming.policy,
        decisions=incoming.decisions,
        register=suppression.load(),
        verdicts=bytearray(prepared.verdicts),
    )


def _outcome(prepared: Prepared, made: Plan) -> Outcome:
    findings = list(prepared.findings)
    if made.held_back:
        findings.append(
            Said(
                _("Left out because the people asked not to be held here: %(count)d rows."),
                count=made.held_back,
            )
        )
    skipped = made.verdicts.count(ord(Verdict.SKIPPED))
    return Outcome(
        read=len(prepared.drafts) - skipped,
        created=made.created,
        updated=made.updated,
        unchanged=made.unchanged,
        rejected=prepared.rejected,
        findings=findings,
        remarks=[
            remark
            for remark in (*sorted(prepared.drafter.remarks, key=attrgetter("place")), *made.remarks)
            if made.verdicts[remark.place] != _HELD_BACK  # nothing of theirs is said again
        ],
        verdicts=bytes(made.verdicts),
        targets=made.targets,
        held_back=made.held_back,
    )
