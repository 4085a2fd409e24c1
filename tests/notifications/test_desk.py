"""What an admin sees of delivery, and the buttons."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from notifications import desk, outbox, pulses, sending
from notifications.models import Address, Delivery, State
from tests.cast import NOW, make_admin, make_member, make_team, make_user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_ten(monkeypatch):
    monkeypatch.setattr("foundation.clock.now", lambda: NOW)


@pytest.fixture
def ada(client):
    admin = make_admin(language="en")
    client.force_login(admin)
    return admin


def envelope(state, **fields):
    values = {"due_at": NOW, "created_at": NOW, "address": "lea@example.org", "slot": state, **fields}
    person = make_user("Léa Martin")
    return Delivery.objects.create(
        recipient=person, state=state, message_id=f"<{state}{person.pk}@x>", **values
    )


def press(client, name, pk):
    return client.post(reverse(f"notifications:{name}", args=[pk]), follow=True)


def test_each_envelope_lies_on_its_shelf(ada, client):
    for state in State:
        envelope(state)
    envelope(State.SENT, ambiguous_count=1)
    assert desk.counts() == {"due": 3, "failed": 1, "ambiguous": 2, "held": 1}
    for shelf, count in desk.counts().items():
        page = client.get(reverse("notifications:delivery"), {"shelf": shelf})
        assert len(page.context["page"]) == count
    assert client.get(reverse("notifications:delivery"), {"shelf": "x"}).context["shelf"] == "due"


@pytest.mark.parametrize("state", [State.FAILED, State.HELD, State.AMBIGUOUS])
def test_sent_again_it_leaves_under_the_same_message_id(ada, client, told, smtp_sink, state):
    again = told()
    Delivery.objects.update(state=state, ambiguous_count=2, attempts=8)
    Address.objects.create(value=again.address, refused_at=NOW)
    press(client, "delivery_again", again.pk)
    assert sending.drain(NOW) == {"sent": 1}
    assert smtp_sink.messages[0]["Message-ID"] == again.message_id
    assert AuditEntry.objects.get(action="delivery.sent_again").subject == again.recipient


def test_a_second_click_is_too_late(ada, client):
    sent = envelope(State.SENT)
    for name in ("delivery_again", "delivery_drop"):
        assert "Too late" in press(client, name, sent.pk).content.decode()
    assert Delivery.objects.get().state == State.SENT


def test_dropped_it_is_not_sent_and_stays_in_the_app(ada, client, told, smtp_sink):
    press(client, "delivery_drop", told().pk)
    assert sending.drain(NOW) == {}
    dropped = Delivery.objects.get()
    assert (dropped.state, dropped.last_error) == (State.CANCELLED, "Dropped by Ada Petit.")
    assert dropped.recipient.notifications.count() == 1


def test_a_refused_address_shows_to_its_owner_and_to_admins_until_it_is_tried_again(ada, client):
    lea = make_member(make_team(), email="lea@example.org", language="en")
    address = Address.objects.create(value="lea@example.org", refused_at=NOW, reason="550 nobody")
    assert "E-mail refused" in client.get(reverse("accounts:people_list")).content.decode()
    assert "550 nobody" in client.get(reverse("notifications:delivery")).content.decode()
    client.force_login(lea)
    for page in ("accounts:me", "notifications:preferences"):
        assert "refuses our mail" in client.get(reverse(page)).content.decode()
    client.force_login(ada)
    press(client, "address_again", address.pk)
    assert not Address.objects.exists()


def banner(client):
    return "Reminders are late by" in client.get(reverse("accounts:me")).content.decode()


def test_admins_are_told_on_each_page_when_mail_is_late_and_nobody_else(ada, client):
    assert not banner(client)
    envelope(State.QUEUED, due_at=NOW - HOUR)
    assert banner(client)
    client.force_login(make_member(make_team(), language="en"))
    assert not banner(client)


@pytest.mark.parametrize(
    ("state", "due", "tick", "late"),
    [
        (State.QUEUED, HOUR, timedelta(), 60),
        (State.AMBIGUOUS, HOUR, timedelta(), 60),
        (State.QUEUED, timedelta(minutes=9), timedelta(), 0),
        (State.HELD, HOUR, timedelta(), 0),
        (State.QUEUED, -HOUR, timedelta(), 0),
        (State.SENT, HOUR, HOUR, 60),  # nothing waits, but nobody looks either
        (State.SENT, HOUR, None, 0),
    ],
)
def test_late_is_what_is_due_for_ten_minutes_or_a_tick_that_does_not_come(state, due, tick, late):
    envelope(state, due_at=NOW - due)
    if tick is not None:
        pulses.beat("tick", NOW - tick)
    assert desk.health(NOW).late_minutes == late


def test_a_refused_one_comes_to_the_shelf_with_its_reason(ada, client, told, smtp_sink):
    told("refused@example.org")
    sending.drain(NOW)
    page = client.get(reverse("notifications:delivery"), {"shelf": "failed"}).content.decode()
    assert "nobody here by that name" in page


def test_the_page_costs_the_same_for_two_and_for_twenty(ada, client):
    costs = []
    for number in (2, 18):
        for _ in range(number):
            outbox.notify(make_user(), "trial", key="x", now=NOW)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("notifications:delivery"))
        costs.append(len(queries))
    assert costs[0] == costs[1]
