"""What leaves at once asks for a tick: on the broker of files, with what really lies in its folder."""

import pytest
from celery import Celery

from communitycrm import broker
from notifications import outbox, poking
from notifications.kinds import Category
from notifications.models import Delivery
from tests.cast import NOW, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(tmp_path, monkeypatch):
    """The messages that wait."""
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    app = Celery("trial", broker="files://localhost//", set_as_current=False)
    app.conf.broker_transport_options = broker.options(tmp_path)
    monkeypatch.setattr(poking, "current_app", app)
    return lambda: [message.read_text() for message in tmp_path.rglob("*.msg")]


@pytest.fixture
def say(registered, django_capture_on_commit_callbacks):
    """Something of a kind is said to somebody, and the transaction stored."""

    def say(category):
        kind = registered(f"probe_{category}", category).name
        with django_capture_on_commit_callbacks(execute=True):
            outbox.notify(make_user(country="FR"), kind, key="one", now=NOW)

    return say


def test_what_leaves_at_once_asks_for_a_tick_and_for_one_only(say, queue):
    say(Category.IMMEDIATE)
    say(Category.IMMEDIATE)
    [message] = queue()
    assert "communitycrm.tick" in message


def test_what_waits_for_the_mail_of_the_day_asks_for_none(say, queue):
    say(Category.REMINDER)
    assert queue() == []


def test_without_a_broker_the_envelope_waits_for_the_next_tick(say, queue, caplog):
    poking.current_app.conf.broker_url = "redis+socket:///nowhere"
    say(Category.IMMEDIATE)
    assert "no worker could be sent for" in caplog.text
    assert Delivery.objects.get().state == "queued"
