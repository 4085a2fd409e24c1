"""Senders killed at random and at named points."""

import contextlib
import os
import random
import signal
import smtplib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import Error, close_old_connections, connection
from django.db.models import F

from communitycrm import ticking
from notifications import claiming, mail, outbox, outcomes, sending
from notifications.models import Delivery, DeliveryItem, Notification, State
from ratio import evaluations
from ratio.models import Episode, Evaluation
from tests.faults import harness, world
from tests.faults.harness import TUESDAY, FastClock, Result
from tests.faults.servers import Postgres

SPEED = 60.0
"""A lease of 60 s lasts one second of the trial's, the 15 minutes of an unsure one 15."""
EVERY = 0.12
SENDERS = 4


def at_random(
    base: Path, *, deliveries: int, kills: int, postgres: Postgres | None = None, restarts: int = 0
) -> Result:
    """Four senders, one of them killed every 120 ms; then left in peace until all is sent."""
    world.envelopes(deliveries)
    with harness.sink(base) as mailbox:
        clock, beats = FastClock(SPEED), base / f"beats-{time.time_ns()}"
        beats.mkdir()
        crew = [_sender(clock, beats, number) for number in range(SENDERS)]
        back = _kill_some(crew, clock, beats, kills, postgres, restarts)
        until = time.monotonic() + 240
        while world.unfinished() and time.monotonic() < until:
            time.sleep(0.3)
            _replace_the_dead(crew, clock, beats)
        for pid in crew:
            harness.kill(pid)
        return _count(mailbox, clock, kills=kills, restarts=restarts, back=back)


def _sender(clock: FastClock, beats: Path, number: int) -> int:
    """A sender as a worker is one: passes without end, errors logged, connections renewed."""

    def work() -> None:
        while True:
            now = clock.now()
            try:
                close_old_connections()
                claiming.reap(now)
                sending.drain(now, longest=timedelta(seconds=1))  # short ones: each says that it is back
                (beats / str(number)).write_text(str(time.time()))
            except Error:
                connection.close()
            time.sleep(0.05)

    return harness.fork(work)


def _kill_some(
    crew: list[int], clock: FastClock, beats: Path, kills: int, postgres: Postgres | None, restarts: int
) -> list[float]:
    """So many kills, and restarts of the database between them: the seconds until all senders were back each time."""
    dice, back = random.Random(1), []
    for number in range(kills):
        time.sleep(EVERY)
        victim = dice.randrange(len(crew))
        harness.kill(crew[victim])
        crew[victim] = _sender(clock, beats, victim)
        if postgres and restarts and number % max(1, kills // restarts) == 0 and len(back) < restarts:
            connection.close()
            postgres.restart()
            back.append(_seconds_until_all_are_back(crew, clock, beats))
    return back


def _seconds_until_all_are_back(crew: list[int], clock: FastClock, beats: Path) -> float:
    begun = time.time()
    while time.time() - begun < 60:
        _replace_the_dead(crew, clock, beats)
        seen = [
            float((beats / str(number)).read_text() or 0)
            for number in range(SENDERS)
            if (beats / str(number)).exists()
        ]
        if len(seen) == SENDERS and min(seen) > begun:
            break
        time.sleep(0.05)
    return time.time() - begun


def _replace_the_dead(crew: list[int], clock: FastClock, beats: Path) -> None:
    """What a supervisor does."""
    for number, pid in enumerate(crew):
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG)[0]:
                crew[number] = _sender(clock, beats, number)


def _count(mailbox: harness.Mailbox, clock: FastClock, **asked: Any) -> Result:
    taken, rows = mailbox.taken(), list(Delivery.objects.all())
    held = {row.message_id for row in rows if row.state == State.HELD}
    lost = [row.message_id for row in rows if not taken[row.message_id] and row.message_id not in held]
    twice = {message_id for message_id, times in taken.items() if times > 1}
    unsure = {row.message_id for row in rows if row.ambiguous_count}
    waited = sorted((row.sent_at - row.due_at).total_seconds() for row in rows if row.sent_at)
    back = asked.pop("back")
    result = Result(
        f"kills at random{' and restarts' if asked['restarts'] else ''}",
        {
            "deliveries": len(rows),
            **asked,
            "lost": len(lost),
            "twice": len(twice),
            "ever unsure": len(unsure),
            "held": len(held),
            "p99 s (story)": round(waited[int(len(waited) * 0.99) - 1]) if waited else None,
            "back after s": [round(seconds, 1) for seconds in back],
        },
    )
    result.bar(not lost, "0 lost")
    result.bar(twice <= unsure, "duplicates only among those that were unsure")
    result.bar(not world.unfinished(), "all finished")
    result.bar(all(seconds < 15 for seconds in back), "every process back within 15 s")
    return result


# --- Named points -------------------------------------------------------------------------------


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _after(module: Any, name: str, *, when: Callable[[Any], bool] = lambda result: True) -> None:
    """In this process only: once `module.name` has returned, the process is gone."""
    plain = getattr(module, name)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        result = plain(*args, **kwargs)
        if when(result):
            _die()
        return result

    setattr(module, name, deadly)


def _after_the_final_dot() -> None:
    plain = smtplib.SMTP.send

    def deadly(self: smtplib.SMTP, text: Any) -> None:
        plain(self, text)
        if bytes(text if isinstance(text, bytes) else text.encode()).endswith(b"\r\n.\r\n"):
            time.sleep(0.1)  # the sink has it
            _die()

    smtplib.SMTP.send = deadly  # type: ignore[method-assign]


def _in_the_reaper() -> None:
    """Between its two statements about those whose lease ran out."""
    plain = claiming.DeliveryQuerySet.update

    def deadly(self: Any, **values: Any) -> int:
        done = plain(self, **values)
        if values.get("last_error") == "The sender stopped before it was sent.":
            _die()
        return done

    claiming.DeliveryQuerySet.update = deadly  # type: ignore[method-assign]


POINTS: dict[str, Callable[[], None]] = {
    "after evaluation": lambda: _after(evaluations, "_step"),
    "before commit": lambda: _after(outbox, "notify"),
    "after commit": lambda: _after(evaluations, "_evaluate_team"),
    "while grouping": lambda: _after(outbox, "_envelope_of_the_day"),
    "after claim": lambda: _after(claiming, "claim", when=bool),
    "after RCPT": lambda: _after(mail.SmtpOffice, "address"),
    "after submitting": lambda: _after(outcomes, "submitting"),
    "after the final dot": _after_the_final_dot,
    "after 250": lambda: _after(mail.SmtpOffice, "hand_over"),
    "in the reaper": _in_the_reaper,
}
HAD_SUBMITTED = ("after submitting", "after the final dot", "after 250")
AFTERWARDS = (2, 12, 28)
"""Minutes after the crash at which somebody looks again."""


def at_points(base: Path, people: int) -> list[Result]:
    """Each point: killed there once, then passes without harm; the rows of the end as without the kill."""
    with harness.sink(base) as mailbox:
        calm = _one_day(people, None)
        return [_killed(mailbox, name, people, calm) for name in POINTS]


def _killed(mailbox: harness.Mailbox, name: str, people: int, calm: list) -> Result:
    begun, before = time.monotonic(), mailbox.taken()
    rows = _one_day(people, name)
    taken = mailbox.taken() - before
    deliveries = list(Delivery.objects.filter(state=State.SENT))
    worst = max((row.sent_at - TUESDAY for row in deliveries if row.sent_at), default=timedelta())
    twice = {message_id for message_id, times in taken.items() if times > 1}
    unsure = {row.message_id for row in deliveries if row.ambiguous_count}
    minutes = worst.total_seconds() / 60
    figures = {
        "mails": len(taken),
        "twice": len(twice),
        "ever unsure": len(unsure),
        "longest min (story)": round(minutes, 1),
    }
    result = Result(f"killed {name}", figures)
    result.bar(rows == calm, "the final rows equal those of a run without the kill")
    result.bar(twice <= unsure, "duplicates only among those that were unsure")
    result.bar(
        minutes <= (30 if name in HAD_SUBMITTED else 5), "sent within 5 min, or 30 if it had been submitting"
    )
    result.seconds = time.monotonic() - begun
    return result


def _one_day(people: int, point: str | None) -> list:
    """A morning on which a team slips, with one death at a point, and the passes that follow; the rows in the end."""
    harness.empty()
    world.slipping_team(people)
    first = TUESDAY
    if point == "in the reaper":  # somebody died before, so that there is something to take back
        _die_at("after claim", first)
        first += timedelta(minutes=2)
    if point:
        _die_at(point, first)
    for minutes in (0, *AFTERWARDS) if point is None else AFTERWARDS:
        ticking.tick(now=first + timedelta(minutes=minutes))
    return _rows()


def _die_at(point: str, now: datetime) -> None:
    """A pass in a child that dies there."""

    def work() -> None:
        POINTS[point]()
        ticking.tick(now=now)

    died = harness.run(work)
    if died != -signal.SIGKILL:
        raise RuntimeError(f"nobody came by {point} ({died})")


def _rows() -> list:
    """What must be the same: ids and the traces of trouble (attempts, unsure) left out."""
    tables = [
        Evaluation.objects.order_by("manager__name", "slot").values_list(
            "manager__name", "slot", "verdict", "reminder"
        ),
        Episode.objects.order_by("manager__name").values_list("manager__name", "opened_on", "reminders_sent"),
        Notification.objects.order_by("recipient__name", "kind").values_list(
            "recipient__name", "kind", "done_at"
        ),
        Delivery.objects.order_by("recipient__name", "slot").values_list("recipient__name", "slot", "state"),
        DeliveryItem.objects.order_by("notification__recipient__name", "notification__kind").values_list(
            F("notification__recipient__name"), "notification__kind", "delivery__state"
        ),
    ]
    return [[tuple(row) for row in table] for table in tables]


def sigterm(base: Path) -> Result:
    """Asked to end, a pass finishes the message in hand; the rest is sent by the next, none of it twice."""
    harness.empty()
    world.envelopes(20)
    with harness.sink(base, slow=0.2) as mailbox:
        from django.core.management import call_command

        with (base / "sigterm.log").open("w") as log:
            pid = harness.fork(lambda: call_command("tick", "--at", TUESDAY.isoformat(), stdout=log))
            until = time.monotonic() + 60
            while len(mailbox.taken()) < 3 and time.monotonic() < until:
                time.sleep(0.02)
            os.kill(pid, signal.SIGTERM)
            status = harness.wait(pid)
        first = sum(mailbox.taken().values())
        unsure = Delivery.objects.filter(state=State.SUBMITTING).count()
        harness.run(lambda: ticking.tick(now=TUESDAY + timedelta(minutes=1)))
        taken = mailbox.taken()
    figures = {
        "exit": status,
        "sent before": first,
        "sent in all": len(taken),
        "twice": sum(taken.values()) - len(taken),
    }
    result = Result("SIGTERM while sending", figures)
    result.bar(status == 0 and unsure == 0, "it ends by itself, with nothing left unsure")
    result.bar(first < 20 and sum(taken.values()) == len(taken) == 20, "each once")
    return result
