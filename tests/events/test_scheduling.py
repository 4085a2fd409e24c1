"""Series: their dates are rows, filled ahead; changing them never loses what somebody put on a date."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import changes
from contacts.models import Participation, Tag
from events import attendance, filling, planning, scheduling
from events.models import Attendance, Occurrence, Outcome, Series
from tests.cast import NOW, make_contact, make_member, make_team
from tests.events.cast import make_series, wanted_of

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
THURSDAYS = ("FREQ=WEEKLY;BYDAY=TH",)
FRIDAYS = ("FREQ=WEEKLY;BYDAY=FR",)
LAST_THURSDAY = ("FREQ=MONTHLY;BYDAY=-1TH",)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team)


@pytest.fixture
def jo(team):
    return make_contact(team)


def local(moment, zone=PARIS):
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def dates(series, count=4):
    """The first dates of a series as they stand, in local time."""
    rows = series.occurrences.filter(binned_at=None).order_by("starts_at")
    return [local(row.starts_at, series.zone) for row in rows[:count]]


def on(series, day):
    """The date of a series on a local day."""
    rows = [row for row in series.occurrences.filter(binned_at=None) if local(row.starts_at).startswith(day)]
    assert len(rows) == 1, rows
    return rows[0]


def test_a_series_has_its_dates_for_180_days_and_they_say_what_it_says(team, lea):
    series = make_series(team, lea, LAST_THURSDAY, title="Apéro", place="Le Bocal", minutes=120, tags=["Bar"])
    assert dates(series, 9) == [
        "2026-11-26 18:30",
        "2026-12-31 18:30",
        "2027-01-28 18:30",
        "2027-02-25 18:30",
        "2027-03-25 18:30",
        "2027-04-29 18:30",
    ]
    first = series.occurrences.get(starts_at=datetime(2026, 11, 26, 17, 30, tzinfo=UTC))
    assert (first.title, first.place, first.kind) == ("Apéro", "Le Bocal", series.kind)
    assert first.ends_at - first.starts_at == timedelta(hours=2)
    assert list(first.hosts.all()) == [lea]
    assert [tag.name for tag in series.tags.all()] == ["Bar"]


def test_it_begins_on_the_first_date_that_the_rules_give(team, lea):
    series = make_series(team, lea, FRIDAYS, starts_on=date(2026, 11, 24))
    assert series.starts_on == date(2026, 11, 27)
    assert dates(series, 1) == ["2026-11-27 18:30"]


def test_rules_that_give_no_date_are_refused(team, lea):
    with pytest.raises(scheduling.NoDates):
        make_series(team, lea, ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",))
    assert not Series.objects.exists()


def test_sent_twice_it_is_there_once(team, lea):
    key, wanted = uuid.uuid4(), wanted_of(THURSDAYS)
    first, operation = scheduling.start(team=team, by=lea, client_id=key, wanted=wanted, now=NOW)
    again, nothing = scheduling.start(team=team, by=lea, client_id=key, wanted=wanted, now=NOW)
    assert (again, nothing) == (first, None)
    assert operation is not None
    assert Series.objects.count() == 1


def test_filling_goes_on_day_by_day_and_changes_nothing_twice(team, lea):
    series = make_series(team, lea)
    rows = series.occurrences.count()
    assert filling.fill_due(now=NOW) == 0
    assert filling.fill_due(now=NOW + timedelta(days=7)) == 1
    assert filling.fill_due(now=NOW + timedelta(days=7)) == 0
    assert series.occurrences.count() == rows + 1
    other_process = Series.objects.get(pk=series.pk)
    filling.fill(other_process, now=NOW + timedelta(days=30))
    series.refresh_from_db()
    stale = Series.objects.get(pk=series.pk)
    stale.filled_until = NOW.date()
    assert filling.fill(stale, now=NOW + timedelta(days=30)) == 0


def test_one_series_that_cannot_be_filled_stops_no_other_and_is_tried_again_a_day_later(team, lea, caplog):
    broken, whole = make_series(team, lea, ("FREQ=DAILY",)), make_series(team, lea, ("FREQ=DAILY",))
    rows = whole.occurrences.count()
    Series.objects.filter(pk=broken.pk).update(rules=["FREQ=NEVER"])
    later = NOW + timedelta(days=10)
    assert filling.fill_due(now=later) == 10
    assert whole.occurrences.count() == rows + 10
    (told,) = [record for record in caplog.records if record.name == "events.filling"]
    assert told.series == broken.pk and told.levelname == "ERROR"
    # Not once a minute; and what was missed meanwhile is made up for.
    assert filling.fill_due(now=later + timedelta(hours=23)) == 1
    assert len([record for record in caplog.records if record.name == "events.filling"]) == 1
    Series.objects.filter(pk=broken.pk).update(rules=["FREQ=DAILY"])
    assert filling.fill_due(now=later + timedelta(days=1)) == 11
    assert broken.occurrences.count() == rows + 11


def test_half_past_six_stays_half_past_six(team, lea):
    series = make_series(team, lea)
    rows = series.occurrences.order_by("starts_at")
    assert {row.starts_at.astimezone(PARIS).time() for row in rows} == {time(18, 30)}
    assert {row.starts_at.hour for row in rows} == {16, 17}


@settings(max_examples=60, deadline=None)
@given(
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    at=st.times().map(lambda moment: moment.replace(second=0, microsecond=0, fold=0)),
    zone=st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    rule=st.sampled_from(
        ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU,MO", "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=DAILY;INTERVAL=3"]
    ),
)
def test_each_date_is_at_its_local_time_exists_and_comes_once(day, at, zone, rule):
    tz = ZoneInfo(zone)
    series = Series(starts_on=day, starts_time=at, zone_name=zone, rules=[rule])
    starts = filling.starts(series, day, day + timedelta(days=200))
    assert len(starts) == len(set(starts))
    days = [start.astimezone(tz).date() for start in starts]
    assert len(days) == len(set(days))
    for start in starts:
        shown = start.astimezone(tz)
        wall = datetime.combine(shown.date(), at, tz)
        exists = wall.astimezone(UTC).astimezone(tz).replace(tzinfo=None) == wall.replace(tzinfo=None)
        assert shown.time() == at or not exists


def test_one_date_is_moved_called_off_and_put_back_without_the_others(team, lea):
    series = make_series(team, lea)
    second = on(series, "2026-12-03")
    moved = planning.move(occurrence=second, days=1, by=lea, now=NOW)
    assert dates(series, 3) == ["2026-11-26 18:30", "2026-12-04 18:30", "2026-12-10 18:30"]
    assert filling.fill_due(now=NOW + timedelta(days=1)) == 0
    changes.undo(moved, by=lea, now=NOW)
    planning.cancel(occurrence=on(series, "2026-12-03"), by=lea, now=NOW)
    filling.settle(series, NOW)
    assert on(series, "2026-12-03").cancelled_at == NOW
    planning.restore(occurrence=on(series, "2026-12-03"), by=lea, now=NOW)
    assert on(series, "2026-12-03").cancelled_at is None


def test_changing_all_keeps_guests_notes_a_moved_and_a_cancelled_date(team, lea, jo):
    series = make_series(team, lea, place="Le Bocal")
    invited, noted, moved, cancelled = (
        on(series, day) for day in ("2026-11-26", "2026-12-03", "2026-12-10", "2026-12-17")
    )
    planning.invite(invited, [jo])
    Occurrence.objects.filter(pk=noted.pk).update(note="Bring the banner")
    planning.move(occurrence=moved, days=1, by=lea, now=NOW)
    planning.cancel(occurrence=cancelled, by=lea, now=NOW)
    wanted = wanted_of(
        FRIDAYS, starts_on=date(2026, 11, 27), starts_time=time(19), place="La Cale", hosts=[lea]
    )
    scheduling.edit(series=series, by=lea, wanted=wanted, now=NOW)
    series.refresh_from_db()
    assert series.starts_on == date(2026, 11, 27)
    assert dates(series, 5) == [
        "2026-11-27 19:00",
        "2026-12-04 19:00",
        "2026-12-11 18:30",  # moved by hand: it stays where it was put
        "2026-12-18 19:00",
        "2026-12-25 19:00",
    ]
    assert Attendance.objects.get().occurrence == on(series, "2026-11-27")
    assert on(series, "2026-12-04").note == "Bring the banner"
    assert on(series, "2026-12-18").cancelled_at == NOW
    assert {row.place for row in series.occurrences.filter(binned_at=None)} == {"La Cale"}
    assert filling.fill_due(now=NOW) == 0
    before = set(series.occurrences.values_list("pk", "binned_at"))
    filling.settle(series, NOW)
    assert set(series.occurrences.values_list("pk", "binned_at")) == before


def test_a_date_with_guests_that_the_new_rule_has_no_place_for_stays(team, lea, jo):
    series = make_series(team, lea)
    planning.invite(on(series, "2026-12-03"), [jo])
    wanted = wanted_of(LAST_THURSDAY, hosts=[lea])
    scheduling.edit(series=series, by=lea, wanted=wanted, now=NOW)
    assert dates(series, 4) == [
        "2026-11-26 18:30",
        "2026-12-03 18:30",
        "2026-12-31 18:30",
        "2027-01-28 18:30",
    ]
    series.refresh_from_db()
    assert series.rdates == ["2026-12-03T18:30:00"]
    filling.settle(series, NOW)
    assert dates(series, 2) == ["2026-11-26 18:30", "2026-12-03 18:30"]


def test_what_one_date_says_of_its_own_is_not_overwritten(team, lea):
    noe = make_member(team, "Noé Tessier")
    series = make_series(team, lea, title="Apéro", place="Le Bocal")
    own = on(series, "2026-12-03")
    Occurrence.objects.filter(pk=own.pk).update(place="La Cale", ends_at=own.ends_at + timedelta(hours=1))
    own.hosts.set([noe])
    wanted = wanted_of(THURSDAYS, title="Apéro d’hiver", place="Le Préau", minutes=90, hosts=[lea, noe])
    scheduling.edit(series=series, by=lea, wanted=wanted, now=NOW)
    own.refresh_from_db()
    assert (own.title, own.place, own.ends_at - own.starts_at) == (
        "Apéro d’hiver",
        "La Cale",
        timedelta(hours=2),
    )
    assert list(own.hosts.all()) == [noe]
    other = on(series, "2026-12-10")
    assert (other.place, other.ends_at - other.starts_at) == ("Le Préau", timedelta(minutes=90))
    assert set(other.hosts.all()) == {lea, noe}


def test_what_has_taken_place_stays_as_it_was(team, lea, jo):
    series = make_series(
        team, lea, now=NOW - timedelta(days=30), starts_on=date(2026, 10, 29), place="Le Bocal"
    )
    past = on(series, "2026-11-19")
    attendance.took_place(occurrence=past, contacts=[jo], by=lea, now=NOW)
    wanted = wanted_of(FRIDAYS, starts_on=date(2026, 11, 27), place="La Cale", hosts=[lea])
    scheduling.edit(series=series, by=lea, wanted=wanted, now=NOW)
    past.refresh_from_db()
    assert (past.place, past.outcome, local(past.starts_at)) == (
        "Le Bocal",
        Outcome.TOOK_PLACE,
        "2026-11-19 18:30",
    )
    assert Participation.objects.count() == 1
    assert dates(series, 5) == [
        "2026-10-29 18:30",
        "2026-11-05 18:30",
        "2026-11-12 18:30",
        "2026-11-19 18:30",
        "2026-11-27 18:30",
    ]


def test_this_and_following_become_a_series_of_their_own(team, lea, jo):
    series = make_series(team, lea, ("FREQ=WEEKLY;BYDAY=TH;COUNT=6",), title="Apéro")
    planning.invite(on(series, "2026-12-17"), [jo])
    split = on(series, "2026-12-10")
    wanted = wanted_of(
        ("FREQ=WEEKLY;BYDAY=TH;COUNT=4",),
        starts_on=date(2026, 12, 10),
        starts_time=time(20),
        title="Apéro",
        hosts=[lea],
    )
    scheduling.edit_following(occurrence=split, by=lea, wanted=wanted, now=NOW)
    new = Series.objects.get(follows=series)
    assert dates(series, 9) == ["2026-11-26 18:30", "2026-12-03 18:30"]
    assert dates(new, 9) == ["2026-12-10 20:00", "2026-12-17 20:00", "2026-12-24 20:00", "2026-12-31 20:00"]
    series.refresh_from_db()
    assert series.rules == ["FREQ=WEEKLY;BYDAY=TH;UNTIL=20261210T172959Z"]
    assert Attendance.objects.get().occurrence == on(new, "2026-12-17")
    assert filling.fill_due(now=NOW + timedelta(days=60)) == 0
    for one in (series, new):
        filling.settle(one, NOW)
    assert len(dates(series, 9)) + len(dates(new, 9)) == 6


def test_from_the_first_date_on_is_the_whole_series(team, lea):
    series = make_series(team, lea)
    wanted = wanted_of(THURSDAYS, title="Apéro", hosts=[lea])
    scheduling.edit_following(occurrence=on(series, "2026-11-26"), by=lea, wanted=wanted, now=NOW)
    assert Series.objects.get().title == "Apéro"


def snapshot(team):
    """All that stands of a team's series: rules, dates, hosts, guests."""
    series = Series.objects.filter(team=team, binned_at=None)
    rows = Occurrence.objects.filter(team=team, binned_at=None)
    return (
        {(one.pk, str(one.rules), one.title, str(one.rdates), one.ended_at) for one in series},
        {
            (row.pk, row.series_id, row.starts_at, row.original_start, row.place, row.cancelled_at)
            for row in rows
        },
        set(rows.values_list("pk", "hosts")),
        set(Attendance.objects.filter(occurrence__binned_at=None).values_list("occurrence", "contact")),
    )


@pytest.mark.parametrize("what", ["all", "following", "end"])
def test_each_change_is_undone_whole(team, lea, jo, what):
    noe = make_member(team, "Noé Tessier")
    series = make_series(team, lea, place="Le Bocal")
    planning.invite(on(series, "2026-12-17"), [jo])
    planning.cancel(occurrence=on(series, "2026-12-24"), by=lea, now=NOW)
    was = snapshot(team)
    wanted = wanted_of(
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",), starts_on=date(2026, 12, 10), place="La Cale", hosts=[noe]
    )
    if what == "all":
        operation = scheduling.edit(series=series, by=lea, wanted=wanted, now=NOW)
    elif what == "following":
        split = on(series, "2026-12-10")
        operation = scheduling.edit_following(occurrence=split, by=lea, wanted=wanted, now=NOW)
    else:
        operation = scheduling.end(series=series, by=lea, now=NOW)
    assert snapshot(team) != was
    assert Attendance.objects.filter(occurrence__binned_at=None).count() == 1
    scheduling.take_back(operation, by=lea, now=NOW + timedelta(hours=1))
    assert snapshot(team) == was
    with pytest.raises(changes.CannotUndo):
        scheduling.take_back(operation, by=lea, now=NOW)


def test_what_has_another_date_in_its_place_by_now_cannot_be_undone(team, lea):
    series = make_series(team, lea)
    wanted = wanted_of(("FREQ=WEEKLY;BYDAY=FR",), hosts=[lea])
    operation = scheduling.edit(series=series, by=lea, wanted=wanted, now=NOW)
    series.refresh_from_db()
    thursday = datetime(2026, 12, 3, 17, 30, tzinfo=UTC)
    planned = {"by": lea, "client_id": uuid.uuid4(), "kind": series.kind}
    scheduling.plan_further(series=series, starts_at=thursday, now=NOW, **planned)
    before = snapshot(team)
    with pytest.raises(changes.CannotUndo):
        scheduling.take_back(operation, by=lea, now=NOW)
    assert snapshot(team) == before


def test_guests_invited_to_a_new_date_outlive_an_undo(team, lea, jo):
    series = make_series(team, lea)
    wanted = wanted_of(("FREQ=WEEKLY;BYDAY=TH,SU",), hosts=[lea])
    operation = scheduling.edit(series=series, by=lea, wanted=wanted, now=NOW)
    planning.invite(on(series, "2026-11-29"), [jo])
    scheduling.take_back(operation, by=lea, now=NOW)
    assert dates(series, 3) == ["2026-11-26 18:30", "2026-11-29 18:30", "2026-12-03 18:30"]


def test_a_tag_erased_since_does_not_stand_in_the_way_of_an_undo(team, lea):
    series = make_series(team, lea, tags=["Bar", "Canari"])
    operation = scheduling.edit(series=series, by=lea, wanted=wanted_of(THURSDAYS, tags=["Rock"]), now=NOW)
    Tag.objects.get(name="Canari").delete()
    scheduling.take_back(operation, by=lea, now=NOW)
    assert [tag.name for tag in series.tags.all()] == ["Bar"]
    connection.check_constraints()


def test_a_new_series_undone_is_gone_with_its_dates(team, lea):
    series, operation = scheduling.start(
        team=team, by=lea, client_id=uuid.uuid4(), wanted=wanted_of(THURSDAYS), now=NOW
    )
    scheduling.take_back(operation, by=lea, now=NOW)
    assert not Series.objects.visible_to(lea).exists()
    assert not Occurrence.objects.visible_to(lea).exists()
    assert filling.fill_due(now=NOW + timedelta(days=30)) == 0
    with pytest.raises(planning.CannotChange):
        scheduling.end(series=series, by=lea, now=NOW)


def test_ended_it_has_no_more_dates_and_may_go_on_again(team, lea, jo):
    series = make_series(team, lea)
    planning.invite(on(series, "2026-12-03"), [jo])
    scheduling.end(series=series, by=lea, now=NOW)
    assert dates(series, 9) == ["2026-12-03 18:30"]
    assert on(series, "2026-12-03").cancelled_at == NOW
    assert filling.fill_due(now=NOW + timedelta(days=30)) == 0
    operation = scheduling.resume(series=series, by=lea, now=NOW)
    assert dates(series, 3) == ["2026-11-26 18:30", "2026-12-03 18:30", "2026-12-10 18:30"]
    assert on(series, "2026-12-03").cancelled_at is None
    scheduling.take_back(operation, by=lea, now=NOW)
    assert on(series, "2026-12-03").cancelled_at == NOW
    scheduling.resume(series=series, by=lea, now=NOW)
    with pytest.raises(planning.CannotChange):
        scheduling.resume(series=series, by=lea, now=NOW)


def test_a_date_called_off_before_the_end_stays_so_when_it_goes_on(team, lea, jo):
    series = make_series(team, lea)
    planning.invite(on(series, "2026-12-03"), [jo])
    planning.cancel(occurrence=on(series, "2026-12-03"), by=lea, now=NOW)
    later = NOW + timedelta(minutes=1)
    scheduling.end(series=series, by=lea, now=later)
    scheduling.resume(series=series, by=lea, now=later)
    assert on(series, "2026-12-03").cancelled_at == NOW


def test_a_further_date_beside_the_rules(team, lea):
    series = make_series(team, lea, ("FREQ=WEEKLY;BYDAY=TH;COUNT=1",))
    saturday = datetime(2026, 11, 28, 18, 30, tzinfo=PARIS).astimezone(UTC)
    further = {"by": lea, "kind": series.kind, "client_id": uuid.uuid4(), "title": "Extra"}
    occurrence, operation = scheduling.plan_further(series=series, starts_at=saturday, now=NOW, **further)
    occurrence.refresh_from_db()
    assert (occurrence.series, occurrence.original_start) == (series, saturday)
    assert scheduling.plan_further(series=series, starts_at=saturday, now=NOW, **further)[1] is None
    with pytest.raises(planning.CannotChange):
        scheduling.plan_further(
            series=series, starts_at=saturday, now=NOW, **further | {"client_id": uuid.uuid4()}
        )
    filling.settle(Series.objects.get(), NOW)
    assert dates(series, 5) == ["2026-11-26 18:30", "2026-11-28 18:30"]
    changes.undo(operation, by=lea, now=NOW)
    filling.settle(Series.objects.get(), NOW)
    assert dates(series, 5) == ["2026-11-26 18:30"]
