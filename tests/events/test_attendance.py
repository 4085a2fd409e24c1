"""Did it take place? One touchpoint comes of a yes, none of anything else."""

from datetime import timedelta

import pytest

from accounts import changes
from contacts import logbook
from contacts.models import Contact, Participation, Touchpoint
from events import attendance, planning
from events.models import Occurrence, Outcome
from tests.cast import NOW, make_contact, make_member, make_team, make_touchpoint
from tests.events.cast import make_occurrence

pytestmark = pytest.mark.django_db
YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team)


@pytest.fixture
def noe(team):
    return make_member(team, "Noé Tessier")


@pytest.fixture
def jo(team):
    return make_contact(team)


def test_a_yes_notes_one_touchpoint_for_all_hosts_at_the_time_it_began(team, lea, noe, jo):
    occurrence = make_occurrence(team, lea, (jo,), YESTERDAY, others=(noe,), place="Le Bocal")
    noted = attendance.took_place(occurrence=occurrence, contacts=[jo], new_names=["Zoé"], by=lea, now=NOW)
    assert Touchpoint.objects.get() == noted.touchpoint
    assert noted.touchpoint.met_at == YESTERDAY
    assert noted.touchpoint.place == "Le Bocal"
    assert {row.manager for row in Participation.objects.all()} == {lea, noe}
    assert set(noted.touchpoint.contacts.values_list("name", flat=True)) == {"Jo Brume", "Zoé"}
    occurrence.refresh_from_db()
    assert (occurrence.outcome, occurrence.touchpoint) == (Outcome.TOOK_PLACE, noted.touchpoint)


def test_two_tabs_and_two_hosts_note_it_once(team, lea, noe, jo):
    occurrence = make_occurrence(team, lea, (jo,), YESTERDAY, others=(noe,))
    other_tab = Occurrence.objects.get(pk=occurrence.pk)
    attendance.took_place(occurrence=occurrence, contacts=[jo], by=lea, now=NOW)
    with pytest.raises(planning.CannotChange):
        attendance.took_place(occurrence=other_tab, contacts=[jo], by=noe, now=NOW)
    with pytest.raises(planning.CannotChange):
        attendance.nobody_came(occurrence=other_tab, by=noe, now=NOW)
    assert Touchpoint.objects.count() == 1
    assert Participation.objects.count() == 2


def test_what_has_not_begun_cannot_have_taken_place(team, lea, jo):
    occurrence = make_occurrence(team, lea, (jo,), NOW + timedelta(minutes=5))
    for act in (attendance.nobody_came, attendance.did_not_take_place):
        with pytest.raises(attendance.NotYet):
            act(occurrence=occurrence, by=lea, now=NOW)
    with pytest.raises(attendance.NotYet):
        attendance.took_place(occurrence=occurrence, contacts=[jo], by=lea, now=NOW)


@pytest.mark.parametrize(
    ("act", "outcome"),
    [
        (attendance.nobody_came, Outcome.NOBODY_CAME),
        (attendance.did_not_take_place, Outcome.DID_NOT),
    ],
)
def test_other_answers_note_nothing_and_can_be_undone(team, lea, jo, act, outcome):
    occurrence = make_occurrence(team, lea, (jo,), YESTERDAY)
    operation = act(occurrence=occurrence, by=lea, now=NOW)
    assert occurrence.outcome == outcome
    assert not Touchpoint.objects.exists()
    assert attendance.to_answer(team, lea, NOW) == []
    changes.undo(operation, by=lea, now=NOW)
    assert attendance.to_answer(team, lea, NOW) == [occurrence]


def test_later_asks_again_tomorrow_morning(team, lea):
    occurrence = make_occurrence(team, lea, (), YESTERDAY)
    attendance.later(occurrence=occurrence, by=lea, now=NOW)
    assert attendance.to_answer(team, lea, NOW) == []
    assert attendance.to_answer(team, lea, NOW + timedelta(days=1)) == [occurrence]
    assert list(Occurrence.objects.not_yet_noted(NOW)) == [occurrence]


def test_only_hosts_are_asked_and_not_before_the_end(team, lea, noe):
    over = make_occurrence(team, lea, (), YESTERDAY)
    make_occurrence(team, lea, (), NOW - timedelta(minutes=30))
    make_occurrence(team, lea, (), YESTERDAY, cancelled_at=YESTERDAY)
    assert attendance.to_answer(team, lea, NOW) == [over]
    assert attendance.to_answer(team, noe, NOW) == []


def test_a_yes_taken_back_leaves_nothing_counted_and_asks_again(team, lea, jo):
    occurrence = make_occurrence(team, lea, (jo,), YESTERDAY)
    noted = attendance.took_place(occurrence=occurrence, contacts=[jo], new_names=["Zoé"], by=lea, now=NOW)
    attendance.take_back(noted.operation, by=lea, now=NOW)
    assert not Touchpoint.objects.kept().exists()
    assert not Contact.objects.filter(name="Zoé", binned_at=None).exists()
    assert attendance.to_answer(team, lea, NOW) == [occurrence]
    with pytest.raises(changes.CannotUndo):
        attendance.take_back(noted.operation, by=lea, now=NOW)


def test_answered_again_after_undo_it_counts_once(team, lea, jo):
    occurrence = make_occurrence(team, lea, (jo,), YESTERDAY)
    first = attendance.took_place(occurrence=occurrence, contacts=[jo], by=lea, now=NOW)
    attendance.take_back(first.operation, by=lea, now=NOW)
    occurrence.refresh_from_db()
    second = attendance.took_place(occurrence=occurrence, contacts=[jo], by=lea, now=NOW)
    assert list(Touchpoint.objects.kept()) == [second.touchpoint]
    occurrence.refresh_from_db()
    assert occurrence.touchpoint == second.touchpoint


def test_a_note_edited_since_is_not_undone(team, lea, jo):
    occurrence = make_occurrence(team, lea, (jo,), YESTERDAY)
    noted = attendance.took_place(occurrence=occurrence, contacts=[jo], by=lea, now=NOW)
    Touchpoint.objects.update(note="Two songs of the new record")
    with pytest.raises(changes.CannotUndo):
        attendance.take_back(noted.operation, by=lea, now=NOW)
    occurrence.refresh_from_db()
    assert occurrence.outcome == Outcome.TOOK_PLACE
    assert Touchpoint.objects.kept().count() == 1


def test_reopening_bins_what_came_of_it(team, lea, jo):
    occurrence = make_occurrence(team, lea, (jo,), YESTERDAY)
    attendance.took_place(occurrence=occurrence, contacts=[jo], by=lea, now=NOW)
    attendance.reopen(occurrence=occurrence, by=lea, now=NOW)
    assert not Touchpoint.objects.kept().exists()
    assert attendance.to_answer(team, lea, NOW) == [occurrence]
    jo.refresh_from_db()
    assert jo.last_met_at is None
    with pytest.raises(planning.CannotChange):
        attendance.reopen(occurrence=occurrence, by=lea, now=NOW)


def test_a_meeting_noted_meanwhile_is_attached_and_only_let_go(team, lea, jo):
    occurrence = make_occurrence(team, lea, (jo,), NOW - timedelta(hours=2))
    touchpoint = make_touchpoint(team, lea, [jo], met_at=NOW - timedelta(hours=1))
    assert attendance.near(team, lea, NOW) == [occurrence]
    attendance.attach(occurrence=occurrence, touchpoint=touchpoint, by=lea, now=NOW)
    assert attendance.near(team, lea, NOW) == []
    with pytest.raises(planning.CannotChange):
        attendance.took_place(occurrence=occurrence, contacts=[jo], by=lea, now=NOW)
    attendance.reopen(occurrence=occurrence, by=lea, now=NOW)
    assert list(Touchpoint.objects.kept()) == [touchpoint]


def test_a_touchpoint_deleted_by_hand_lets_the_question_be_asked_again(team, lea, jo):
    occurrence = make_occurrence(team, lea, (jo,), YESTERDAY)
    noted = attendance.took_place(occurrence=occurrence, contacts=[jo], by=lea, now=NOW)
    logbook.bin_touchpoint(noted.touchpoint, by=lea, now=NOW)
    occurrence.refresh_from_db()
    attendance.reopen(occurrence=occurrence, by=lea, now=NOW)
    assert attendance.to_answer(team, lea, NOW) == [occurrence]


def test_near_is_within_three_hours_and_ones_own(team, lea, noe):
    make_occurrence(team, lea, (), NOW - timedelta(hours=4, minutes=1))
    make_occurrence(team, noe, (), NOW)
    close = make_occurrence(team, lea, (), NOW + timedelta(hours=3))
    assert attendance.near(team, lea, NOW) == [close]
