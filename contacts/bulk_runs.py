"""What is done with very many contacts at once: by a worker, while the person sees that it is under way.

A row with a lease, as imports have (`foundation.leases`). All of it or nothing: the act is one transaction with the
row's own end, so a worker that dies leaves nothing half done, and the next does it.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation

from contacts import bulk
from contacts.bulk import Act
from contacts.models import BulkRun
from foundation import leases
from foundation.leases import LeaseLost, State

KEPT = timedelta(days=30)

log = logging.getLogger(__name__)


def ask(act: Act, kind: str, said: Mapping[str, Any], *, query: str) -> BulkRun:
    """Have it done, once however often the form comes. The caller sends for a worker."""
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


def ask_again(run: BulkRun) -> bool:
    """Have what was given up tried again: False if nobody gave it up."""
    return leases.ask(BulkRun.objects.all(), run.pk)


def work(pk: int, *, clock: Callable[[], datetime]) -> bool:
    """Do it, if nobody else is at it; whether it was done. Called by a worker."""
    rows = BulkRun.objects.all()
    token = leases.claim(rows, pk, now=clock())
    if token is None:
        return False
    run = rows.select_related("team", "by").get(pk=pk)
    act = Act(team=run.team, by=run.by, contact_ids=run.contact_ids, token=run.token, now=clock())
    try:
        with translation.override(run.by.language), transaction.atomic():
            done = bulk.do(run.act, act, run.said)
            leases.settle(rows, token, State.DONE, operation=done.operation, count=done.count, contact_ids=[])
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


def _given_up(token: Any) -> bool:
    try:
        leases.settle(BulkRun.objects.all(), token, State.FAILED)
    except LeaseLost:
        log.warning("a bulk act failed after another worker took it")
    return False
