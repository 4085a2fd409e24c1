"""The same note arriving at once, in several processes' stead: threads with connections of their own."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from accounts import changes
from contacts import bulk, bulk_runs, last_met, logbook, merging
from contacts.models import BulkRun, Contact, Participation, Touchpoint
from foundation import leases
from foundation.leases import State
from tests.cast import NOW, make_contact, make_member, make_team, touchpoint_kind

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count, act):
    """Run `act(number)` in so many threads, started together; raises what one of them raised."""
    barrier, errors = threading.Barrier(count), []

    def run(number):
        try:
            barrier.wait()
            act(number)
        except Exception as error:  # noqa: BLE001  # told to the test below
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors


def test_the_same_note_at_once_exists_once():
    if connection.vendor != "postgresql":
        return  # the tests' SQLite lives in memory, where threads cannot wait for one another
    team = make_team()
    lea, jo, client_id = make_member(team), make_contact(team), uuid.uuid4()
    answers = []

    def note(number):
        answers.append(
            logbook.note(
                team=team, by=lea, client_id=client_id, kind=touchpoint_kind(), met_at=NOW, contacts=[jo],
                new_names=["Zoé"], now=NOW,
            )
        )  # fmt: skip

    at_once(8, note)
    assert {answer.touchpoint.pk for answer in answers} == {Touchpoint.objects.get().pk}
    assert {answer.operation.pk for answer in answers} == {answers[0].operation.pk}
    assert [answer.created for answer in answers].count(True) == 1
    assert Participation.objects.count() == 1
    assert Contact.objects.filter(name="Zoé").count() == 1


def test_last_met_is_right_whatever_happens_at_once():
    if connection.vendor != "postgresql":
        return
    team = make_team()
    lea, jo = make_member(team), make_contact(team)

    def note_and_bin(number):
        met_at = NOW - timedelta(days=number)
        noted = logbook.note(
            team=team,
            by=lea,
            client_id=uuid.uuid4(),
            kind=touchpoint_kind(),
            met_at=met_at,
            contacts=[jo],
            now=NOW,
        )
        if number % 2 == 0:
            logbook.bin_touchpoint(noted.touchpoint, by=lea, now=NOW)

    at_once(8, note_and_bin)
    assert not last_met.wrong().exists()
    jo.refresh_from_db()
    assert jo.last_met_at == NOW - timedelta(days=1)


def test_of_two_merges_at_once_no_undo_of_their_import_takes_either_along():
    if connection.vendor != "postgresql":
        return
    team = make_team()
    lea = make_member(team)
    pairs = [[make_contact(team, f"{name} {number}") for name in ("Jo", "Lou")] for number in range(8)]
    imported = changes.begin(team=team, by=lea, kind="contacts.import", now=NOW)
    digests = {
        one.pk: changes.digest(changes.values(one, ["name"]).values()) for pair in pairs for one in pair
    }
    changes.created_in_bulk(imported, Contact, digests, ["name"])
    at_once(8, lambda number: merging.merge(kept=pairs[number][0], merged=pairs[number][1], by=lea, now=NOW))
    assert changes.undo(imported, by=lea, now=NOW).restored == 0
    assert Contact.objects.filter(binned_at=None).count() == 8


def test_what_is_done_with_very_many_for_longer_than_its_lease_is_left_to_its_worker(monkeypatch):
    if connection.vendor != "postgresql":
        return  # on SQLite the tick waits: whoever writes is alone
    team = make_team()
    lea, jo = make_member(team), make_contact(team)
    run = bulk_runs.ask(bulk.Act(team, lea, [jo.pk], uuid.uuid4(), NOW), bulk.BIN, {}, query="")
    at_work, ticked, taken_back = threading.Event(), threading.Event(), []

    def long(*said, do=bulk.do):
        done = do(*said)
        at_work.set()
        assert ticked.wait(10)
        return done

    monkeypatch.setattr(bulk, "do", long)

    def work_or_tick(number):
        if number:
            assert bulk_runs.work(run.pk, clock=lambda: NOW)
        elif at_work.wait(10):
            taken_back.append(bulk_runs.restart(NOW + 2 * leases.LEASE))
            ticked.set()

    at_once(2, work_or_tick)
    run.refresh_from_db()
    assert taken_back == [[]] and (run.state, run.attempts) == (State.DONE, 1)


def test_a_worker_killed_in_the_midst_of_it_has_its_work_taken_back():
    team = make_team()
    lea, jo = make_member(team), make_contact(team)
    run = bulk_runs.ask(bulk.Act(team, lea, [jo.pk], uuid.uuid4(), NOW), bulk.BIN, {}, query="")
    token = leases.claim(BulkRun.objects.all(), run.pk, now=NOW)
    with transaction.atomic():
        leases.hold(BulkRun.objects.all(), token, now=NOW)
        transaction.set_rollback(True)  # what becomes of its transaction, when its connection breaks
    assert bulk_runs.restart(NOW + 2 * leases.LEASE) == [run.pk]
