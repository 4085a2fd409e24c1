"""What a feed says is what the calendar shows, whatever was done to the dates."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events import feeds, filling, planning, recurrence, scheduling
from events.ical.feed import of_feed, of_occurrence, of_series
from events.models import Attendance, Occurrence, Scope, Series
from tests.cast import NOW, make_contact, make_member, make_team
from tests.events.cast import make_occurrence, make_series, wanted_of
from tests.events.ical.reading import events_of, read, shown

pytestmark = pytest.mark.django_db
LAST_THURSDAY = ("FREQ=MONTHLY;BYDAY=-1TH",)
FIRST, LAST = date(2026, 11, 1), date(2027, 5, 20)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team, language="en")


def feed_of(user, team, scope=Scope.TEAM, names=False):
    made, _token = feeds.make(user=user, team=team, scope=scope, has_names=names, now=NOW)
    return of_feed(made, now=NOW)


def rows(**which):
    """What stands in the database on those days."""
    found = Occurrence.objects.standing().filter(
        starts_at__gte=datetime(2026, 11, 1, tzinfo=UTC),
        starts_at__lt=datetime(2027, 5, 20, tzinfo=UTC),
        **which,
    )
    return sorted((row.starts_at, row.ends_at, str(row)) for row in found.select_related("kind"))


def row_on(series, month, day):
    return next(
        row
        for row in series.occurrences.filter(binned_at=None)
        if (row.starts_at.month, row.starts_at.day) == (month, day)
    )


def test_a_series_is_one_event_with_its_rule(team, lea):
    series = make_series(team, lea, LAST_THURSDAY, title="Apéro")
    (event,) = events_of(feed_of(lea, team))
    assert event["RRULE"].to_ical().decode() == "FREQ=MONTHLY;BYDAY=-1TH"
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert event["DTSTART"].to_ical().decode() == "20261126T183000"
    assert str(event["UID"]) == series.ical_uid
    assert [str(zone["TZID"]) for zone in read(feed_of(lea, team)).walk("VTIMEZONE")] == ["Europe/Paris"]


def test_the_same_instances_before_and_after_one_is_moved_and_another_cancelled(team, lea):
    series = make_series(team, lea, LAST_THURSDAY, title="Apéro", minutes=120)
    make_occurrence(team, lea, title="Interview")
    assert shown(feed_of(lea, team), FIRST, LAST) == rows()
    planning.move(occurrence=row_on(series, 12, 31), days=1, by=lea, now=NOW)
    planning.cancel(occurrence=row_on(series, 1, 28), by=lea, now=NOW)
    after = feed_of(lea, team)
    assert shown(after, FIRST, LAST) == rows()
    changed = [event for event in events_of(after) if "RECURRENCE-ID" in event]
    assert [(str(event["STATUS"]), event["SEQUENCE"]) for event in changed] == [
        ("CONFIRMED", 1),
        ("CANCELLED", 1),
    ]
    assert {str(event["UID"]) for event in changed} == {series.ical_uid}


def test_what_was_undone_is_told_as_a_further_change(team, lea, client):
    series = make_series(team, lea, LAST_THURSDAY)
    operation = planning.move(occurrence=row_on(series, 12, 31), days=1, by=lea, now=NOW)
    client.force_login(lea)
    client.post(f"/undo/{operation.pk}/")
    assert row_on(series, 12, 31).sequence == 2
    assert shown(feed_of(lea, team), FIRST, LAST) == rows()


def test_a_date_that_was_taken_away_is_an_exception(team, lea):
    series = make_series(team, lea, LAST_THURSDAY)
    Occurrence.objects.filter(pk=row_on(series, 1, 28).pk).update(binned_at=NOW)
    content = feed_of(lea, team)
    assert shown(content, FIRST, LAST) == rows()
    assert b"EXDATE;TZID=Europe/Paris:20270128T183000" in content


def test_a_series_set_up_after_it_began_has_no_past(team, lea):
    make_series(team, lea, ("FREQ=WEEKLY;INTERVAL=2;COUNT=200",), starts_on=date(2024, 1, 4))
    content = feed_of(lea, team)
    assert shown(content, date(2024, 1, 1), LAST) == rows()
    (event,) = events_of(content)
    assert "EXDATE" not in event and "UNTIL" in event["RRULE"] and "COUNT" not in event["RRULE"]


def test_an_ended_series_ends_in_calendars_too(team, lea):
    series = make_series(team, lea, LAST_THURSDAY)
    Attendance.objects.create(occurrence=row_on(series, 1, 28), contact=make_contact(team))
    make_occurrence(team, lea)
    scheduling.end(series=series, by=lea, now=NOW)
    content = feed_of(lea, team)
    assert shown(content, FIRST, date(2030, 1, 1)) == rows()
    assert b"STATUS:CANCELLED" in content
    scheduling.end(series=make_series(team, lea, LAST_THURSDAY), by=lea, now=NOW)
    assert len(shown(feed_of(lea, team), FIRST, date(2030, 1, 1))) == 1


def test_a_further_date_and_two_rules_are_in_it(team, lea):
    series = make_series(team, lea, ("FREQ=MONTHLY;BYDAY=-1TH", "FREQ=WEEKLY;INTERVAL=3"))
    planned = {"by": lea, "client_id": "6f0f0a66-0000-4000-8000-000000000001", "kind": series.kind}
    starts_at = datetime(2026, 12, 5, 17, 30, tzinfo=UTC)
    scheduling.plan_further(series=series, starts_at=starts_at, now=NOW, **planned)
    assert shown(feed_of(lea, team), FIRST, LAST) == rows()


@pytest.mark.parametrize("rules", [("FREQ=DAILY",), ("FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;BYHOUR=18")])
def test_a_series_of_more_dates_than_can_be_reckoned_costs_the_calendar_nothing(
    team, lea, rules, monkeypatch
):
    monkeypatch.setattr(recurrence, "MOST", 200)
    make_series(team, lea, rules, date(2025, 1, 1))
    assert shown(feed_of(lea, team), FIRST, LAST) == rows()


def test_whole_days_are_days(team, lea):
    series = make_series(team, lea, ("FREQ=WEEKLY;COUNT=3",), starts_time=datetime.min.time(), minutes=1440)
    Series.objects.update(is_all_day=True)
    series.occurrences.update(is_all_day=True)
    planning.cancel(occurrence=series.occurrences.order_by("starts_at")[1], by=lea, now=NOW)
    content = feed_of(lea, team)
    assert b"DTSTART;VALUE=DATE:20261126\r\n" in content and b"DTEND;VALUE=DATE:20261127\r\n" in content
    assert b"RECURRENCE-ID;VALUE=DATE:20261203\r\n" in content
    assert [start.date() for start, _end, _title in shown(content, FIRST, LAST)] == [
        date(2026, 11, 26),
        date(2026, 12, 10),
    ]


def test_mine_are_those_i_host(team, lea):
    noe = make_member(team, "Noé Roux", language="en")
    series = make_series(team, noe, LAST_THURSDAY, title="Noé’s")
    row_on(series, 12, 31).hosts.add(lea)
    make_series(team, lea, LAST_THURSDAY, title="Léa’s")
    make_occurrence(team, noe, title="An interview")
    assert shown(feed_of(lea, team, Scope.MINE), FIRST, LAST) == rows(hosts=lea)
    assert shown(feed_of(noe, team, Scope.MINE), FIRST, LAST) == rows(hosts=noe)
    assert shown(feed_of(noe, team, Scope.TEAM), FIRST, LAST) == rows()


def test_no_name_is_in_it_unless_asked_for(team, lea):
    jo, note = make_contact(team, "Jo Brume"), "Bring Karim’s record"
    make_occurrence(team, lea, (jo,), note=note)
    series = make_series(team, lea, LAST_THURSDAY, note=note)
    Attendance.objects.create(occurrence=row_on(series, 1, 28), contact=jo)
    plain, named = feed_of(lea, team).decode(), feed_of(lea, team, names=True).decode()
    assert "Jo" not in plain and "Karim" not in plain
    assert plain.count("BEGIN:VEVENT") == 2
    assert named.count("Jo Brume") == 2 and named.count("Karim") == 3
    single = of_occurrence(Occurrence.objects.filter(series=None).get()).decode()
    assert "Jo" not in single and "Karim" not in single


def test_it_is_in_the_person_s_language_and_the_same_until_something_changes(team, lea):
    make_series(team, lea, LAST_THURSDAY, kind="meeting")
    made, _ = feeds.make(user=lea, team=team, scope=Scope.TEAM, has_names=False, now=NOW)
    first = of_feed(made, now=NOW)
    assert "SUMMARY:Meeting" in first.decode()
    assert of_feed(made, now=NOW + timedelta(hours=3)) == first
    lea.language = "fr"
    assert "SUMMARY:Rencontre" in of_feed(made, now=NOW).decode()


def test_what_lies_in_the_bin_or_more_than_a_year_back_is_not_in_it(team, lea):
    make_occurrence(team, lea, binned_at=NOW)
    make_occurrence(team, lea, starts_at=NOW - timedelta(days=400))
    make_occurrence(team, lea, starts_at=NOW - timedelta(days=300), title="Then")
    assert [str(event["SUMMARY"]) for event in events_of(feed_of(lea, team))] == ["Then"]


def test_an_uid_that_two_calendars_gave_comes_once(team, lea):
    make_occurrence(team, lea, uid="concert@example.org", title="First")
    make_occurrence(team, lea, uid="concert@example.org", title="Again")
    assert [str(event["SUMMARY"]) for event in events_of(feed_of(lea, team))] == ["First"]


def test_single_meetings_and_series_are_files_too(team, lea):
    series = make_series(team, lea, LAST_THURSDAY)
    assert shown(of_series(series), FIRST, LAST) == rows()
    one = row_on(series, 12, 31)
    assert shown(of_occurrence(one), FIRST, LAST) == [(one.starts_at, one.ends_at, str(one))]


def test_its_queries_do_not_grow(team, lea, django_assert_max_num_queries):
    made, _ = feeds.make(user=lea, team=team, scope=Scope.TEAM, has_names=True, now=NOW)
    for number in range(3):
        make_series(team, lea, LAST_THURSDAY, title=str(number))
        make_occurrence(team, lea, (make_contact(team),))
    with django_assert_max_num_queries(5):
        of_feed(made, now=NOW)


ACTS = ["move", "cancel", "bin", "invite", "rename", "longer", "edit", "split", "further"]


@settings(deadline=None, max_examples=12, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    rule=st.sampled_from(
        [
            "FREQ=WEEKLY;BYDAY=TH",
            "FREQ=MONTHLY;BYDAY=-1TH",
            "FREQ=WEEKLY;INTERVAL=2;COUNT=9",
            "FREQ=DAILY;INTERVAL=9",
        ]
    ),
    acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5)), max_size=6),
)
def test_whatever_is_done_to_a_series_calendars_show_what_we_show(rule, acts):
    team = make_team()
    lea, numbers = make_member(team, language="en"), itertools.count()
    make_series(team, lea, (rule,), starts_on=date(2026, 11, 25))
    for what, which in acts:
        _do(what, which, team, lea, next(numbers))
    assert shown(feed_of(lea, team), FIRST, LAST) == rows(team=team)
    assert shown(feed_of(lea, team, Scope.MINE), FIRST, LAST) == rows(team=team, hosts=lea)


def _do(what, which, team, lea, number):
    """One of the things that people do, to one of the dates to come."""
    standing = list(
        Occurrence.objects.upcoming(NOW)
        .filter(team=team, series__isnull=False)
        .select_related("series", "team")
    )
    row = standing[which % len(standing)]
    if what == "move":
        planning.move(occurrence=row, days=which + 1, by=lea, now=NOW)
    elif what == "cancel":
        planning.cancel(occurrence=row, by=lea, now=NOW)
    elif what == "bin":
        Occurrence.objects.filter(pk=row.pk).update(binned_at=NOW)
    elif what == "invite":
        Attendance.objects.get_or_create(occurrence=row, contact=make_contact(team))
    elif what == "rename":
        Occurrence.objects.filter(pk=row.pk).update(title=f"Number {number}")
    elif what == "longer":
        Occurrence.objects.filter(pk=row.pk).update(ends_at=row.ends_at + timedelta(hours=1))
    elif what == "edit":
        wanted = wanted_of(("FREQ=WEEKLY;BYDAY=WE",), hosts=[lea], title=f"Edited {number}")
        scheduling.edit(series=row.series, by=lea, wanted=wanted, now=NOW)
    elif what == "split":
        begin = row.original_start.astimezone(row.series.zone).date()
        wanted = wanted_of(("FREQ=WEEKLY;BYDAY=FR",), starts_on=begin, hosts=[lea])
        scheduling.edit_following(occurrence=row, by=lea, wanted=wanted, now=NOW)
    else:
        from uuid import uuid4

        planned = {
            "by": lea,
            "client_id": uuid4(),
            "kind": row.kind,
            "starts_at": row.starts_at + timedelta(hours=number + 1),
        }
        scheduling.plan_further(series=row.series, now=NOW, **planned)
    filling.fill_due(now=NOW)
