"""Beat on the broker of files: what waits is not sent again."""

import pytest
from celery import Celery
from celery.beat import ScheduleEntry

from communitycrm import broker
from communitycrm.beat import Scheduler


@pytest.fixture
def beat(tmp_path, monkeypatch):
    """A scheduler whose broker is a folder, whatever broker the other tests have: Celery prefers the environment."""
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    app = Celery("trial", broker="files://localhost//", set_as_current=False)
    app.conf.broker_transport_options = broker.options(tmp_path / "broker")
    app.conf.beat_schedule_filename = str(tmp_path / "schedule")
    scheduler = Scheduler(app, lazy=True, schedule_filename=str(tmp_path / "schedule"))
    scheduler.waiting = lambda: len(list((tmp_path / "broker").rglob("*.msg")))
    return scheduler


def test_one_tick_waits_at_most(beat):
    entry = ScheduleEntry(name="tick", task="communitycrm.tick", schedule=60.0, app=beat.app)
    assert beat.apply_async(entry, advance=False) is not None
    assert beat.apply_async(entry, advance=False) is None
    assert beat.waiting() == 1


def test_a_broker_that_cannot_be_asked_is_no_reason_to_be_silent(beat, monkeypatch):
    beat.app.conf.broker_url = "redis+socket:///nowhere"
    monkeypatch.setattr("celery.beat.Scheduler.apply_async", lambda *arguments, **more: "sent")
    assert beat.apply_async(ScheduleEntry(name="t", task="t", schedule=60.0, app=beat.app)) == "sent"
