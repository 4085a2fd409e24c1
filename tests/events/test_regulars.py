"""Who comes always, who stopped, who is new: told by the touchpoints alone."""

from datetime import date, timedelta

import pytest

from contacts import logbook
from events import attendance, regulars, scheduling
from events.models import Occurrence
from events.regulars import Habits, habits
from tests.cast import NOW, make_contact, make_member, make_team
from tests.events.cast import make_series, wanted_of


@pytest.mark.parametrize(
    ("dates", "always", "stopped", "new"),
    [
        ([], "", "", ""),
        (["ab", "ab"], "", "", ""),  # two dates say nothing of habits
        (["ab", "ab", "abc"], "ab", "", "c"),
        (["ab", "ac", "a"], "a", "", ""),
        (["ab", "ab", "a", "a"], "a", "b", ""),
        (["b", "b", "a", "", "ad"], "", "b", "d"),
        (["a", "", "", ""], "", "", ""),  # once is no habit
        (["", "", ""], "", "", ""),
    ],
)
def test_habits(dates, always, stopped, new):
    found = habits([set(map(ord, came)) for came in dates])
    assert found == Habits(*(frozenset(map(ord, who)) for who in (always, stopped, new)))


@pytest.fixture
def team(db):
    return make_team()


def hold(series, number, contacts, lea):
    """The `number`-th date took place with these contacts."""
    row = series.occurrences.filter(binned_at=None).order_by("starts_at")[number]
    return attendance.took_place(occurrence=row, contacts=contacts, by=lea, now=NOW)


def test_the_story_of_a_series_goes_through_those_it_follows(team, django_assert_max_num_queries):
    lea, (jo, karim, zoe) = make_member(team), (make_contact(team, name) for name in ("Jo", "Karim", "Zoé"))
    began = NOW - timedelta(days=40)
    series = make_series(team, lea, now=began, starts_on=date(2026, 10, 22))
    for number, came in enumerate([[jo, karim], [jo, karim], [jo]]):
        hold(series, number, came, lea)
    split = series.occurrences.order_by("starts_at")[4]  # 19 November
    Occurrence.objects.filter(pk=series.occurrences.order_by("starts_at")[3].pk).update(cancelled_at=NOW)
    wanted = wanted_of(("FREQ=WEEKLY;BYDAY=TH",), starts_on=date(2026, 11, 19), place="La Cale", hosts=[lea])
    scheduling.edit_following(occurrence=split, by=lea, wanted=wanted, now=began)
    new = Occurrence.objects.get(pk=split.pk).series
    assert new.follows == series
    hold(new, 0, [jo, zoe], lea)
    with django_assert_max_num_queries(4):
        story = regulars.of_series(new, NOW)
    assert [one.came for one in story.held] == [2, 2, 1, None, 2]
    assert (story.always, story.stopped, story.new) == ([jo], [karim], [zoe])
    assert [one.height for one in story.held] == [40, 40, 20, 0, 40]
    assert story.held[2].top == 20
    assert regulars.always_there(new, NOW) == {jo.pk}


def test_nobody_came_is_a_date_and_a_touchpoint_in_the_bin_is_none(team):
    lea, jo = make_member(team), make_contact(team)
    series = make_series(team, lea, now=NOW - timedelta(days=30), starts_on=date(2026, 11, 5))
    first, second, third = series.occurrences.order_by("starts_at")[:3]
    attendance.nobody_came(occurrence=first, by=lea, now=NOW)
    noted = attendance.took_place(occurrence=second, contacts=[jo], by=lea, now=NOW)
    logbook.bin_touchpoint(noted.touchpoint, by=lea, now=NOW)
    attendance.did_not_take_place(occurrence=third, by=lea, now=NOW)
    story = regulars.of_series(series, NOW)
    assert [one.came for one in story.held] == [0, None, None]
    assert not story.is_telling
