"""An import from its file to its result: rows that outlive the request, the worker and the broker.

File: `begin` reads and keeps. Columns: `choose_columns`. Check: `work` reads and matches in the background, `put_right`,
`decide` and `choose_policy` change what it found. Result: `ask_to_save`, then `work` writes all or nothing. Each step
is asked for once, whoever clicks it twice or in two tabs; `restart` brings back what a dead worker left.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.models import Team, User
from contacts import suppression, telling
from contacts.imports import applying, columns, mappings, packing, sandbox, verdicts
from contacts.imports.applying import LEFT_OUT, Incoming, Outcome
from contacts.imports.columns import Column
from contacts.imports.errors import ReadingError, Said
from contacts.imports.errors import marked as _
from contacts.imports.mappings import Chosen
from contacts.imports.reading import Options
from contacts.models import Import, ImportData, Policy, Step
from contacts.tags import split
from foundation import leases
from foundation.leases import LeaseLost, State

KEPT = timedelta(days=30)
AT_ONCE = 2_000  # rows that are checked while the person waits; more is a worker's
EVERY = timedelta(seconds=1)  # how often progress is written

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


class Closed(Exception):
    """The import is done, given up or being worked at: nothing can be changed in it."""


def begin(
    *,
    team: Team,
    by: User,
    name: str,
    content: bytes,
    source: str,
    basis: str,
    sourced_on: date,
    tags: str = "",
    pasted: bool = False,
    now: datetime,
) -> tuple[Import, bool]:
    """Read a list and keep it; (the import, whether it is new). The same list that is still on its way in is that one.

    Raises ReadingError: nothing is kept.
    """
    digest = hashlib.sha256(content).hexdigest()
    on_its_way = Import.objects.filter(team=team, digest=digest, closed_at=None)
    if found := on_its_way.first():
        return found, False
    options = Options(pasted=pasted)
    facts, table = sandbox.parse(content, name, options)
    shown = suppression.load().without(name, team.country)
    run = Import(
        team=team, by=by, name=shown[:200], digest=digest, source=source, basis=basis, sourced_on=sourced_on,
        options={**options._asdict(), "tags": split(tags)}, found=facts, created_at=now,
        mapping=mappings.remembered(team, facts["headers"]),
    )  # fmt: skip
    try:
        with transaction.atomic():
            run.save()
            ImportData.objects.create(of=run, content=content, table=table)
    except IntegrityError:  # a second click was faster
        if found := on_its_way.first():
            return found, False
        raise
    return run, True


def read_again(run: Import, options: Options) -> None:
    """Read the file as a person says it is written. Raises ReadingError: what was read stays; Closed.

    What was said of single rows stays where the same cells were read, if in other letters; else it is dropped.
    """
    content = ImportData.objects.filter(of=run, of__closed_at=None).values_list("content", flat=True).first()
    if content is None:
        raise Closed
    content = bytes(content)
    facts, table = sandbox.parse(content, run.name, options)
    said = {**run.options, **options._asdict()}
    dropped: dict[str, Any] = {}
    if not (told(run) and _are_same_cells(run, facts, table)):
        mapping = mappings.remembered(run.team, facts["headers"])
        dropped = {"mapping": mapping, "edits": {}, "decisions": {}}
    with transaction.atomic():
        _change(run, step=Step.COLUMNS, options=said, found=facts, counts={}, problem=[], **dropped)
        ImportData.objects.filter(of=run).update(table=table, verdicts=b"")


def told(run: Import) -> int:
    """How much a person said of single rows so far: corrections, and who likely doubles are."""
    return len(run.edits) + len(run.decisions)


def columns_of(run: Import, chosen: Chosen | None = None) -> list[Column]:
    """What the columns hold: by their headers and values, and as was said. Raises Closed: its rows are gone."""
    if run.is_closed:
        raise Closed
    return applying.columns_of(run.found, bytes(run.data.table), run.mapping if chosen is None else chosen)


def choose_columns(run: Import, chosen: Chosen, *, now: datetime) -> list[Said]:
    """Say which column holds what, and ask for the check; or what stands against it. Raises Closed.

    Corrections are of cells, whatever these mean. Who likely doubles are was said of rows as they read before: where
    another column was chosen, it is dropped.
    """
    found = columns_of(run, chosen)
    objections = mappings.objections(found)
    if not objections:
        mapping = columns.as_chosen(found)
        with transaction.atomic():
            _change(run, mapping=mapping, **({} if mapping == run.mapping else {"decisions": {}}))
            mappings.remember(run.team, run.found["headers"], mapping, now=now)
            ask_to_check(run)
    return objections


def ask_to_check(run: Import) -> bool:
    """Have every row read and matched: False if that was asked for already."""
    return leases.ask(_open(run), run.pk, step=Step.CHECK, progress=0, is_saving=False, problem=[])


def ask_to_save(run: Import) -> bool:
    """Have it written: False if that was asked for already, or there is something to check first."""
    checked = _open(run).filter(step__in=[Step.CHECK, Step.RESULT]).exclude(counts={})
    return leases.ask(checked, run.pk, step=Step.RESULT, progress=0, is_saving=False, problem=[])


def put_right(
    run: Import,
    *,
    edits: Mapping[str, Mapping[str, str]] = {},  # read only
    decisions: Mapping[str, int | None] = {},  # read only
    policy: str | None = None,
) -> None:
    """Correct cells and leave out rows (LEFT_OUT), by place; say who likely doubles are (0: somebody else; None: later);
    say what happens to those we know. Then everything is checked anew. Raises Closed."""
    kept = {**run.edits}
    for place, cells in edits.items():
        before = kept.pop(place, {})
        said = {**({LEFT_OUT: "yes"} if before is None else before), **cells}
        if not said.get(LEFT_OUT):
            said.pop(LEFT_OUT, None)
        if said:
            kept[place] = said
    decided = {**run.decisions, **decisions}
    with transaction.atomic():
        _change(
            run,
            edits=kept,
            decisions={place: pk for place, pk in decided.items() if pk is not None},
            policy=policy if policy in Policy.values else run.policy,
        )
        ask_to_check(run)


def discard(run: Import, *, now: datetime) -> None:
    """Give it up before anything was written: the file is forgotten. Raises Closed."""
    with transaction.atomic():
        _change(run, closed_at=now, state=State.FAILED)
        ImportData.objects.filter(of=run).delete()


def is_small(run: Import) -> bool:
    """Whether it is checked while the person waits."""
    return bool(run.found["count"] <= AT_ONCE)


def work(pk: int, *, clock: Clock) -> bool:
    """Do what was asked of an import, if nobody else is at it; whether it was done. Called by a worker, or at once."""
    token = leases.claim(Import.objects.all(), pk, now=clock())
    if token is None:
        return False
    run = Import.objects.select_related("team", "by", "data").get(pk=pk)
    try:
        with translation.override(run.by.language if run.by else settings.LANGUAGE_CODE):
            (_check if run.step == Step.CHECK else _save)(run, token, clock)
    except LeaseLost:
        log.warning("import %s: another worker has it", pk)
        return False
    except ReadingError as error:
        return _fail(token, error.said)
    except Exception:
        log.exception("import %s failed", pk)
        return _fail(token, Said(_("Something went wrong on our side. Nothing was written: try again.")))
    return True


def restart(now: datetime) -> list[int]:
    """Take back what dead workers left, give up what killed too many; ids of the imports that wait for a worker."""
    rows = Import.objects.all()
    _freed, tired = leases.take_back(rows, now=now)
    said = Said(_("The work stopped again and again. Nothing was written: split the file, or try again."))
    rows.filter(pk__in=tired).update(problem=said.as_json(), is_saving=False)
    return leases.waiting(rows)


def forget_old(now: datetime) -> int:
    """Files and rejected rows of more than 30 days ago go, and imports that nobody finished; how many."""
    old = Import.objects.filter(created_at__lt=now - KEPT)
    count, _by_model = ImportData.objects.filter(of__in=old).delete()
    old.filter(closed_at=None).exclude(state=State.LEASED).delete()
    return count


def incoming(run: Import) -> Incoming:
    """The list as it stands now, with everything that was said to it. Raises Closed."""
    known = columns_of(run)
    return Incoming(run.found, bytes(run.data.table), known, run.edits, run.decisions, run.policy)


def _are_same_cells(run: Import, facts: Mapping[str, Any], table: bytes) -> bool:
    """Whether a file that was read again has the cells that it had, where they were; their letters may be others."""
    shape = [
        (
            *(found[name] for name in ("form", "separator", "sheet", "header_line", "count")),
            len(found["headers"]),
        )
        for found in (run.found, facts)
    ]
    if shape[0] != shape[1]:
        return False
    before = packing.unpack(bytes(run.data.table), run.found["chunks"])
    now = packing.unpack(table, facts["chunks"])
    return all(
        old.line == new.line and len(old.cells) == len(new.cells)
        for olds, news in zip(before, now, strict=True)
        for old, new in zip(olds, news, strict=True)
    )


def _open(run: Import) -> Any:
    return Import.objects.filter(pk=run.pk, closed_at=None)


def _change(run: Import, **values: Any) -> None:
    """Change an import that is a person's turn. Raises Closed."""
    idle = _open(run).filter(state__in=[State.OPEN, State.FAILED])
    if not idle.update(**values):
        raise Closed
    for name, value in values.items():
        setattr(run, name, value)


def _reporter(token: UUID, clock: Clock) -> Callable[[int], None]:
    """Writes progress and renews the lease, at most once a second; stops the work when the lease is lost."""
    last = [clock()]

    def report(done: int) -> None:
        now = clock()
        if now - last[0] >= EVERY:
            last[0] = now
            leases.hold(Import.objects.all(), token, now=now, progress=done)

    return report


def _check(run: Import, token: UUID, clock: Clock) -> None:
    listed = incoming(run)
    outcome = applying.preview(listed, team=run.team, source=run.source, report=_reporter(token, clock))
    with transaction.atomic():
        ImportData.objects.filter(of=run).update(verdicts=packing.pack_json(verdicts.kept(outcome)))
        leases.settle(Import.objects.all(), token, State.OPEN, counts=verdicts.counts(outcome))


def _save(run: Import, token: UUID, clock: Clock) -> None:
    rows = Import.objects.all()
    started = clock()
    listed = incoming(run)
    come = applying.provenance(
        source=run.source, basis=run.basis, day=run.sourced_on, tags=run.options.get("tags", ())
    )
    applying.apply(
        listed,
        run.name,
        team=run.team,
        come=come,
        by=run.by,
        now=started,
        report=_reporter(token, clock),
        saving=lambda: leases.hold(rows, token, now=clock(), is_saving=True, progress=run.found["count"]),
        finish=partial(_finish, run, listed, token, started, clock),
    )


def _finish(
    run: Import, listed: Incoming, token: UUID, started: datetime, clock: Clock, outcome: Outcome
) -> None:
    """The result, in the transaction that wrote it. The file goes: what is needed of it is in the book now."""
    now = clock()
    counts = verdicts.counts(outcome)
    result = {
        **{name: getattr(outcome, name) for name in ("read", "created", "updated", "unchanged", "held_back")},
        "rejected": len(outcome.rejected),
        "counts": counts,
        # A check of before rows were counted as twice in the file cannot be compared.
        "is_as_checked": "again" not in run.counts or counts == run.counts,
        "seconds": (now - started).total_seconds(),
    }
    ImportData.objects.filter(of=run).update(
        content=b"",
        table=b"",
        verdicts=packing.pack_json(verdicts.kept(outcome) | {"verdicts": "", "targets": {}}),
        rejected=verdicts.rejected_as_csv(listed, outcome),
    )
    leases.settle(
        Import.objects.all(),
        token,
        State.DONE,
        result=result,
        operation=outcome.operation,
        closed_at=now,
        edits={},
        decisions={},
        is_saving=False,
    )
    telling.tell(run, now=now)


def _fail(token: UUID, said: Said) -> bool:
    try:
        leases.settle(Import.objects.all(), token, State.FAILED, problem=said.as_json(), is_saving=False)
    except LeaseLost:
        log.warning("an import failed after another worker took it")
    return False
