"""One pass over everything that time sets off: verdicts of the day, then the mail that is due.

Passes may run side by side, late, or twice: each step is a conditional update or guarded by a constraint.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from notifications import claiming, sending
from ratio import evaluations

log = logging.getLogger(__name__)


@dataclass
class Pass:
    """What one pass did: a count of envelopes by outcome, and the steps that failed (by name)."""

    evaluated: int = 0
    cancelled: int = 0
    taken_back: int = 0
    mailed: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def tick(*, now: datetime) -> Pass:
    """Evaluate, expire, take back what dead senders left, send. A step that fails does not stop the next."""
    done = Pass()
    done.evaluated = _step(done, "evaluate", lambda: evaluations.evaluate(now=now)) or 0
    done.cancelled = _step(done, "expire", lambda: claiming.expire(now)) or 0
    done.taken_back = _step(done, "take back", lambda: claiming.reap(now)) or 0
    done.mailed = dict(_step(done, "send", lambda: sending.drain(now)) or {})
    return done


def _step(done: Pass, name: str, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception:
        log.exception("tick: %s failed", name)
        done.failed.append(name)
        return None
