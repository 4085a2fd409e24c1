import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from notifications import claiming, outbox, outcomes
from notifications.kinds import Category
from notifications.models import Delivery, State
from tests.cast import NOW, make_user


@pytest.fixture
def envelopes(registered):
    """`envelopes(3)`: that many people with one reminder due now each."""
    registered("probe")

    def make(number):
        for _ in range(number):
            outbox.notify(make_user(country="FR"), "probe", key="one", now=NOW)
        return list(Delivery.objects.order_by("pk"))

    return make


@pytest.mark.django_db
def test_a_batch_at_most_is_taken_the_oldest_first_and_by_nobody_else(envelopes):
    made = envelopes(claiming.BATCH + 3)
    Delivery.objects.filter(pk=made[-1].pk).update(due_at=NOW - timedelta(hours=1))
    first = claiming.claim(NOW)
    second = claiming.claim(NOW)
    assert (len(first), len(second), claiming.claim(NOW)) == (claiming.BATCH, 3, [])
    assert first[0] == made[-1]
    assert {d.pk for d in first}.isdisjoint(d.pk for d in second)
    assert all(d.leased_until == NOW + timedelta(seconds=60) for d in first)


@pytest.mark.django_db
@pytest.mark.parametrize("state", sorted(set(State) - {State.QUEUED, State.AMBIGUOUS}))
def test_only_what_waits_is_taken(envelopes, state):
    envelopes(1)
    Delivery.objects.update(state=state)
    assert claiming.claim(NOW) == []


@pytest.mark.django_db
def test_a_persons_days_are_taken_one_after_the_other_and_the_immediate_one_besides(registered):
    registered("probe")
    registered("urgent", Category.IMMEDIATE)
    person = make_user(country="FR")
    for day in range(2):
        outbox.notify(person, "probe", key=f"{day}", now=NOW + timedelta(days=day))
    outbox.notify(person, "urgent", key="u", now=NOW)
    later = NOW + timedelta(days=2)
    slots = sorted(delivery.slot[:2] for delivery in claiming.claim(later))
    assert slots == ["20", "n:"]
    assert claiming.claim(later) == []
    Delivery.objects.filter(state=State.LEASED).update(state=State.SENT)
    assert [delivery.slot for delivery in claiming.claim(later)] == ["2026-11-25"]


@pytest.mark.django_db
def test_a_lease_that_ran_out_before_the_hand_over_lets_it_wait_again(envelopes):
    envelopes(1)
    [mine] = claiming.claim(NOW)
    assert claiming.reap(NOW + timedelta(seconds=60)) == 0
    assert claiming.reap(NOW + timedelta(seconds=61)) == 1
    assert not outcomes.submitting(mine, NOW)
    [theirs] = claiming.claim(NOW + timedelta(seconds=61))
    assert (theirs.pk, theirs.attempts) == (mine.pk, 0)
    assert not outcomes.submitting(mine, NOW)
    assert outcomes.submitting(theirs, NOW)


@pytest.mark.django_db
def test_a_sender_that_died_between_hand_over_and_answer_leaves_it_ambiguous_then_held(envelopes):
    [envelope] = envelopes(1)
    moment = NOW
    for expected in (State.AMBIGUOUS, State.HELD):
        [mine] = claiming.claim(moment)
        assert outcomes.submitting(mine, moment)
        assert claiming.reap(moment + timedelta(minutes=10)) == 0
        assert claiming.reap(moment + timedelta(minutes=12)) == 1
        envelope.refresh_from_db()
        assert envelope.state == expected
        moment += timedelta(minutes=12 + 15)
    assert envelope.ambiguous_count == 2
    assert claiming.claim(moment + timedelta(days=1)) == []


@pytest.mark.django_db
def test_a_late_answer_still_counts_until_somebody_begins_again(envelopes):
    envelopes(2)
    first, second = claiming.claim(NOW)
    for mine in (first, second):
        outcomes.submitting(mine, NOW)
    claiming.reap(NOW + timedelta(minutes=12))
    assert outcomes.sent(first, NOW + timedelta(minutes=13))
    assert [d.pk for d in claiming.claim(NOW + timedelta(minutes=30))] == [second.pk]
    assert not outcomes.sent(second, NOW + timedelta(minutes=31))


@pytest.mark.django_db
def test_whoever_lost_the_lease_changes_nothing(envelopes):
    envelopes(1)
    [mine] = claiming.claim(NOW)
    Delivery.objects.update(lease_token=None)
    lost = [
        outcomes.submitting(mine, NOW),
        outcomes.sent(mine, NOW),
        outcomes.failed_attempt(mine, NOW, "x"),
        outcomes.refused(mine, NOW, "x"),
        outcomes.ambiguous(mine, NOW, "x"),
        outcomes.postponed(mine, NOW),
        outcomes.cancelled(mine, "x"),
        outcomes.held(mine, "x"),
    ]
    assert not any(lost)
    assert Delivery.objects.get().state == State.LEASED


@pytest.mark.django_db
def test_an_envelope_with_nothing_left_to_tell_is_cancelled(registered):
    registered("probe")
    person, other = make_user(country="FR"), make_user(country="FR")
    soon = NOW + timedelta(hours=1)
    outbox.notify(person, "probe", key="a", now=NOW, expires_at=soon)
    outbox.notify(other, "probe", key="a", now=NOW, expires_at=soon)
    outbox.notify(other, "probe", key="b", now=NOW)
    assert claiming.expire(NOW) == 0
    assert claiming.expire(soon) == 1
    assert Delivery.objects.get(recipient=person).state == State.CANCELLED
    assert Delivery.objects.get(recipient=other).state == State.QUEUED
    other.notifications.get(key="b").finish(NOW)
    assert claiming.expire(soon) == 1
    assert claiming.expire(soon) == 0


@pytest.mark.django_db(transaction=True)
def test_senders_side_by_side_never_take_the_same(envelopes):
    """On SQLite in memory there is one connection, so one sender; files and PostgreSQL have four."""
    envelopes(40)
    alone = connection.vendor == "sqlite" and connection.is_in_memory_db()
    senders = 1 if alone else 4
    start = threading.Barrier(senders)

    def sender():
        start.wait(10)
        taken = []
        while batch := claiming.claim(NOW):
            taken += [delivery.pk for delivery in batch]
        if not alone:
            connection.close()
        return taken

    if alone:
        taken = sender()
    else:
        with ThreadPoolExecutor(senders) as pool:
            taken = [pk for future in [pool.submit(sender) for _ in range(senders)] for pk in future.result()]
    assert len(taken) == len(set(taken)) == 40
