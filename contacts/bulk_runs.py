"""What is done with very many contacts at once: by a worker, while the person sees that it is under way.

A row with a lease, as imports have (`foundation.leases`); undoing such an act is one more. All of it or nothing: the
act is one transaction with the row's own end, so a worker that dies leaves nothing half done, and the next does it.
"""

import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation

from accounts import changes
from accounts.models import Operation, User
from contacts import bulk, telling
from contacts.bulk import Act
from contacts.models import BulkRun
from contacts.models.bulk import UNDO
from foundation import leases
from foundation.leases import LeaseLost, State

KEPT = timedelta(days=30)

log = logging.getLogger(__name__)


def ask(act: Act, kind: str, said: Mapping[str, Any], *, query: str) -> BulkRun:
    """Have it done, once however often the form comes, but again once it was taken back. The caller sends for a worker."""
    finished = BulkRun.objects.filter(by=act.by, token=act.token, state=State.DONE)
    finished.exclude(operation__undone_at=None, operation__isnull=False).update(token=uuid.uuid4())
    run, _is_new = BulkRun.objects.get_or_create(
        by=act.by,
        token=act.token,
        defaults={
            "team": act.team,
            "act": kind,
            "said": dict(said),
            "contact_ids": list(act.contact_ids),
            "query": query,
            "count": len(act.contact_ids),
            "created_at": act.now,
        },
    )
    return run


def ask_undo(operation: Operation, *, by: User, now: datetime) -> BulkRun:
    """Have such an act taken back, once however often that is asked for. The caller sends for a worker.

    Raises changes.CannotUndo: it was taken back already.
    """
    if operation.undone_at:
        raise changes.CannotUndo
    run, _is_new = BulkRun.objects.get_or_create(
        by=by,
        token=uuid.uuid5(uuid.UUID(operation.details["token"]), f"{UNDO} {operation.pk}"),
        defaults={
            "team": operation.team,
            "act": UNDO,
            "operation": operation,
            "count": operation.details["count"],
            "created_at": now,
        },
    )
    return run


def ask_again(run: BulkRun) -> bool:
    """Have what was given up tried again: False if nobody gave it up."""
    return leases.ask(BulkRun.objects.all(), run.pk)


def work(pk: int, *, clock: Callable[[], datetime]) -> bool:
    """Do it, if nobody else is at it; whether it was done. Called by a worker."""
    rows = BulkRun.objects.all()
    token = leases.claim(rows, pk, now=clock())
    if token is None:
        return False
    run = rows.select_related("team", "by", "operation__team").get(pk=pk)
    try:
        with translation.override(run.by.language), transaction.atomic():
            leases.hold(rows, token, now=clock())  # and with it the row, however long it takes
            done = (_undo if run.is_undo else _do)(run, clock())
            now = clock()
            result = {**done.pop("result", {}), "seconds": (now - run.created_at).total_seconds()}
            leases.settle(rows, token, State.DONE, contact_ids=[], result=result, **done)
            telling.tell(run, now=now)
    except LeaseLost:
        log.warning("bulk act %s: another worker has it", pk)
        return False
    except Exception:  # whatever it is: nothing was changed, and the page says so to who asked
        log.exception("bulk act %s failed", pk)
        return _given_up(token)
    return True


def restart(now: datetime) -> list[int]:
    """Take back what dead workers left, give up what killed too many, forget the old; ids of those that wait."""
    rows = BulkRun.objects.all()
    leases.take_back(rows, now=now)
    rows.filter(created_at__lt=now - KEPT).exclude(state=State.LEASED).delete()
    return leases.waiting(rows)


def _do(run: BulkRun, now: datetime) -> dict[str, Any]:
    act = Act(team=run.team, by=run.by, contact_ids=run.contact_ids, token=run.token, now=now)
    done = bulk.do(run.act, act, run.said)
    return {"operation": done.operation, "count": done.count}


def _undo(run: BulkRun, now: datetime) -> dict[str, Any]:
    try:
        if run.operation is None:  # so long ago that it is forgotten
            raise changes.CannotUndo
        done = bulk.take_back(run.operation, by=run.by, now=now)
    except changes.CannotUndo:
        return {"result": {"left": None}}
    return {"count": done.restored, "result": {"left": len(done.edited_since)}}


def _given_up(token: Any) -> bool:
    try:
        leases.settle(BulkRun.objects.all(), token, State.FAILED)
    except LeaseLost:
        log.warning("a bulk act failed after another worker took it")
    return False
