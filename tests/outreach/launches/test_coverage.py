"""Who was met: said by hand, or by a meeting that carries the launch's tag."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from contacts import directory, logbook
from outreach.launches import coverage, planning
from outreach.launches.coverage import State, of_launch
from outreach.models import Answer
from tests.cast import NOW, make_contact, make_member, make_team, touchpoint_kind
from tests.outreach.launches.cast import DAY, approach, make_launch, meet

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team)


def states(launch):
    return {card.contact.name: card.state for card in of_launch(launch).everybody}


@pytest.mark.parametrize(
    ("answer", "was_met", "state"),
    [
        (Answer.NONE, False, State.TO_MEET),
        (Answer.NONE, True, State.MET),
        (Answer.ON_BOARD, False, State.ON_BOARD),
        (Answer.ON_BOARD, True, State.ON_BOARD),
        (Answer.NO, False, State.NO),
        (Answer.NO, True, State.NO),
    ],
)
def test_an_answer_says_it_and_else_having_been_met(answer, was_met, state):
    assert coverage.state_of(answer, was_met=was_met) is state


def test_a_meeting_with_the_tag_makes_a_contact_met_and_taking_it_back_unmakes_it(team, lea):
    band, other = make_contact(team, "Brume", "band"), make_contact(team, "La Cale", "association")
    launch = make_launch(team, [band, other], by=lea)
    noted = logbook.note(
        team=team,
        by=lea,
        client_id="11111111-1111-4111-8111-111111111111",
        kind=touchpoint_kind(),
        met_at=NOW,
        contacts=[band],
        tags=["ouverture"],  # however it is spelled
        now=NOW,
    )
    assert states(launch) == {"Brume": State.MET, "La Cale": State.TO_MEET}
    assert of_launch(launch).cards[0].met_on == NOW.date()

    logbook.take_back(noted.operation, by=lea, now=NOW)
    assert states(launch) == {"Brume": State.TO_MEET, "La Cale": State.TO_MEET}


def test_meeting_a_member_is_meeting_the_group(team, lea):
    jo, band = make_contact(team, "Jo"), make_contact(team, "Brume", "band")
    directory.affiliate(person=jo, group=band)
    launch = make_launch(team, [band], by=lea)
    meet(launch, lea, [jo])
    assert states(launch) == {"Brume": State.MET}


@pytest.mark.parametrize(
    "fields", [{"kind": "message"}, {"kind": "call"}, {"binned_at": NOW}, {"is_real": False}], ids=str
)
def test_only_a_meeting_in_person_that_still_stands_makes_somebody_met(team, lea, fields):
    band = make_contact(team, "Brume", "band")
    launch = make_launch(team, [band], by=lea)
    meet(launch, lea, [band], **fields)
    assert states(launch) == {"Brume": State.TO_MEET}


def test_a_meeting_without_the_tag_or_for_another_launch_says_nothing(team, lea):
    band = make_contact(team, "Brume", "band")
    launch, other = make_launch(team, [band], by=lea), make_launch(team, [band], by=lea, name="Autre")
    meet(other, lea, [band])
    assert states(launch) == {"Brume": State.TO_MEET}
    assert states(other) == {"Brume": State.MET}


def test_being_on_board_counts_as_met_and_a_no_only_if_one_met(team, lea):
    names = ("A", "B", "C")
    launch = make_launch(team, [make_contact(team, name, "band") for name in names], by=lea)
    a, b, c = (card.approach for card in of_launch(launch).cards)
    planning.say(a, State.ON_BOARD, by_meeting=False, by=lea, now=NOW)
    planning.say(b, State.NO, by_meeting=False, by=lea, now=NOW)
    planning.say(c, State.MET, by_meeting=False, by=lea, now=NOW)
    planning.say(c, State.NO, by_meeting=False, by=lea, now=NOW + timedelta(days=1))
    found = of_launch(launch)
    assert (found.met, found.total) == (2, 3)
    assert found.cards[2].met_on == NOW.date()


def test_colleagues_are_a_circle_of_their_own_and_not_in_the_figures(team, lea):
    band, samira = make_contact(team, "Brume", "band"), make_contact(team, "Samira", "colleague")
    launch = make_launch(team, [band, samira], by=lea)
    found = of_launch(launch)
    assert [card.contact for card in found.cards] == [band]
    assert [card.contact for card in found.circle] == [samira]
    assert (found.total, found.are_groups) == (1, True)


def test_what_was_met_after_the_day_is_not_before_it(team, lea):
    early, late = make_contact(team, "A", "band"), make_contact(team, "B", "webzine")
    launch = make_launch(team, [early, late], by=lea, day=date(2026, 11, 20))
    meet(launch, lea, [early], met_at=NOW - timedelta(days=6))
    meet(launch, lea, [late])
    found = of_launch(launch)
    assert (found.met, found.met_before) == (2, 1)
    with translation.override("en"):
        assert found.by_kind() == [("Band", 1, 1), ("Webzine", 1, 1)]
    assert found.by_week() == [(date(2026, 11, 16), 1, 1), (date(2026, 11, 23), 1, 2)]


def test_next_comes_who_is_due_first_and_is_ones_own(team, lea):
    noe = make_member(team, "Noé")
    a, b, c = (make_contact(team, name, "band") for name in "ABC")
    launch = make_launch(team, [a, b, c], by=lea)
    plan = {
        approach(launch, a): (noe, date(2026, 11, 26)),
        approach(launch, b): (lea, date(2026, 12, 3)),
        approach(launch, c): (None, date(2026, 12, 1)),
    }
    planning.share_out(launch, plan=plan, by=lea, now=NOW)
    found = of_launch(launch)
    assert [card.contact for card in found.next(5, user=lea)] == [c, b, a]
    assert [card.contact for card in found.next(2)] == [a, c]
    assert [card.is_late(date(2026, 12, 2)) for card in found.cards] == [True, False, True]


def test_many_launches_contacts_and_meetings_cost_three_queries(team, lea, django_assert_num_queries):
    bands = [make_contact(team, f"Band {n}", "band") for n in range(5)]
    jo = make_contact(team, "Jo")
    directory.affiliate(person=jo, group=bands[0])
    launches = [make_launch(team, bands, by=lea, name=f"L{n}", day=DAY) for n in range(3)]
    for launch in launches:
        meet(launch, lea, [jo, bands[1]])
    with django_assert_num_queries(3):
        found = coverage.of_launches(launches)
    assert [found[launch.pk].met for launch in launches] == [2, 2, 2]
