"""`manage.py tick [--at ISO]`: one pass by hand, without a broker (for cron, trials, the day the broker is down)."""

import contextlib
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from communitycrm import ticking
from foundation import clock

WORDS = {
    "sent": "sent",
    "postponed": "put off to the next allowed moment",
    "moved": "moved into a later envelope",
    "cancelled": "cancelled, nothing left to tell",
    "held": "held for an admin",
    "failed attempt": "not sent, to be tried again",
    "refused": "refused for good",
    "ambiguous": "handed over without an answer",
    "unreachable": "waiting: the mail server cannot be reached",
    "taken by another sender": "left to another sender",
    "left": "left for the next pass",
}


class Command(BaseCommand):
    help = "Evaluate, expire, send: one pass over everything that is due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", metavar="ISO", help="as if it were then, e.g. 2026-11-24T10:00+01:00")

    def handle(self, *args: Any, at: str | None, **options: Any) -> None:
        now = _instant(at) if at else clock.now()
        with _asked_to_end() as stop:
            done = ticking.tick(now=now, stop=stop)
        self.stdout.write(f"Pass of {now.isoformat(timespec='seconds')}")
        for step in ticking.STEPS:
            self.stdout.write(f"{step.capitalize()}: {done.did.get(step, 0)}")
        for outcome, count in sorted(done.mailed.items()):
            self.stdout.write(f"Mail {WORDS.get(outcome, outcome)}: {count}")
        if not done.mailed:
            self.stdout.write("No mail was due.")
        if done.failed:
            raise CommandError(f"Failed: {', '.join(done.failed)}. The log says why.")


@contextlib.contextmanager
def _asked_to_end() -> Iterator[Callable[[], bool]]:
    """Whether SIGTERM came meanwhile: the message in hand is finished, the rest is left to the next pass."""
    asked = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: asked.set())
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGTERM, before)


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as problem:
        raise CommandError(f"{text} is not an ISO date and time, e.g. 2026-11-24T10:00+01:00") from problem
    if instant.tzinfo is None:
        raise CommandError(f"{text} does not say its offset, e.g. {text}+01:00")
    return instant
