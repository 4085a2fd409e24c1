"""A launch: its pages, and 10,000 clicks on a relay at 50 at once, each counted once.

Beside what this machine allows: a server of the same processes and threads that only ever says "go there", clicked in
the same way; and the insert alone. Visitors and server share the machine, so 50 at once is more than it can serve
at once: what a click costs the server is the time one takes when nobody else clicks.
"""

import os
import select
import socket
import subprocess
import sys
import time
import uuid
from datetime import timedelta
from pathlib import Path

from django.db import connection

from accounts.models import Team, User
from bench.scene import Row, Scene
from contacts.models import Contact
from outreach.launches import clicks, planning
from outreach.launches.coverage import State
from outreach.launches.planning import Details
from outreach.models import Approach, Click, Launch, Relay

TOGETHER, AT_ONCE, ALONE = 10_000, 50, 300
ROOT = Path(__file__).resolve().parents[2]
_ASK = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0\r\n"
    "Sec-Fetch-Mode: navigate\r\nConnection: close\r\n\r\n"
)


def pages(scene: Scene) -> list[Row]:
    """The pages of a launch with 60 contacts, and the clicks."""
    launch, relay = _launch(scene.seeded.team, scene.seeded.manager, scene)
    port = scene.port
    row = [
        scene.page("launch, 60 contacts", f"/launches/{launch.pk}/", "<= 16 queries"),
        scene.page("its picture", f"/launches/{launch.pk}/picture/", "<= 16 queries"),
    ]
    with _bare() as bare:
        _click(bare, "/", 500, 10)
        _click(port, f"/r/{relay.code}", 500, 10)
        before = _counted(launch)
        alone_bare, alone = _click(bare, "/", ALONE, 1), _click(port, f"/r/{relay.code}", ALONE, 1)
        many_bare, many = (
            _click(bare, "/", TOGETHER, AT_ONCE),
            _click(port, f"/r/{relay.code}", TOGETHER, AT_ONCE),
        )
    counted = _counted(launch) - before - ALONE
    if counted != TOGETHER:
        raise RuntimeError(f"{counted} of {TOGETHER} clicks were counted")
    clicks.add_up(scene.now)
    if _counted(launch) - before - ALONE != TOGETHER:
        raise RuntimeError("adding up lost or doubled clicks")
    insert = _insert_ms(relay)
    queries = 1 if connection.vendor == "postgresql" else 2
    return [
        *row,
        Row("a click, nobody else: p50", _at(alone, 0.5), "ms", queries, insert, "one insert", ""),
        Row("a click, nobody else: p95", _at(alone, 0.95), "ms", None, _at(alone_bare, 0.95), "bare redirect", "<= 20 ms"),
        Row("10,000 clicks, 50 at once: p50", _at(many, 0.5), "ms", None, _at(many_bare, 0.5), "bare redirect", ""),
        Row("10,000 clicks, 50 at once: p95", _at(many, 0.95), "ms", None, _at(many_bare, 0.95), "bare redirect", "<= 20 ms"),
        Row("10,000 clicks, 50 at once", TOGETHER / sum(many) * 1000 * AT_ONCE, "/s", None, TOGETHER / sum(many_bare) * 1000 * AT_ONCE, "bare redirect", "each once"),
    ]  # fmt: skip


def _launch(team: Team, manager: User, scene: Scene) -> tuple[Launch, Relay]:
    contacts = list(Contact.objects.of_team(team).select_related("kind").order_by("pk")[:60])
    details = Details(
        name=f"Bench {uuid.uuid4().hex[:8]}",
        day=scene.now.date() + timedelta(days=20),
        address="https://launch.example/",
    )
    launch, _operation = planning.prepare(
        team=team, by=manager, client_id=uuid.uuid4(), details=details, contacts=contacts, now=scene.now
    )
    approach = Approach.objects.filter(launch=launch).select_related("launch__team", "contact").first()
    if approach is None:
        raise RuntimeError("the bench has no contacts")
    planning.say(approach, State.ON_BOARD, by_meeting=False, by=manager, now=scene.now)
    return launch, Relay.objects.get(launch=launch)


def _counted(launch: Launch) -> int:
    return sum(sum(days.values()) for days in clicks.by_day(launch).values())


def _insert_ms(relay: Relay) -> float:
    """The insert of a click alone, with its commit: the median of 200."""
    times = []
    for _ in range(200):
        started = time.perf_counter()
        Click.objects.create(relay=relay, day=relay.created_at.date())
        times.append((time.perf_counter() - started) * 1000)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outreach_click WHERE relay_id = %s", [relay.pk])
    return _at(times, 0.5)


def _at(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)]


class _bare:  # noqa: N801 - read as "with bare"
    """A server like the product's that redirects and does nothing else; its port."""

    def __enter__(self) -> int:
        from bench.__main__ import free_port

        port = free_port()
        env = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1", "WEB_CONCURRENCY": "2"}
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "bench.bare:application",
            "-c",
            "communitycrm/gunicorn_conf.py",
        ]
        self.process = subprocess.Popen(command, cwd=ROOT, env=env)
        for _ in range(100):
            try:
                _click(port, "/", 1, 1)
                break
            except OSError:
                time.sleep(0.1)
        return port

    def __exit__(self, *_failure: object) -> None:
        self.process.terminate()
        self.process.wait(20)


def _click(port: int, path: str, count: int, at_once: int) -> list[float]:
    """So many clicks, each by a visitor with a connection of their own, so many at once; milliseconds of each.

    The next visitor comes when one was answered. Raises RuntimeError for an answer that leads nowhere. Bare sockets, so
    that the visitors leave the machine to the server.
    """
    ask, address = _ASK.format(path=path).encode(), ("127.0.0.1", port)
    to_come, times, here = count, [], {}
    with select.epoll() as visitors:
        while to_come or here:
            while to_come and len(here) < at_once:
                to_come -= 1
                started, visitor = time.perf_counter(), socket.socket()
                visitor.connect(address)
                visitor.sendall(ask)
                visitors.register(visitor, select.EPOLLIN)
                here[visitor.fileno()] = visitor, started
            for number, _events in visitors.poll():
                visitor, started = here.pop(number)
                head = visitor.recv(4096)
                times.append((time.perf_counter() - started) * 1000)
                if not head.startswith(b"HTTP/1.1 302"):
                    raise RuntimeError(head[:200])
                visitor.close()
    return times
