import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import AuditEntry, Role
from ratio import overview, own, presence, readings, words
from ratio.models import Exclusion, Leave, Policy
from tests.cast import NOW, make_contact, make_lead, make_member, make_team, make_touchpoint
from tests.ratio.people import THIS_MONDAY, live, make_post
from tests.ratio.weeks import at

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    lea = make_member(team, "Léa Martin")
    live(team, lea, [(1, 9)] * 8)
    return lea


def shown(team, **fields):
    return Policy.objects.create(
        team=team,
        individual_view_since=THIS_MONDAY,
        individual_view_purpose="aider",
        people_informed_on=THIS_MONDAY,
        **fields,
    )


def queries(work):
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


@pytest.mark.parametrize(("on", "weeks"), [(THIS_MONDAY + 5 * DAY, 2), (THIS_MONDAY + 9 * DAY, 1)])
def test_whenever_posts_to_move_are_spoken_of_they_are_offered(team, on, weeks):
    """On a Friday it is about the Sunday after next: a post of this weekend must go two weeks further."""
    noe = make_member(team, "Noé")
    live(team, noe, [(3, 6)] * 4)
    for hour in range(4):
        make_post(team, noe, at(on, 9 + hour))
    card = presence.card(noe, team, at(THIS_MONDAY + 4 * DAY))
    book = readings.of_person(noe, team, now=at(THIS_MONDAY + 4 * DAY))
    move = presence.posts_to_move(book.of(noe), book, card.standing)
    assert card.could_move == len(move.posts) == card.standing.needed.posts
    assert move.weeks == weeks
    assert f"Or move {words.number(card.could_move)} post" in str(card.advice)


def test_the_card_says_counts_state_and_what_would_help(team, lea):
    make_touchpoint(team, lea, kind="call")
    card = presence.card(lea, team, NOW)
    assert card.sentence.strong == "4 meetings"
    assert card.state.label == "Mostly online lately"
    assert card.advice is not None
    assert (card.bar.known, card.at_a_distance, card.posts_to_come) == (True, 1, 0)
    assert [column.is_now for column in card.columns] == [False] * 7 + [True]


def test_somebody_who_is_no_cm_has_no_card(team):
    lead = make_lead(team)
    assert presence.card(lead, team, NOW) is None
    assert own.page(lead, team, NOW) is None
    assert own.counted_page(lead, team, NOW) is None
    assert presence.with_posts_sentence(lead, team, NOW) == ""


def test_too_early_shows_no_percent(team):
    card = presence.card(make_member(team, "Tom", since=NOW.date() - 3 * DAY), team, NOW)
    assert not card.bar.known
    assert [column.before for column in card.columns] == [True] * 7 + [False]


def test_what_is_planned_stands_apart(team, lea):
    make_post(team, lea, NOW + DAY)
    column = presence.card(lea, team, NOW).columns[-1]
    assert (column.planned, column.counts.online, column.last) == (True, 1, THIS_MONDAY + 6 * DAY)


def test_a_week_away_is_empty_not_nought(team, lea):
    Leave.objects.create(
        team=team, manager=lea, first_day=THIS_MONDAY - 20 * DAY, last_day=THIS_MONDAY - 6 * DAY
    )
    assert sum(column.away for column in presence.card(lea, team, NOW).columns) == 2


def test_on_target_and_about_to_fall_the_outlook_comes_first(team):
    noe = make_member(team, "Noé")
    live(team, noe, [(3, 6)] * 6)
    for number in range(9):
        make_post(team, noe, at(THIS_MONDAY + 2 * DAY, 9, number))
    card = presence.card(noe, team, NOW)
    assert card.state.label == "On target"
    assert card.outlook == "Nine posts to come and no meetings planned by Sunday: you would stand at 25%."
    assert card.advice.strong == "Three meetings by Sunday"


def test_the_page_lists_what_counted_and_why_the_rest_did_not(team, lea):
    jo = make_contact(team, "Jo Brume")
    for hour in (8, 9, 10, 11):
        make_touchpoint(team, lea, [jo], met_at=at(THIS_MONDAY, hour))
    call = make_touchpoint(team, lea, kind="call", met_at=at(THIS_MONDAY, 12))
    post = make_post(team, lea, at(THIS_MONDAY, 13))
    Exclusion.objects.create(team=team, manager=lea, post=post, reason="pas la mienne", by=lea, at=NOW)
    first = [(entry.text, entry.why_not) for entry in own.counted_page(lea, team, NOW).entries[:6]]
    assert first == [
        ("Ce soir au Brise-Lames", "Taken out"),
        (str(call.kind), "At a distance"),
        ("Jo Brume", "The day’s limit was reached"),
        ("Jo Brume", ""),
        ("Jo Brume", ""),
        ("Jo Brume", ""),
    ]


def test_every_reason_has_its_words(team, lea):
    Leave.objects.create(team=team, manager=lea, first_day=THIS_MONDAY, last_day=THIS_MONDAY)
    make_touchpoint(team, lea, met_at=at(THIS_MONDAY, 8))
    for hour in (8, 9, 10):
        make_touchpoint(team, lea, met_at=at(THIS_MONDAY - 4 * DAY, hour), colleagues_only=True)
    reasons = {entry.why_not for entry in own.counted_page(lea, team, NOW).entries}
    assert {"On a day away", "Colleagues count up to a weekly limit", ""} <= reasons


def test_a_teams_figures_come_from_three_people_on(team, lea):
    alone = overview.team_figures(team, NOW)
    assert (alone.sentence, alone.people) == (None, 1)
    assert "one person’s" in alone.told_why
    make_member(team, "Noé")
    assert "the other’s" in overview.team_figures(team, NOW).told_why
    make_member(team, "Tom")
    figures = overview.team_figures(team, NOW)
    assert figures.sentence.strong == "4 meetings"
    assert (figures.told_why, figures.bar.target) == ("", None)


def test_going_together_counts_once_for_the_team(team, lea):
    noe, tom = make_member(team, "Noé"), make_member(team, "Tom")
    make_touchpoint(team, lea, others=(noe, tom), met_at=at(THIS_MONDAY, 9))
    make_post(team, None, at(THIS_MONDAY, 9))
    figures = overview.team_figures(team, NOW)
    assert (figures.bar.counts.real, figures.bar.counts.online) == (5, 33)
    assert figures.joint == ""
    for hour in (10, 11):
        make_touchpoint(team, lea, others=(noe,), met_at=at(THIS_MONDAY, hour))
    assert overview.team_figures(team, NOW).joint == "Often in twos: 3 meetings of 7."


def test_single_people_are_shown_only_with_the_individual_view(team, lea):
    lead = make_lead(team)
    make_member(team, "Anna")
    assert overview.team_page(team, lead, NOW).cards == []
    assert not AuditEntry.objects.exists()
    shown(team)
    page = overview.team_page(team, lead, NOW)
    assert [card.person.name for card in page.cards] == ["Anna", "Léa Martin"]
    assert page.peak.online == 9


def test_who_looked_is_shown_to_the_person_once_a_day(team, lea):
    shown(team)
    lead = make_member(team, "Inès", Role.BOTH)
    for moment in (NOW, NOW + dt.timedelta(hours=1), NOW + DAY):
        overview.team_page(team, lead, moment)
    looks = own.looks(lea)
    assert [(look.actor, look.at) for look in looks] == [(lead, NOW + DAY), (lead, NOW)]
    assert own.looks(lead) == []


def test_what_the_posts_lead_to(team, lea):
    assert presence.with_posts_sentence(lea, team, NOW) == ""
    make_post(team, lea, NOW + DAY)
    assert presence.with_posts_sentence(lea, team, NOW) == (
        "With this post, presence would stand at 10% on Sunday."
    )
    make_post(team, lea, NOW + 2 * DAY)
    make_post(team, lea, NOW + 20 * DAY)
    assert presence.with_posts_sentence(lea, team, NOW).startswith("With these 2 posts")
    tom = make_member(team, "Tom", since=NOW.date())
    make_post(team, tom, NOW + DAY)
    assert presence.with_posts_sentence(tom, team, NOW) == ""


def test_more_rows_cost_no_more_queries(team):
    shown(team)
    lead = make_lead(team)

    def add(number):
        person = make_member(team, f"CM {number}")
        live(team, person, [(2, 3)] * 2, [make_contact(team, f"Contact {number}")])
        return person

    first = add(0)
    add(1)
    make_member(team, "Tom")
    alone = queries(lambda: own.page(first, team, NOW))
    whole = queries(lambda: overview.team_page(team, lead, NOW))
    figures = queries(lambda: overview.team_figures(team, NOW))
    for number in range(18):
        add(number + 2)
    live(team, first, [(6, 9)] * 4, [make_contact(team, "Jo")])
    assert queries(lambda: own.page(first, team, NOW)) == alone <= 8
    assert queries(lambda: overview.team_page(team, lead, NOW)) == whole <= 6
    assert queries(lambda: overview.team_figures(team, NOW)) == figures == 3
    assert queries(lambda: presence.card(first, team, NOW)) == 3
