"""Asking for a worker: a broker that is away is no fault of who asked; a mistake of ours is."""

import pytest
from celery import Celery
from kombu.exceptions import EncodeError

from communitycrm import broker
from foundation import workers


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    app = Celery("trial", broker="files://localhost//", set_as_current=False)
    app.conf.broker_transport_options = broker.options(tmp_path)
    app.task(look, name="look")
    return app


def look(pk):
    """Work at the row of that id."""


def test_a_worker_is_sent_for(app, tmp_path):
    workers.send_for(app.tasks["look"], 7)
    [message] = tmp_path.rglob("*.msg")
    assert '"look"' in message.read_text()


@pytest.mark.parametrize("url", ["redis+socket:///nowhere", "redis://127.0.0.1:1/0"])
def test_without_a_broker_the_log_says_so_and_nothing_else_happens(app, caplog, url):
    app.conf.update(broker_url=url, broker_transport_options={"max_retries": 1, "interval_start": 0})
    workers.send_for(app.tasks["look"], 7)
    assert "no worker could be sent for look" in caplog.text


def test_what_cannot_be_written_as_a_message_is_no_trouble_of_the_broker(app):
    with pytest.raises(EncodeError):
        workers.send_for(app.tasks["look"], object())
