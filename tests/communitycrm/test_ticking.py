import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from communitycrm import tasks, ticking
from notifications import kinds, outbox, pulses
from notifications.kinds import Category, Kind
from notifications.models import Delivery, State
from tests.cast import NOW, make_user

pytestmark = pytest.mark.django_db
QUIET_TICK = {"did": {}, "mailed": {}, "failed": []}


@pytest.fixture
def due(monkeypatch):
    """A reminder due now, of a kind that is never true any more: a pass cancels it without a mail server."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register(
        Kind(
            name="gone",
            category=Category.REMINDER,
            still_true=lambda notification, now: False,
            context=lambda notification, now: {},
            template="nowhere",
            url=lambda notification: "/",
        )
    )

    def notify(now=NOW):
        outbox.notify(make_user(country="FR"), "gone", key="gone", now=now)

    return notify


def test_with_nothing_due_a_pass_does_nothing():
    assert vars(ticking.tick(now=NOW)) == QUIET_TICK


def test_what_is_due_is_dealt_with_once(due):
    due()
    assert ticking.tick(now=NOW).mailed == {"cancelled": 1}
    assert vars(ticking.tick(now=NOW + timedelta(minutes=1))) == QUIET_TICK


def test_a_step_that_fails_does_not_stop_the_next(due, monkeypatch):
    due()

    def broken(**when):
        raise RuntimeError("broken")

    monkeypatch.setattr(ticking.evaluations, "evaluate", broken)
    done = ticking.tick(now=NOW)
    assert (done.failed, done.mailed) == (["evaluated"], {"cancelled": 1})
    assert pulses.last("tick") is None


def test_a_pass_that_went_well_is_a_sign_of_life_and_none_of_before_sets_it_back():
    for minutes in (0, 5, 3):
        ticking.tick(now=NOW + timedelta(minutes=minutes))
    assert pulses.last("tick") == NOW + timedelta(minutes=5)


def test_asked_to_end_a_pass_begins_nothing_more(due):
    due()
    assert vars(ticking.tick(now=NOW, stop=lambda: True)) == QUIET_TICK
    assert Delivery.objects.get().state == State.QUEUED


def test_dead_senders_and_empty_envelopes_are_seen_to(due):
    for _ in range(2):
        due()
    dead, empty = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=dead.pk).update(state=State.LEASED, leased_until=NOW - timedelta(minutes=1))
    empty.items.get().notification.finish(NOW)
    done = ticking.tick(now=NOW)
    assert (done.did, done.mailed) == ({"cancelled": 1, "taken back": 1}, {"cancelled": 1})


def test_the_task_takes_the_houses_clock(monkeypatch):
    seen = []
    monkeypatch.setattr(ticking, "tick", lambda *, now, stop, more: seen.append(now))
    monkeypatch.setattr("foundation.clock.now", lambda: NOW)
    tasks.tick()
    assert seen == [NOW]


def test_a_worker_that_is_ready_ticks_at_once(monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.tick, "delay", lambda: sent.append("tick"))
    tasks.at_once(sender=None)
    assert sent == ["tick"]


def test_a_worker_asked_to_end_tells_the_pass_under_way(monkeypatch):
    monkeypatch.setattr(tasks, "stopping", threading.Event())
    tasks.finish_what_is_in_hand()
    asked = []
    monkeypatch.setattr(ticking, "tick", lambda *, now, stop, more: asked.append(stop()))
    tasks.tick()
    assert asked == [True]


def said(*arguments):
    out = StringIO()
    call_command("tick", *arguments, stdout=out)
    return out.getvalue()


def test_by_hand_it_says_what_it_did(due):
    due()
    words = said("--at", "2026-11-24T10:00+01:00")
    assert "Pass of 2026-11-24T10:00:00+01:00" in words
    assert "Mail cancelled, nothing left to tell: 1" in words
    assert "No mail was due." in said("--at", "2026-11-24T10:01+01:00")


def test_by_hand_without_a_time_it_is_now(monkeypatch):
    monkeypatch.setattr("foundation.clock.now", lambda: NOW)
    assert f"Pass of {NOW.isoformat(timespec='seconds')}" in said()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("yesterday", "not an ISO date"), ("2026-11-24T10:00", "offset")],
)
def test_a_time_that_is_none_is_refused(text, complaint):
    with pytest.raises(CommandError, match=complaint):
        said("--at", text)


def test_by_hand_a_failed_step_is_a_failed_command(monkeypatch):
    monkeypatch.setattr(ticking, "tick", lambda *, now, stop: ticking.Pass(failed=["send"]))
    with pytest.raises(CommandError, match="send"):
        said()
