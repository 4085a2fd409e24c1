"""How far posts are known."""

from datetime import date, timedelta

import pytest

from outreach import known
from outreach.models import Status
from tests.cast import NOW, make_member, make_team
from tests.outreach.cast import make_post

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team)


def say(team, manager, day, by, now=NOW):
    known.say_until(team=team, manager=manager, day=day, by=by, now=now)


def test_nothing_is_known_of_somebody_without_posts(team, lea):
    assert known.known_until(team=team, manager=lea) == known.Known(None, None)
    assert known.known_until(team=team, manager=lea).until(team) is None


def test_the_last_counting_post_says_how_far(team, lea):
    make_post(team, lea, NOW - timedelta(days=5))
    make_post(team, lea, NOW - timedelta(days=3))
    make_post(team, lea, NOW + timedelta(days=9), status=Status.CANCELLED)
    make_post(team, None, NOW + timedelta(days=9))
    assert known.known_until(team=team, manager=lea).until(team) == date(2026, 11, 21)


def test_the_day_is_the_teams(team, lea):
    make_post(team, lea, NOW.replace(hour=23, minute=30))  # half past midnight in Paris
    assert known.known_until(team=team, manager=lea).until(team) == date(2026, 11, 25)


def test_what_is_said_reaches_further_than_the_last_post(team, lea):
    make_post(team, lea, NOW)
    say(team, lea, date(2026, 12, 20), lea)
    assert known.known_until(team=team, manager=lea).until(team) == date(2026, 12, 20)


def test_the_latest_word_counts_even_if_it_is_nearer(team, lea):
    say(team, lea, date(2026, 12, 20), lea)
    say(team, lea, date(2026, 12, 6), lea, NOW + timedelta(minutes=1))
    assert known.known_until(team=team, manager=lea).said_until == date(2026, 12, 6)


def test_said_for_the_whole_team_it_holds_for_each(team, lea):
    noe = make_member(team, "Noé Tessier")
    say(team, None, date(2026, 12, 6), lea)
    say(team, lea, date(2026, 12, 20), lea)
    by_manager = known.known_by_manager(team=team, managers=[lea, noe])
    assert by_manager[lea.pk].said_until == date(2026, 12, 20)
    assert by_manager[noe.pk].said_until == date(2026, 12, 6)
    assert known.known_until(team=team, manager=None).said_until == date(2026, 12, 6)


def test_another_team_is_not_looked_at(team, lea):
    other = make_team("Ailleurs")
    make_post(other, lea)
    say(other, lea, date(2026, 12, 6), lea)
    assert known.known_until(team=team, manager=lea) == known.Known(None, None)


def test_two_queries_for_everybody(team, django_assert_num_queries):
    managers = [make_member(team, f"CM {number}") for number in range(12)]
    for manager in managers:
        make_post(team, manager)
        say(team, manager, TODAY, manager)
    with django_assert_num_queries(2):
        assert len(known.known_by_manager(team=team, managers=managers)) == 12
