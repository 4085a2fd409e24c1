"""What the team's real actions were: counted once each, by whom they were with."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import translation

from contacts.models import Tag
from events.models import Outcome, Series
from ratio import report
from tests.cast import NOW, make_contact, make_lead, make_member, make_touchpoint, touchpoint_kind
from tests.events.cast import make_occurrence
from tests.ratio.people import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2026, 10, 1), NOW.date()


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def people(team):
    return [make_member(team, name, language="en") for name in ("Anna", "Noé", "Tom")]


def of(team, viewer, tag=None, first=FIRST):
    return report.of_period(team, viewer, first, LAST, tag=tag, now=NOW)


def test_each_meeting_once_by_kind_town_and_tag(team, people):
    anna, noe, _tom = people
    rock = Tag.objects.create(team=team, name="rock", key="rock")
    band = make_contact(team, "Brume", "band", town="Caen")
    zine = make_contact(team, "Ça sature", "webzine", town="Rouen")
    old = make_contact(team, "Jo", town="Caen", last_met_at=NOW)
    never = make_contact(team, "Zut", owner=noe)
    band.tags.add(rock)
    make_touchpoint(team, anna, [old], met_at=NOW - 200 * DAY)
    make_touchpoint(team, anna, [band, zine], met_at=NOW - 3 * DAY, others=(noe,))
    make_touchpoint(team, noe, [old], met_at=NOW - 40 * DAY)
    make_touchpoint(team, noe, [old], met_at=NOW - DAY, kind="call")
    make_touchpoint(team, noe, [zine], met_at=NOW - 2 * DAY, binned_at=NOW)
    found = of(team, anna)
    assert (found.meetings, found.reached, found.new, found.known) == (2, 3, 2, 1)
    assert {(one.words, one.meetings, one.contacts) for one in found.kinds} == {
        ("Band", 1, 1),
        ("Webzine", 1, 1),
        ("Person", 1, 1),
    }
    assert [(one.words, one.meetings) for one in found.towns] == [("Caen", 2), ("Rouen", 1)]
    assert [(one.words, one.meetings) for one in found.tags] == [("rock", 1)]
    assert [(one.first.month, one.meetings, one.reached, one.new) for one in found.months] == [
        (10, 1, 1, 0),
        (11, 1, 2, 2),
    ]
    assert (found.seen, found.base) == (3, 4)
    assert never in found.unmet and found.unmet_count == 3
    tagged = of(team, anna, rock)
    assert (tagged.meetings, tagged.base) == (1, 1)
    assert report.Report(team, FIRST, LAST, None).share_seen is None


def test_recurring_events_held_and_skipped(team, people):
    anna = people[0]
    series = Series.objects.create(
        team=team,
        kind=touchpoint_kind("apero"),
        title="Apéro",
        starts_on=FIRST,
        starts_time=dt.time(18, 30),
        zone_name="Europe/Paris",
        created_by=anna,
        client_id="6a2f4e0e-0000-4000-8000-000000000001",
        created_at=NOW,
    )
    for back, fields in (
        (7, {"outcome": Outcome.TOOK_PLACE}),
        (14, {"cancelled_at": NOW}),
        (21, {"outcome": Outcome.NOBODY_CAME}),
        (-7, {}),
    ):
        at = NOW - back * DAY
        make_occurrence(team, anna, starts_at=at, series=series, original_start=at, **fields)
    assert [(one.words, one.held, one.skipped) for one in of(team, anna).regulars] == [("Apéro", 1, 2)]


def test_a_small_team_is_told_why_unless_it_is_ones_own(team):
    anna = make_member(team, "Anna", "both")
    lead = make_lead(team)
    assert of(team, anna).told_why == ""
    assert "one person’s" in of(team, lead).told_why


def test_the_page_prints_and_refuses_periods_that_cannot_be(client, team, people):
    signed_in(client, make_lead(team, language="en"))
    where = reverse("ratio:report", args=[team.slug])
    page = client.get(where)
    assert "0 meetings in person" in page.content.decode()
    for wrong in ({"first": "2026-11-02", "last": "2026-11-01"}, {"first": "2001-01-01"}):
        assert client.get(where, wrong).status_code == 422
    assert client.get(where, {"first": "2026-01-01", "last": "2026-06-30"}).status_code == 200
