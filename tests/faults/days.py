"""Ticks side by side, clocks that jump, and the days on which they change by law."""

import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from accounts.models import Membership, Team, User
from communitycrm import ticking
from notifications.models import MorningRound, Notification
from ratio.models import Evaluation
from tests.faults import harness, world
from tests.faults.harness import TUESDAY, Result

ZONES = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe")
CHANGES = {  # the days of 2026 and 2027 on which the clocks change there (tzdata)
    "Europe/Paris": (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4), date(2027, 4, 4), date(2027, 10, 3)),
}


def side_by_side(base: Path, *, people: int, days: int) -> Result:
    """Two ticks side by side on half of the days, four on the others: each person once a day."""
    world.slipping_team(people)
    with harness.sink(base) as mailbox:
        for day in range(days):
            now = TUESDAY + timedelta(days=day)
            children = [
                harness.fork(lambda now=now: ticking.tick(now=now))
                for _ in range(2 if day < days // 2 else 4)
            ]
            codes = [harness.wait(pid) for pid in children]
            if any(codes):
                raise RuntimeError(f"a tick ended with {codes}")
        taken = mailbox.taken()
    evaluated = Evaluation.objects.filter(slot__gte=TUESDAY.date()).count()
    keys = list(Notification.objects.values_list("recipient", "key"))
    figures = {
        "people": people,
        "days": days,
        "evaluations": evaluated,
        "rounds": MorningRound.objects.count(),
        "notifications": len(keys),
        "mails": sum(taken.values()),
    }
    result = Result("ticks side by side", figures)
    result.bar(evaluated == people * days, f"evaluations = {people * days} exactly")
    result.bar(len(keys) == len(set(keys)), "one row a key")
    result.bar(sum(taken.values()) == len(taken), "each mail once")
    return result


def changing_clocks(every: timedelta) -> Result:
    """A CM in each zone, ticks through the days around each change: each slot exactly once."""
    slots = seen = mornings = 0
    for name in ZONES:
        for change in CHANGES[name]:
            found, wanted = _around(name, change, every)
            seen += found
            slots += wanted
            mornings += MorningRound.objects.count()
    result = Result(
        "the clocks change, in three zones", {"slots": slots, "evaluations": seen, "mornings": mornings}
    )
    result.bar(slots == seen, "each slot exactly once")
    return result


def _around(zone: str, change: date, every: timedelta) -> tuple[int, int]:
    """(evaluations, local days) of the three days around a change."""
    _one_person(zone)
    first = datetime.combine(change - timedelta(days=1), time.min, ZoneInfo(zone)).astimezone(UTC)
    last = datetime.combine(change + timedelta(days=2), time.min, ZoneInfo(zone)).astimezone(UTC)
    now = first
    while now < last:
        for step in (ticking.STEPS["evaluated"], ticking.STEPS["mornings"]):
            step(now)
        now += every
    rows = list(Evaluation.objects.values_list("slot", flat=True))
    return (len(rows) if len(rows) == len(set(rows)) else -1), 3


def _one_person(zone: str) -> User:
    harness.empty()
    team = Team.objects.create(name="T", slug="t", time_zone=zone, country="")
    person = User.objects.create(email="a@example.org", name="A", password="!", time_zone=zone)
    Membership.objects.create(user=person, team=team, role="manager", since=date(2026, 1, 1))
    return person


def jumping_clock() -> Result:
    """The clock goes back two hours, then 36 forward: what was done is not done again, nothing is made up for."""
    _one_person("Europe/Paris")
    for hours in (0, 1, -1, -0.5, 2, 38, 38.5, 36):
        ticking.tick(now=TUESDAY + timedelta(hours=hours))
    slots = list(Evaluation.objects.order_by("slot").values_list("slot", flat=True))
    days = [slot.day for slot in slots]
    result = Result("the clock jumps back 2 h and forward 36 h", {"slots": days})
    result.bar(days == [24, 25], "each slot once")
    return result


def random_series(count: int) -> Result:
    """As many random series of 180 days through `step`: the properties of reminders.md."""
    import subprocess
    import sys

    command = [sys.executable, "-m", "pytest", "-q", "-k", "whatever_happens", "tests/ratio/test_episodes.py"]
    env = {**os.environ, "SERIES": str(count)}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(command, cwd=harness.ROOT, env=env, capture_output=True, text=True)
    result = Result("random series of 180 days", {"series": count})
    result.bar(done.returncode == 0, f"the distances hold: {done.stdout[-300:]}")
    return result
