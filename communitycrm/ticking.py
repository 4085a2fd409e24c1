"""One pass over everything that time sets off: verdicts of the day, what is said in the morning, the mail that is due.

Passes may run side by side, late, or twice: each step is a conditional update or guarded by a constraint.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts import changes
from communitycrm import mornings
from contacts import binning, duplicates, erasing, merging, privacy_reminders, restarting
from events import feeds, filling, looking
from foundation import fetch
from notifications import claiming, pulses, sending
from outreach import uploads
from outreach.launches import clicks, fetching
from ratio import evaluations

log = logging.getLogger(__name__)

Step = Callable[[datetime], int]
STEPS: dict[str, Step] = {
    "filled": lambda now: filling.fill_due(now=now),
    "evaluated": lambda now: evaluations.evaluate(now=now),
    "mornings": mornings.go_round,
    "imports": restarting.restart_imports,
    "bulk": restarting.restart_bulk,
    "uploads": uploads.forget_old,
    "feeds ended": feeds.end_orphaned,
    "calendars": looking.look_where_due,
    "cancelled": claiming.expire,
    "taken back": claiming.reap,
    "erased": erasing.purge_due,
    "gathered": merging.gather,
    "requests due": privacy_reminders.tell,
    "bins emptied": binning.empty,
    "undo forgotten": changes.forget_old,
    "looked through": duplicates.look_where_due,
    "clicks": clicks.add_up,
    "fetched": fetching.fetch_due,
}
"""What is done before the mail leaves, one line a step: each says how much there was to do."""


@dataclass
class Pass:
    """What one pass did: by step how much, envelopes by outcome, and the steps that failed (by name)."""

    did: dict[str, int] = field(default_factory=dict)
    mailed: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def tick(
    *, now: datetime, stop: Callable[[], bool] = lambda: False, more: Callable[[], None] = lambda: None
) -> Pass:
    """Every step, then the mail. A step that fails does not stop the next. `stop`: finish what is in hand and end.

    `more` asks for another pass beside this one, where there is much to send.
    """
    done = Pass()
    for name, step in STEPS.items():
        if stop():
            return done
        if count := _step(done, name, lambda step=step: step(now)):  # type: ignore[misc]
            done.did[name] = count
    if not done.failed:
        pulses.beat(
            "tick", now
        )  # before the mail, which may take ten minutes: how late that is shows by itself
    done.mailed = dict(_step(done, "send", lambda: sending.drain(now, stop=stop, more=more)) or {})
    if not done.failed:
        _ping()
    return done


def _ping() -> None:
    """Tell the dead-man switch that all is well; that it cannot be reached is no fault of this pass."""
    if settings.PING_URL:
        try:
            fetch.get(settings.PING_URL)
        except fetch.FetchError as problem:
            log.warning("the ping did not arrive: %s", problem)


def _step(done: Pass, name: str, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception:
        log.exception("tick: %s failed", name)
        done.failed.append(name)
        return None
