"""Long work as rows: an import, an erasure, an export that outlives its request, its worker and its broker.

A model that is such work has four fields: `state` (a `State`), `lease_token`, `leased_until`, `attempts`. A message
carries an id and nothing else, so losing one costs a minute: the tick sends it anew (`waiting`). Whoever claims a row
holds it for two minutes and renews while it works; a dead worker's row is taken by the next (`take_back`). Each step
is one conditional update, so that two workers never both believe that a row is theirs. Work that is one transaction
renews as it begins: nobody sees how long that holds, but the row stays locked by it until the worker ends or dies, and
what is locked is not taken back.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5


class State(models.TextChoices):
    """Where a piece of long work stands."""

    OPEN = "open"  # a person's turn
    WAITING = "waiting"  # a worker's turn
    LEASED = "leased"  # a worker is at it
    DONE = "done"
    FAILED = "failed"  # given up: it says why, and a person may ask again


class LeaseLost(Exception):
    """Somebody else has the row now, or nobody: what was not committed must not be."""


def ask(rows: models.QuerySet[Any], pk: int, **values: Any) -> bool:
    """Ask for the work, once: False if it was asked for already or is done. `values` are set with it."""
    idle = rows.filter(pk=pk, state__in=[State.OPEN, State.FAILED])
    return bool(idle.update(state=State.WAITING, lease_token=None, leased_until=None, attempts=0, **values))


def claim(rows: models.QuerySet[Any], pk: int, *, now: datetime) -> uuid.UUID | None:
    """Take a waiting row; the token to hold it by, or None where somebody else was faster."""
    token = uuid.uuid4()
    taken = rows.filter(pk=pk, state=State.WAITING).update(
        state=State.LEASED, lease_token=token, leased_until=now + LEASE, attempts=F("attempts") + 1
    )
    return token if taken else None


def hold(rows: models.QuerySet[Any], token: uuid.UUID, *, now: datetime, **values: Any) -> None:
    """Renew the lease and set `values` (how far the work is). Raises LeaseLost."""
    if not rows.filter(lease_token=token, state=State.LEASED).update(leased_until=now + LEASE, **values):
        raise LeaseLost


def settle(rows: models.QuerySet[Any], token: uuid.UUID, state: str, **values: Any) -> None:
    """Give the row back in `state`, in the transaction that holds the work itself. Raises LeaseLost."""
    mine = rows.filter(lease_token=token, state=State.LEASED)
    if not mine.update(state=state, lease_token=None, leased_until=None, **values):
        raise LeaseLost


def take_back(rows: models.QuerySet[Any], *, now: datetime) -> tuple[int, list[int]]:
    """Rows whose worker died wait again; those tried too often are given up. How many wait; ids of those given up."""
    with transaction.atomic():
        # SQLite, which locks no rows, lets nobody in here while another's transaction is at work.
        ran_out = rows.filter(state=State.LEASED, leased_until__lt=now)
        if connection.features.has_select_for_update_skip_locked:
            ran_out = ran_out.select_for_update(skip_locked=True)
        attempts = dict(ran_out.values_list("pk", "attempts"))
        tired = [pk for pk, count in attempts.items() if count >= MOST_ATTEMPTS]
        free = {"lease_token": None, "leased_until": None}
        rows.filter(pk__in=tired).update(state=State.FAILED, **free)
        return rows.filter(pk__in=attempts.keys() - tired).update(state=State.WAITING, **free), tired


def waiting(rows: models.QuerySet[Any]) -> list[int]:
    """Ids of the rows for which a worker is to be sent for."""
    return list(rows.filter(state=State.WAITING).order_by("pk").values_list("pk", flat=True))
