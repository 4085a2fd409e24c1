"""Real workers and beat on a Redis that is killed, forgets, or hands a task out twice."""

import contextlib
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from notifications.models import Delivery
from tests.faults import harness, world
from tests.faults.harness import TUESDAY, Result
from tests.faults.servers import Redis

CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "communitycrm"]
RECEIVED = re.compile(r"\[([0-9a-f-]{36})\] received")
PATIENCE = 240  # seconds until mail arrives, on a busy machine
WORKER = ["worker", "--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle"]


@contextlib.contextmanager
def process(base: Path, name: str, *command: str, **env: str) -> Iterator[subprocess.Popen]:
    """A process of Celery's at 10:00 of the story's Tuesday, its output kept; killed in the end."""
    with (base / f"{name}.log").open("ab") as log:
        offset = TUESDAY.timestamp() - time.time()
        running = subprocess.Popen(
            [*CELERY, *command],
            cwd=harness.ROOT,
            env={**os.environ, "CLOCK_OFFSET": str(offset), "LOG_LEVEL": "INFO", **env},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield running
        finally:
            running.kill()
            running.wait()


def beat(base: Path, **env: str) -> contextlib.AbstractContextManager:
    schedule = str(base / f"schedule-{time.time_ns()}")
    return process(base, "beat", "beat", "--schedule", schedule, "--pidfile=", "--loglevel", "INFO", **env)


def worker(base: Path, name: str = "worker", **env: str) -> contextlib.AbstractContextManager:
    return process(base, name, *WORKER, "--loglevel", "INFO", "-n", f"{name}@%h", **env)


def killed_redis(base: Path, redis: Redis, *, kills: int, seconds: float) -> Result:
    """Mail becomes due all the time while Redis is killed again and again, and once flushed."""
    harness.empty()
    with harness.sink(base) as mailbox, worker(base, TICK_SECONDS="1"), beat(base, TICK_SECONDS="1"):
        due: dict[str, float] = {}
        begun = time.time()
        for number in range(kills + 1):
            world.envelopes(10, kind="trial", due_at=TUESDAY - timedelta(hours=1))
            for message_id in Delivery.objects.exclude(message_id__in=due).values_list(
                "message_id", flat=True
            ):
                due[message_id] = time.time()
            if number < kills:
                redis.kill()
            else:
                redis.client().flushall()
            time.sleep(seconds / (kills + 1))
        while len(mailbox.taken()) < len(due) and time.time() < begun + seconds + PATIENCE:
            time.sleep(0.2)
        taken = mailbox.taken()
        longest = max((mailbox.at()[one] - due[one] for one in due if one in taken), default=0.0)
    figures = {
        "kills": kills,
        "flushes": 1,
        "deliveries": len(due),
        "lost": len(set(due) - set(taken)),
        "twice": sum(taken.values()) - len(taken),
        "longest delay s": round(longest, 1),
    }
    result = Result("Redis killed and flushed", figures)
    result.bar(set(due) <= set(taken), "0 lost")
    result.bar(sum(taken.values()) == len(taken), "0 twice")
    result.bar(longest <= 90, "delay of 90 s at most")
    return result


def short_visibility(base: Path, redis: Redis) -> Result:
    """A task that runs longer than the broker's patience is started a second time; its mail leaves once."""
    harness.empty()
    redis.client().flushall()
    world.envelopes(70, kind="trial")
    patience = {"VISIBILITY": "2", "TICK_SECONDS": "3600"}
    with (
        harness.sink(base, slow=0.5) as mailbox,
        worker(base, "first", **patience),
        worker(base, "second", **patience),
    ):
        until = time.time() + PATIENCE
        while len(mailbox.taken()) < 70 and time.time() < until:
            time.sleep(0.1)
        time.sleep(3)
        taken = mailbox.taken()
    logs = "".join((base / f"{name}.log").read_text() for name in ("first", "second"))
    started = Counter(RECEIVED.findall(logs))
    figures = {
        "deliveries": 70,
        "started": started.total(),
        "sent": len(taken),
        "twice": sum(taken.values()) - len(taken),
    }
    result = Result("visibility timeout shorter than the task", figures)
    result.bar(max(started.values()) > 1, "it was started twice indeed")
    result.bar(len(taken) == 70 == sum(taken.values()), "each sent once")
    return result


def worker_off(base: Path, redis: Redis, *, ticks: int) -> Result:
    """Beat goes on for a day's worth of ticks without a worker; then the worker comes."""
    harness.empty()
    redis.client().flushall()
    world.envelopes(10, kind="trial")
    every = 0.1
    with harness.sink(base) as mailbox:
        with beat(base, TICK_SECONDS=str(every)):
            until = time.time() + 60 + ticks * every
            while not redis.client().llen("celery") and time.time() < until:
                time.sleep(0.1)
            time.sleep(ticks * every)
            waiting = redis.client().llen("celery")
            with worker(base, "late", TICK_SECONDS=str(every)):
                until = time.time() + PATIENCE
                while len(mailbox.taken()) < 10 and time.time() < until:
                    time.sleep(0.1)
                time.sleep(2)
        taken = mailbox.taken()
    figures = {"ticks missed": ticks, "waiting": waiting, "people": 10, "mails": sum(taken.values())}
    result = Result("worker off, beat on", figures)
    result.bar(waiting <= 1, "at most one waiting tick")
    result.bar(len(taken) == 10 == sum(taken.values()), "one mail a person")
    return result
