"""What hosts are told in the morning: a date nobody has noted, a series that came to a stop."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation

from communitycrm import mornings
from events import asking, attendance, planning, scheduling
from events.models import Occurrence, Series
from notifications import kinds, rendering
from notifications.models import Notification
from tests.cast import NOW, make_contact, make_member, make_team
from tests.events.cast import make_occurrence, make_series

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 11, 24, 8, tzinfo=UTC)  # nine in Paris
DAY = timedelta(days=1)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team, language="en")


def told(person, name):
    return list(Notification.objects.filter(recipient=person, kind=name).order_by("pk"))


def still_true(notification, now):
    return kinds.get(notification.kind).still_true(notification, now)


def written(notification, form):
    """The body of its mail, as text or as HTML."""
    kind = kinds.get(notification.kind)
    context = {**kind.context(notification, TUESDAY), "link": "https://crm.example/there"}
    return get_template(f"{kind.template}.{form}").render(context)


def test_the_morning_after_its_hosts_are_asked_once(team, lea):
    noe = make_member(team, "Noé Tessier")
    over = make_occurrence(team, lea, (), TUESDAY - timedelta(hours=14), others=(noe,), title="Apéro")
    make_occurrence(team, lea, (), TUESDAY - timedelta(minutes=90))  # this morning: tomorrow will do
    make_occurrence(team, lea, (), TUESDAY - 9 * DAY)  # long ago: it waits in the calendar
    mornings.go_round(TUESDAY)
    mornings.go_round(TUESDAY + timedelta(hours=1))
    asked = told(lea, asking.TOOK_PLACE)
    assert [one.context["occurrence"] for one in asked] == [over.pk]
    assert len(told(noe, asking.TOOK_PLACE)) == 1
    assert still_true(asked[0], TUESDAY)
    with translation.override("en"):
        assert rendering.subject(asked[0], TUESDAY) == "Apéro: did it take place, and who came?"
    assert kinds.get(asking.TOOK_PLACE).url(asked[0]) == reverse("occurrence", args=[over.pk])
    attendance.nobody_came(occurrence=over, by=lea, now=TUESDAY)
    assert not still_true(asked[0], TUESDAY)
    mornings.go_round(TUESDAY + DAY)
    assert len(told(lea, asking.TOOK_PLACE)) == 2  # yesterday morning’s


def test_put_off_or_handed_over_it_is_no_longer_asked(team, lea):
    over = make_occurrence(team, lea, (), TUESDAY - timedelta(hours=14))
    mornings.go_round(TUESDAY)
    (asked,) = told(lea, asking.TOOK_PLACE)
    attendance.later(occurrence=over, by=lea, now=TUESDAY)
    assert not still_true(asked, TUESDAY)
    assert still_true(asked, TUESDAY + DAY)
    over.hosts.set([make_member(team, "Noé Tessier")])
    assert not still_true(asked, TUESDAY + DAY)


def test_what_is_told_names_the_meeting_in_both_languages(team, lea):
    over = make_occurrence(team, lea, (), TUESDAY - timedelta(hours=14), title="Apéro", place="Le Bocal")
    series = make_series(
        team, lea, ("FREQ=WEEKLY;BYDAY=TU;COUNT=1",), starts_on=date(2026, 11, 24), title="Café"
    )
    series.occurrences.update(cancelled_at=TUESDAY)
    mornings.go_round(TUESDAY)
    for name, words in [(asking.TOOK_PLACE, "Le Bocal"), (asking.STOPPED, "Café")]:
        (notification,) = told(lea, name)
        for language in ("en", "fr"):
            with translation.override(language):
                assert words in written(notification, "txt")
                assert words in written(notification, "html")
    Occurrence.objects.filter(pk=over.pk).update(binned_at=TUESDAY)
    with translation.override("en"):
        assert rendering.subject(told(lea, asking.TOOK_PLACE)[0], TUESDAY) == "Did it take place?"


def stopped(team, lea, now=NOW):
    return [(one.series, one.cancelled) for one in asking.of_host(team, lea, now)]


def test_a_series_without_a_next_date_says_so_until_it_has_one_or_ends(team, lea):
    series = make_series(team, lea, ("FREQ=WEEKLY;BYDAY=TH;COUNT=1",), title="Apéro")
    assert stopped(team, lea) == []
    later = NOW + 3 * DAY
    assert stopped(team, lea, later) == [(series, False)]
    mornings.go_round(datetime(2026, 11, 27, 8, tzinfo=UTC))
    (said,) = told(lea, asking.STOPPED)
    assert still_true(said, later)
    with translation.override("en"):
        assert rendering.subject(said, later) == "Apéro: no next date"
    mornings.go_round(datetime(2026, 11, 30, 8, tzinfo=UTC))
    assert len(told(lea, asking.STOPPED)) == 1  # once for each time it stops
    scheduling.end(series=series, by=lea, now=later)
    assert stopped(team, lea, later) == []
    assert not still_true(said, later)


def test_three_dates_in_a_row_that_did_not_take_place(team, lea, django_assert_num_queries):
    series = make_series(team, lea, now=NOW - 40 * DAY, starts_on=date(2026, 10, 29), title="Apéro")
    first, second, third, fourth = series.occurrences.order_by("starts_at")[:4]
    attendance.took_place(occurrence=first, contacts=[make_contact(team)], by=lea, now=NOW)
    planning.cancel(occurrence=second, by=lea, now=NOW)
    attendance.did_not_take_place(occurrence=third, by=lea, now=NOW)
    assert stopped(team, lea) == []
    planning.cancel(occurrence=fourth, by=lea, now=NOW)
    with django_assert_num_queries(1):
        assert stopped(team, lea) == [(series, True)]
    mornings.go_round(TUESDAY)
    (said,) = told(lea, asking.STOPPED)
    with translation.override("en"):
        assert rendering.subject(said, NOW) == "Apéro: the last three dates did not take place"
    planning.restore(occurrence=fourth, by=lea, now=NOW)
    assert not still_true(said, NOW)


def test_it_is_said_to_the_hosts_of_the_team_alone(team, lea):
    noe = make_member(team, "Noé Tessier")
    make_series(team, noe, ("FREQ=WEEKLY;BYDAY=TH;COUNT=1",))
    assert stopped(team, lea, NOW + 9 * DAY) == []
    assert len(stopped(team, noe, NOW + 9 * DAY)) == 1
    assert stopped(make_team("Ailleurs"), noe, NOW + 9 * DAY) == []
    Series.objects.update(binned_at=NOW)
    assert stopped(team, noe, NOW + 9 * DAY) == []
