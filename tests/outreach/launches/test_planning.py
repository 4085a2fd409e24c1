"""Launches written down, shared out, answered; each act can be taken back."""

import uuid
from datetime import date, timedelta

import pytest

from accounts import changes
from outreach.launches import planning, relays
from outreach.launches.coverage import State, of_launch
from outreach.launches.planning import Details
from outreach.models import Launch, Relay
from tests.cast import NOW, make_contact, make_member, make_team
from tests.outreach.launches.cast import DAY, approach, make_launch, meet

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team)


@pytest.fixture
def band(team):
    return make_contact(team, "Brume salée", "band")


def test_each_gets_who_looks_after_them_and_a_day_at_an_even_pace(team, lea):
    gone = make_member(make_team("Ailleurs"), "Parti")
    mine, theirs = make_contact(team, "A", "band", owner=lea), make_contact(team, "B", "band", owner=gone)
    launch = make_launch(team, [mine, theirs], by=lea, day=date(2026, 12, 8), now=NOW)
    assert [(one.manager, one.due_on) for one in launch.approaches.order_by("pk")] == [
        (lea, date(2026, 11, 30)),
        (None, date(2026, 12, 7)),
    ]


def test_sent_twice_it_exists_once(team, lea, band):
    sent = {
        "team": team,
        "by": lea,
        "client_id": uuid.uuid4(),
        "details": Details("X", DAY),
        "contacts": [band],
    }
    first, _ = planning.prepare(**sent, now=NOW)
    again, operation = planning.prepare(**sent, now=NOW)
    assert (first, operation) == (again, None)
    assert Launch.objects.count() == 1


def test_two_launches_cannot_share_a_tag(team, lea):
    make_launch(team, by=lea, name="Été")
    with pytest.raises(planning.NameTaken):
        make_launch(team, by=lea, name="ete")
    make_launch(make_team("Ailleurs"), by=lea, name="Été")


def test_what_a_launch_was_made_with_can_be_taken_back(team, lea, band):
    launch, operation = planning.prepare(
        team=team, by=lea, client_id=uuid.uuid4(), details=Details("X", DAY), contacts=[band], now=NOW
    )
    changes.undo(operation, by=lea, now=NOW)
    assert not Launch.objects.of_team(team).exists()
    assert Launch.objects.get().pk == launch.pk


def test_who_was_left_out_comes_back_as_they_were(team, lea, band):
    launch = make_launch(team, [band], by=lea)
    planning.say(approach(launch, band), State.MET, by_meeting=False, by=lea, now=NOW)
    out = planning.leave_out(approach(launch, band), by=lea, now=NOW)
    assert of_launch(launch).everybody == []

    added, operation = planning.add(launch, contacts=[band], by=lea, now=NOW)
    assert added == 1
    assert [card.state for card in of_launch(launch).cards] == [State.MET]
    changes.undo(operation, by=lea, now=NOW)
    assert of_launch(launch).everybody == []
    changes.undo(out, by=lea, now=NOW)
    assert len(of_launch(launch).cards) == 1


def test_adding_somebody_who_is_in_changes_nothing(team, lea, band):
    launch = make_launch(team, [band], by=lea)
    assert planning.add(launch, contacts=[band], by=lea, now=NOW)[0] == 0


def test_more_than_a_team_can_meet_are_refused_and_nothing_is_written(team, lea, monkeypatch):
    monkeypatch.setattr(planning, "MOST", 2)
    with pytest.raises(planning.TooMany):
        make_launch(team, [make_contact(team, name, "band") for name in "ABC"], by=lea)
    assert not Launch.objects.exists()


def test_each_answer_can_be_taken_back(team, lea, band):
    launch = make_launch(team, [band], by=lea)
    for state in (State.MET, State.ON_BOARD, State.NO, State.TO_MEET):
        before = of_launch(launch).cards[0].state
        operation = planning.say(approach(launch, band), state, by_meeting=False, by=lea, now=NOW)
        assert of_launch(launch).cards[0].state is state
        changes.undo(operation, by=lea, now=NOW)
        assert of_launch(launch).cards[0].state is before
        planning.say(approach(launch, band), state, by_meeting=False, by=lea, now=NOW)


def test_what_a_meeting_says_is_changed_where_it_was_noted(team, lea, band):
    launch = make_launch(team, [band], by=lea)
    meet(launch, lea, [band])
    with pytest.raises(planning.MetAlready):
        planning.say(approach(launch, band), State.TO_MEET, by_meeting=True, by=lea, now=NOW)
    planning.say(approach(launch, band), State.MET, by_meeting=True, by=lea, now=NOW)
    assert approach(launch, band).met_on is None  # the meeting says it: it is not copied


def test_whoever_comes_on_board_has_one_link_and_keeps_it(team, lea, band):
    jo = make_contact(team, "Jo Brume")
    launch = make_launch(team, [band, jo], by=lea)
    for contact in (band, jo, band):
        planning.say(approach(launch, contact), State.ON_BOARD, by_meeting=False, by=lea, now=NOW)
    of_band, of_jo = Relay.objects.get(contact=band), Relay.objects.get(contact=jo)
    assert of_band.name == "brume-salee"
    assert of_jo.name == of_jo.code  # a person is not named to the analytics
    assert set(of_band.code) <= set(relays.ALPHABET)
    assert relays.address(of_band).endswith(f"/r/{of_band.code}")


def test_sharing_out_writes_only_what_differs(team, lea, band):
    launch = make_launch(team, [band], by=lea)
    row = approach(launch, band)
    assert planning.share_out(launch, plan={row: (row.manager, row.due_on)}, by=lea, now=NOW) is None
    day = DAY - timedelta(days=2)
    operation = planning.share_out(launch, plan={row: (lea, day)}, by=lea, now=NOW)
    assert (approach(launch, band).manager, approach(launch, band).due_on) == (lea, day)
    changes.undo(operation, by=lea, now=NOW)
    assert approach(launch, band).manager is None
