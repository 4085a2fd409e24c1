"""`python -m tests.faults [--short] [--only WORDS]` on the database of DATABASE_URL; `./dev faults` runs both."""

import argparse
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")


def main() -> int:
    """Run the scenarios, print a table and a JSON line for each; 0 when no bar was missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `finally` stops the servers
    from tests.faults.servers import Postgres, Redis, folder

    with folder() as base:
        postgres = Postgres(base) if os.environ.get("FAULTS_ON") == "postgresql" else None
        redis = Redis(base)
        os.environ["CELERY_BROKER_URL"], os.environ["DATA_DIR"] = redis.url, str(base)
        os.environ["DATABASE_URL"] = postgres.url if postgres else f"sqlite:///{base / 'db.sqlite3'}"
        try:
            django.setup()
            from django.core.management import call_command

            call_command("migrate", interactive=False, verbosity=0)
            return show(run(base, postgres, redis, asked))
        finally:
            redis.stop()
            if postgres:
                postgres.stop()


def run(base, postgres, redis, asked):
    """The results in the order of the scenarios; one that raises has missed everything."""
    from tests.faults import harness, world
    from tests.faults.harness import Result

    world.teach()
    results = []
    for name, scenario in scenarios(base, postgres, redis, short=asked.short).items():
        if asked.only not in name:
            continue
        begun = time.monotonic()
        harness.empty()
        print(f"... {name}", file=sys.stderr, flush=True)
        try:
            found = scenario()
        except Exception as problem:  # noqa: BLE001  # whatever it is, it is a bar missed
            traceback.print_exc()
            found = Result(name, {}, [f"{type(problem).__name__}: {problem}"])
        found = found if isinstance(found, list) else [found]
        for result in found:
            result.seconds = result.seconds or time.monotonic() - begun
            print(result.line("postgresql" if postgres else "sqlite"), flush=True)
        results += found
    return results


def scenarios(base, postgres, redis, *, short: bool) -> dict[str, Callable]:
    """By name; `short` is the same with fewer of everything."""
    from tests.faults import brokers, days, killing, mailing

    many, kills = (150, 12) if short else (2000, 200)
    found: dict[str, Callable] = {
        "points": lambda: killing.at_points(base, 3),
        "kills": lambda: killing.at_random(base, deliveries=many, kills=kills),
        "sigterm": lambda: killing.sigterm(base),
        "server": lambda: mailing.troubled_server(base, 100 if short else 1000),
        "bad": lambda: mailing.bad_ones(base, 60 if short else 1000),
        "side": lambda: days.side_by_side(base, people=5 if short else 50, days=4 if short else 30),
        "jump": days.jumping_clock,
        "visibility": lambda: brokers.short_visibility(base, redis),
        "redis": lambda: brokers.killed_redis(
            base, redis, kills=1 if short else 5, seconds=4 if short else 45
        ),
        "off": lambda: brokers.worker_off(base, redis, ticks=30 if short else 1440),
        "throughput": lambda: mailing.throughput(base, redis, 200 if short else 1000),
    }
    if postgres:
        restarts = 1 if short else 10
        found["restarts"] = lambda: killing.at_random(
            base, deliveries=many, kills=kills, postgres=postgres, restarts=restarts
        )
    if not short or not postgres:  # arithmetic over rows: once is enough when time is short
        found["clocks"] = lambda: days.changing_clocks(timedelta(hours=6 if short else 1))
    if not short and not postgres:
        found["series"] = lambda: days.random_series(10_000)
    return found


def show(results) -> int:
    """The table for people."""
    print()
    for result in results:
        verdict = "ok    " if not result.missed else "MISSED"
        figures = ", ".join(f"{name} {value}" for name, value in result.figures.items())
        print(f"{verdict} {result.name:42} {result.seconds:6.1f} s  {figures}")
        for bar in result.missed:
            print(f"       missed: {bar}")
    return 1 if any(result.missed for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
