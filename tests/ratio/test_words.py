import datetime as dt

import pytest
from django.utils import translation

from ratio import words
from ratio.periods import last_moment
from ratio.standings import Standing, standing
from ratio.verdicts import Counts
from tests.ratio.weeks import PARIS, RULES, TARGET, at, ledger, sunday_of

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def stand(weeks, day=None, **options) -> Standing:
    sunday = sunday_of(len(weeks))
    moment = last_moment(day(sunday) if day else sunday, PARIS)
    book = ledger(weeks, **options)
    return standing(book, moment, target=TARGET, rules=RULES), book.reading(moment)


def label(weeks, **options):
    standing, reading = stand(weeks, **options)
    return words.state(standing.verdict, reading).label


def test_a_verdict_has_its_words():
    assert label([(3, 6)] * 4) == "On target"
    assert label([(1, 9)] * 4) == "Mostly online lately"
    assert label([(3, 6)] * 4 + [(2, 10)]) == "Just under target"
    assert label([(3, 6)] * 4, joined_on=sunday_of(4) - DAY) == "Too early to say"
    assert label([(1, 0)] * 4) == "Too little to say"
    assert label([(3, 6)] * 5 + [(3, 0)] * 2).replace("\xa0", " ") == "Posts known until 7 February"
    assert label([(3, 6)] * 4, leave=frozenset({sunday_of(4)})) == "Away"


def test_counts_come_first():
    said = words.sentence(Counts(6, 1), dt.date(2026, 10, 26))
    assert said.strong == "6 meetings"
    assert str(said).replace("\xa0", " ") == "6 meetings, 1 post out since 26 October"


def test_of_a_long_time_thousands_are_grouped_and_the_year_is_said():
    said = words.sentence(Counts(3379, 12_345), dt.date(2025, 11, 29), dt.date(2026, 11, 27))
    assert str(said).replace("\xa0", " ") == "3,379 meetings, 12,345 posts out since 29 November 2025"


def advice(weeks, **options):
    said = words.advice(stand(weeks, **options)[0])
    return said and str(said).replace("\xa0", " ")


def monday_morning(weeks, **options):
    moment = at(sunday_of(len(weeks)) - 6 * DAY, 8)
    return standing(ledger(weeks, planned_after=moment, **options), moment, target=TARGET, rules=RULES)


def test_up_to_three_meetings_are_said_until_a_sunday():
    said = words.advice(monday_morning([(3, 6)] * 3 + [(2, 8), (2, 8)]))
    assert said.strong == "Two meetings by Sunday"
    assert str(said) == "Two meetings by Sunday would do it (12 of 40, 30%). Or move five posts."


def test_from_friday_on_the_sunday_after_is_meant():
    said = stand([(3, 6)] * 4 + [(2, 10)], day=lambda sunday: sunday - 2 * DAY)[0]
    assert words.by_sunday(said).replace("\xa0", " ") == "by Sunday 15 February"


def test_more_than_three_are_said_as_some_a_week():
    assert advice([(1, 9)] * 6).startswith("Three more meetings a week than usual, and you are back around ")


def test_out_of_reach_no_number_is_given():
    assert advice([(0, 20)] * 6) == (
        "A target of 30% asks a lot at the moment. Talk it over with your team lead?"
    )


def test_what_is_planned_may_do_it():
    moment = at(sunday_of(5) - 5 * DAY, 8)
    weeks = [(3, 6), (3, 6), (2, 8), (2, 8), (9, 6)]
    said = standing(ledger(weeks, planned_after=moment), moment, target=TARGET, rules=RULES)
    if said.verdict.is_under:
        assert str(words.advice(said)).startswith("By Sunday it is back on target if all goes as planned")


def test_nothing_is_suggested_to_those_away_or_too_new():
    assert advice([(1, 9)] * 4, leave=frozenset({sunday_of(4)})) is None
    assert advice([(1, 9)] * 4, joined_on=sunday_of(4)) is None


def test_on_target_with_nothing_planned_there_is_nothing_to_say():
    assert advice([(5, 5)] * 4 + [(5, 0)] * 1) is None


def test_the_outlook():
    assert words.outlook(Counts(1, 9), Counts(6, 23), "by Sunday") == (
        "Nine posts to come and one meeting planned by Sunday: you would stand at 21%."
    )
    assert words.outlook(Counts(0, 12), Counts(6, 23), "by Sunday").startswith(
        "12 posts to come and no meetings planned"
    )


def test_why():
    assert words.why(*stand([(3, 6)] * 4), RULES) == ""
    assert "14 days" in words.why(*stand([(3, 6)] * 4, joined_on=sunday_of(4)), RULES)
    assert "8 to say more" in words.why(*stand([(1, 0)] * 4), RULES)
    assert words.why(*stand([(0, 1)] * 2 + [(1, 1)] * 5 + [(0, 1)]), RULES).startswith("Eight weeks")
    assert words.why(*stand([(3, 6)] * 5 + [(3, 0)] * 2), RULES).startswith("No post has been brought in")
    assert words.why(*stand([(3, 6)] * 4, leave=frozenset({sunday_of(4)})), RULES).startswith("Days away")
