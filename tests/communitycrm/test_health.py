"""What monitoring asks, and what it is told by itself."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from communitycrm import ticking
from notifications import pulses
from notifications.models import Delivery, State
from tests.cast import NOW, make_user

pytestmark = pytest.mark.django_db
TOKEN = {"Authorization": "Bearer a-long-token"}


@pytest.fixture
def asked(client, settings, monkeypatch):
    monkeypatch.setattr("foundation.clock.now", lambda: NOW)
    settings.HEALTH_TOKEN = "a-long-token"
    return lambda headers=TOKEN: client.get("/healthz/deep", headers=headers)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "a-long"}])
def test_without_the_token_there_is_no_such_page(asked, settings, headers):
    assert asked(headers).status_code == 404
    settings.HEALTH_TOKEN = ""
    assert asked({"Authorization": "Bearer "}).status_code == 404


def test_all_is_well_while_ticks_come_and_mail_leaves(asked):
    pulses.beat("tick", NOW - timedelta(minutes=1))
    answer = asked()
    assert answer.status_code == 200
    assert answer.json() == {
        "ok": True,
        "oldest_due_seconds": 0,
        "since_tick_seconds": 60,
        "ambiguous": 0,
        "held": 0,
    }


@pytest.mark.parametrize("trouble", ["never ticked", "no tick", "late"])
def test_trouble_is_a_503_with_its_figures(asked, trouble):
    if trouble != "never ticked":
        pulses.beat("tick", NOW - timedelta(minutes=11 if trouble == "no tick" else 0))
    if trouble == "late":
        Delivery.objects.create(
            recipient=make_user(),
            address="x@example.org",
            slot="x",
            due_at=NOW - timedelta(minutes=30),
            created_at=NOW,
            state=State.QUEUED,
        )
    answer = asked()
    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    assert answer.json()["oldest_due_seconds"] == (1800 if trouble == "late" else 0)


@pytest.fixture
def monitor(settings):
    """A monitoring service on this machine; the paths it was asked for."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            """Not into the tests' output."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.FETCH_PRIVATE = True
    settings.PING_URL = f"http://127.0.0.1:{server.server_port}/ping/abc"
    yield seen
    server.shutdown()
    server.server_close()


def test_after_each_tick_that_went_well_the_dead_man_switch_hears_of_it(monitor, monkeypatch):
    ticking.tick(now=NOW)
    assert monitor == ["/ping/abc"]
    monkeypatch.setitem(ticking.STEPS, "evaluated", lambda now: 1 / 0)
    ticking.tick(now=NOW)
    assert len(monitor) == 1


def test_a_monitor_that_is_away_costs_the_tick_nothing(settings):
    settings.FETCH_PRIVATE, settings.PING_URL = True, "http://127.0.0.1:9/"
    assert ticking.tick(now=NOW).failed == []
