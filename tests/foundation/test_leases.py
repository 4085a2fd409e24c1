"""Long work as rows: asked for once, held by one, taken back from the dead, given up in the end."""

import uuid
from datetime import timedelta

import pytest

from contacts.models import Import
from foundation import leases
from foundation.leases import LEASE, MOST_ATTEMPTS, LeaseLost, State
from tests.cast import NOW, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    return Import.objects.create(
        team=make_team(),
        name="x",
        digest="x",
        source="s",
        basis="consent",
        sourced_on=NOW.date(),
        created_at=NOW,
    )


def state_of(work):
    work.refresh_from_db()
    return work.state


def test_work_is_asked_for_once_and_claimed_by_one(work):
    rows = Import.objects.all()
    assert leases.ask(rows, work.pk, progress=0)
    assert not leases.ask(rows, work.pk)
    assert leases.waiting(rows) == [work.pk]
    assert leases.claim(rows, work.pk, now=NOW)
    assert leases.claim(rows, work.pk, now=NOW) is None
    assert leases.waiting(rows) == []


def test_who_holds_it_says_how_far_it_is_and_settles_it(work):
    rows = Import.objects.all()
    leases.ask(rows, work.pk)
    token = leases.claim(rows, work.pk, now=NOW)
    leases.hold(rows, token, now=NOW + timedelta(minutes=1), progress=50)
    work.refresh_from_db()
    assert (work.progress, work.leased_until) == (50, NOW + timedelta(minutes=1) + LEASE)
    leases.settle(rows, token, State.DONE)
    assert state_of(work) == State.DONE
    with pytest.raises(LeaseLost):
        leases.settle(rows, token, State.DONE)
    assert not leases.ask(rows, work.pk)


def test_what_its_worker_left_is_taken_back_and_its_late_answer_counts_no_more(work):
    rows = Import.objects.all()
    leases.ask(rows, work.pk)
    token = leases.claim(rows, work.pk, now=NOW)
    assert leases.take_back(rows, now=NOW + LEASE / 2) == (0, [])
    assert leases.take_back(rows, now=NOW + LEASE * 2) == (1, [])
    assert state_of(work) == State.WAITING
    with pytest.raises(LeaseLost):
        leases.hold(rows, token, now=NOW)
    assert leases.claim(rows, work.pk, now=NOW) != token
    with pytest.raises(LeaseLost):
        leases.hold(rows, uuid.uuid4(), now=NOW)


def test_what_kills_its_worker_again_and_again_is_given_up_until_somebody_asks_anew(work):
    rows = Import.objects.all()
    leases.ask(rows, work.pk)
    for _ in range(MOST_ATTEMPTS - 1):
        assert leases.claim(rows, work.pk, now=NOW)
        assert leases.take_back(rows, now=NOW + LEASE * 2) == (1, [])
    assert leases.claim(rows, work.pk, now=NOW)
    assert leases.take_back(rows, now=NOW + LEASE * 2) == (0, [work.pk])
    assert state_of(work) == State.FAILED
    assert leases.ask(rows, work.pk)
