"""Regular meetings in the ratio: planned for each host, counted once they were noted, otherwise neither."""

import datetime as dt

import pytest

from events import attendance, planning, scheduling
from ratio import presence, readings
from ratio.verdicts import Counts
from tests.cast import NOW, make_contact, make_member, make_team
from tests.events.cast import make_series, wanted_of
from tests.ratio.people import THIS_MONDAY

pytestmark = pytest.mark.django_db
SUNDAY = THIS_MONDAY + dt.timedelta(days=6)
NEXT_SUNDAY = SUNDAY + dt.timedelta(days=7)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team)


def planned(person, team, until=SUNDAY, now=NOW):
    book = readings.of_person(person, team, now=now)
    return book.of(person).ledger.planned(now, until).real


def counts(person, team, now=NOW):
    book = readings.of_person(person, team, now=now)
    return book.of(person).ledger.reading(now).counts


def test_each_date_to_come_is_planned_for_each_host_and_counts_as_nothing(team, lea):
    noe, ada = make_member(team, "Noé Tessier"), make_member(team, "Ada Roux")
    make_series(team, lea, others=(noe,))
    assert [planned(one, team, NEXT_SUNDAY) for one in (lea, noe, ada)] == [2, 2, 0]
    assert planned(lea, team) == 1
    assert counts(lea, team) == Counts(0, 0)
    assert presence.card(lea, team, NOW) is not None


def test_cancelled_ended_and_dropped_dates_vanish(team, lea):
    series = make_series(team, lea)
    first = series.occurrences.order_by("starts_at").first()
    planning.cancel(occurrence=first, by=lea, now=NOW)
    assert planned(lea, team, NEXT_SUNDAY) == 1
    wanted = wanted_of(("FREQ=MONTHLY;BYDAY=-1TH",), hosts=[lea])
    scheduling.edit(series=series, by=lea, wanted=wanted, now=NOW)
    assert planned(lea, team, NEXT_SUNDAY) == 0
    scheduling.end(series=series, by=lea, now=NOW)
    assert planned(lea, team, SUNDAY + dt.timedelta(days=120)) == 0


def test_over_and_unanswered_it_is_neither(team, lea):
    make_series(team, lea)
    friday = NOW + dt.timedelta(days=3)
    assert planned(lea, team, SUNDAY, friday) == 0
    assert counts(lea, team, friday) == Counts(0, 0)


@pytest.mark.parametrize("answer", [attendance.nobody_came, attendance.did_not_take_place])
def test_nobody_came_and_it_did_not_take_place_count_as_nothing(team, lea, answer):
    series = make_series(team, lea)
    friday = NOW + dt.timedelta(days=3)
    answer(occurrence=series.occurrences.order_by("starts_at").first(), by=lea, now=friday)
    assert counts(lea, team, friday) == Counts(0, 0)


def test_noted_it_counts_once_in_full_for_each_host_however_many_came(team, lea):
    noe = make_member(team, "Noé Tessier")
    series = make_series(team, lea, others=(noe,))
    friday = NOW + dt.timedelta(days=3)
    guests = [make_contact(team, f"Jo {n}") for n in range(30)]
    first = series.occurrences.order_by("starts_at").first()
    attendance.took_place(occurrence=first, contacts=guests, by=lea, now=friday)
    assert counts(lea, team, friday) == counts(noe, team, friday) == Counts(1, 0)
    assert planned(lea, team, NEXT_SUNDAY, friday) == 1
