"""Whose morning it is, and what next day it speaks for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from communitycrm import mornings as rounds
from notifications import mornings
from notifications.models import MorningRound, Preference
from ratio.models import Leave
from tests.cast import NOW, make_lead, make_member, make_team, make_user

pytestmark = pytest.mark.django_db


def at(day, hour, minute=0):
    """An hour of a day of November 2026 in Paris."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


@pytest.fixture
def heard(monkeypatch):
    """What the one round was told: (name, day, next day)."""
    told = []

    def tell(morning):
        told.append((morning.person.name, morning.day.day, morning.next_day.day))

    monkeypatch.setattr(rounds, "ROUNDS", (tell,))
    return told


def test_everybody_is_looked_at_once_a_day_from_seven_on_by_their_own_clock(heard):
    team = make_team()
    make_member(team, "Léa"), make_lead(team, "Inès", time_zone="America/New_York", country="US")
    make_user("Nobody"), make_member(team, "Gaël", is_active=False)
    assert rounds.go_round(at(24, 6, 59)) == 0
    assert (rounds.go_round(at(24, 7)), rounds.go_round(at(24, 7))) == (1, 0)
    assert (rounds.go_round(at(24, 13)), rounds.go_round(at(24, 13, 1))) == (1, 0)
    assert heard == [("Léa", 24, 25), ("Inès", 24, 25)]
    assert rounds.go_round(at(25, 7)) == 1


def test_a_friday_speaks_for_the_weekend_which_has_no_morning(heard):
    lea = make_member(make_team())
    for day in range(27, 31):
        rounds.go_round(at(day, 8))
    assert heard == [(lea.name, 27, 30), (lea.name, 30, 1)]


def test_who_wants_to_be_told_on_weekends_is(heard):
    lea = make_member(make_team())
    Preference.objects.create(user=lea, on_days_off=True)
    assert rounds.go_round(at(28, 8)) == 1
    assert heard == [(lea.name, 28, 29)]


def test_on_leave_nothing_is_said(heard):
    team = make_team()
    lea = make_member(team)
    Leave.objects.create(team=team, manager=lea, first_day=date(2026, 11, 24), last_day=date(2026, 11, 24))
    assert rounds.go_round(NOW) == 1
    assert heard == []
    rounds.go_round(NOW + timedelta(days=1))
    assert len(heard) == 1


def test_a_round_that_raises_does_not_cost_the_others(heard, monkeypatch):
    def broken(morning):
        raise RuntimeError("broken")

    monkeypatch.setattr(rounds, "ROUNDS", (broken, *rounds.ROUNDS))
    make_member(make_team())
    assert rounds.go_round(NOW) == 1
    assert len(heard) == 1


def test_rounds_are_kept_for_two_weeks(heard):
    make_member(make_team())
    for days in (0, 1, 15):
        rounds.go_round(NOW + timedelta(days=days))
    assert list(MorningRound.objects.values_list("day", flat=True)) == [date(2026, 11, 25), date(2026, 12, 9)]


def test_two_passes_side_by_side_do_it_once(heard):
    make_member(make_team())
    [[morning]] = mornings.due(NOW)
    assert mornings.begin(morning)
    assert not mornings.begin(morning)
    assert MorningRound.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 11, 9), True, False),  # a Monday
        (date(2026, 11, 10), False, False),
        (date(2026, 11, 13), False, True),  # a Friday
        (date(2026, 5, 26), True, False),  # the Tuesday after Whit Monday
        (date(2026, 12, 24), False, True),  # the Thursday before a Christmas on a Friday
    ],
)
def test_the_first_and_the_last_day_of_a_week_know_days_off(day, first, last):
    make_member(make_team(country="FR"))
    [[morning]] = mornings.due(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
    assert (morning.is_first_of_week(), morning.is_last_of_week()) == (first, last)


def test_who_needs_a_look_costs_the_same_queries_for_two_and_for_ten(django_assert_num_queries):
    team = make_team()
    for number in (2, 8):
        for _ in range(number):
            make_member(team)
        with django_assert_num_queries(6):
            list(mornings.due(NOW))
