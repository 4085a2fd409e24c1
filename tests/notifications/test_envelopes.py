"""What leaves an envelope before it goes, and what travels how."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications import kinds, outbox, sending
from notifications.models import Choice, Delivery, DeliveryItem, How, Preference, State
from tests.cast import NOW, make_user

pytestmark = pytest.mark.django_db


def state(envelope):
    envelope.refresh_from_db()
    return envelope.state


@pytest.mark.parametrize("question", ["still_true", "context", "url"])
def test_one_thing_that_cannot_be_said_does_not_hold_up_the_others(told, registered, smtp_sink, question):
    def broken(*arguments):
        raise RuntimeError("broken")

    registered("broken", **{question: broken})
    envelope = told(what="Jo")
    bad = outbox.notify(envelope.recipient, "broken", key="bad", now=NOW)
    assert sending.drain(NOW) == {"sent": 1}
    assert state(envelope) == State.SENT
    assert "Jo" in smtp_sink.messages[0].get_body(("plain",)).get_content()
    [again] = DeliveryItem.objects.filter(notification=bad)
    assert (again.delivery.slot, again.attempts, again.last_error) == (
        "2026-11-25",
        1,
        "RuntimeError: broken",
    )


def test_what_cannot_be_said_is_given_up_after_eight_times(told, registered, smtp_sink):
    def broken(*arguments):
        raise RuntimeError("broken")

    registered("broken", still_true=broken)
    envelope, day = told(), NOW
    outbox.notify(envelope.recipient, "broken", key="bad", now=NOW)
    for _ in range(12):
        sending.drain(day)
        day += timedelta(days=1)
        outbox.notify(envelope.recipient, "probe", key=str(day), now=day, context={"what": "x"})
    assert not DeliveryItem.objects.filter(notification__kind="broken").exists()
    assert len(smtp_sink.messages) == 9  # one a working day of these twelve, none of them held up


def test_alone_in_its_envelope_it_is_given_up_after_eight_times_too_however_many_days_that_takes(
    registered, smtp_sink
):
    tried = []

    def broken(*arguments):
        tried.append(arguments)
        raise RuntimeError("broken")

    registered("broken", still_true=broken)
    person = make_user("Léa Martin", language="fr", country="FR")
    outbox.notify(person, "broken", key="bad", now=NOW)
    for hours in range(0, 14 * 24, 3):
        sending.drain(NOW + timedelta(hours=hours))
    last = Delivery.objects.latest("due_at", "pk")
    assert (last.state, last.attempts, last.last_error) == (State.FAILED, 8, "RuntimeError: broken")
    assert len(tried) < 20  # it is also looked at when it moves to another day


def test_of_two_things_the_one_of_a_kind_nobody_knows_is_put_aside(told, monkeypatch, registered, smtp_sink):
    registered("odd")
    envelope = told(what="Jo")
    odd = outbox.notify(envelope.recipient, "odd", key="odd", now=NOW)
    monkeypatch.setattr(kinds, "_kinds", {"probe": kinds.get("probe")})
    assert sending.drain(NOW) == {"sent": 1}
    held = Delivery.objects.get(slot=f"n:{odd.pk}")
    assert (held.state, held.last_error) == (State.HELD, "Nobody knows the kind odd.")


def test_asked_to_end_it_finishes_the_message_in_hand_and_gives_the_rest_back(told, smtp_sink):
    envelopes = [told(f"person{number}@example.net") for number in range(3)]
    asked = iter([False, False, True, True])
    assert sending.drain(NOW, stop=lambda: next(asked)) == {"sent": 1, "left": 2}
    assert [state(envelope) for envelope in envelopes] == [State.SENT, State.QUEUED, State.QUEUED]
    assert sending.drain(NOW + timedelta(seconds=1)) == {"sent": 2}


@pytest.mark.parametrize(
    ("how", "slot", "due"),
    [
        (How.DAILY, "2026-11-24", (24, 11)),
        (How.WEEKLY, "2026-11-27", (27, 11)),
        (How.AT_ONCE, "n:", (24, 10)),
    ],
)
def test_each_kind_travels_as_the_person_chose(told, registered, smtp_sink, how, slot, due):
    registered("probe2")
    person = make_user("Léa Martin", language="fr", country="FR")
    Choice.objects.create(user=person, kind="probe2", how=how)
    Preference.objects.create(user=person, mail_at="11:00")
    outbox.notify(person, "probe2", key="k", now=NOW, context={"what": "Jo"})
    delivery = Delivery.objects.get()
    assert delivery.slot.startswith(slot)
    assert (delivery.due_at.day, delivery.due_at.hour + 1) == due
    assert sending.drain(delivery.due_at) == {"sent": 1}


def test_at_once_still_means_a_decent_hour(told, registered, smtp_sink):
    registered("probe2")
    person = make_user("Léa Martin", language="fr", country="FR")
    Choice.objects.create(user=person, kind="probe2", how=How.AT_ONCE)
    night = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    outbox.notify(person, "probe2", key="k", now=night, context={"what": "Jo"})
    Delivery.objects.update(due_at=night)  # as if the hours had been others then
    assert sending.drain(night) == {"postponed": 1}
    assert sending.drain(datetime(2026, 11, 25, 7, 0, tzinfo=UTC)) == {"sent": 1}


def test_what_one_has_chosen_to_leave_meanwhile_is_not_mailed(told, smtp_sink):
    envelope = told()
    Choice.objects.create(user=envelope.recipient, kind="probe", how=How.OFF)
    assert sending.drain(NOW) == {"cancelled": 1}
    outbox.notify(envelope.recipient, "probe", key="next", now=NOW)
    assert Delivery.objects.count() == 1


def test_what_no_longer_can_be_chosen_is_no_choice(told, registered, smtp_sink):
    registered("probe2", offers=(How.DAILY, How.OFF))
    person = make_user("Léa Martin", language="fr", country="FR")
    Choice.objects.create(user=person, kind="probe2", how=How.WEEKLY)
    outbox.notify(person, "probe2", key="k", now=NOW, context={"what": "Jo"})
    assert Delivery.objects.get().slot == "2026-11-24"


def test_a_kind_reads_ahead_for_a_whole_batch(told, registered, smtp_sink):
    seen = []

    def read_ahead(notifications, now):
        seen.append(len(notifications))
        for notification in notifications:
            notification.ahead = notification.recipient.email

    registered("probe2", read_ahead=read_ahead, context=lambda n, now: {"what": n.ahead})
    for number in range(3):
        told(f"person{number}@example.net", kind="probe2")
    assert sending.drain(NOW) == {"sent": 3}
    assert seen == [3]
    assert "person0@example.net" in smtp_sink.messages[0].get_body(("plain",)).get_content()


def test_a_kind_that_cannot_read_ahead_costs_nobody_anything(told, registered, smtp_sink):
    def broken(*arguments):
        raise RuntimeError("broken")

    registered("probe2", read_ahead=broken)
    told(kind="probe2")
    assert sending.drain(NOW) == {"sent": 1}
