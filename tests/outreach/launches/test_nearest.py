"""The launch ahead in one card: its figures are those of its board."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from communitycrm.pages import agenda
from contacts import directory
from outreach.launches import coverage, planning
from outreach.models import Approach
from tests.cast import NOW, make_contact, make_member, make_outsider, make_team
from tests.events.cast import make_occurrence
from tests.outreach.launches.cast import DAY, approach, make_launch, meet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team, client):
    person = make_member(team, language="en")
    client.force_login(person)
    return person


def ahead(lea, team):
    return agenda.of_person(lea, team, NOW).launch


def test_it_counts_as_the_board_does(team, lea):
    bands = [make_contact(team, f"Band {n}", "band") for n in range(8)]
    jo, al = make_contact(team, "Jo"), make_contact(team, "Al")
    samira = make_contact(team, "Samira", "colleague")
    launch = make_launch(team, [*bands, al, samira], by=lea)
    for person, group in ((jo, bands[0]), (al, bands[1])):
        directory.affiliate(person=person, group=group)
    meet(launch, lea, [jo])  # a member of the first
    meet(launch, lea, [al])  # asked for himself: not for the second
    meet(launch, lea, [bands[2], samira])
    meet(launch, lea, [bands[3]], is_real=False, kind="call")
    meet(launch, lea, [bands[4]], binned_at=NOW)
    for band, state in ((bands[5], "met"), (bands[6], "on_board"), (bands[7], "no")):
        planning.say(approach(launch, band), coverage.State(state), by_meeting=False, by=lea, now=NOW)
    Approach.objects.filter(contact=bands[3]).update(binned_at=NOW)
    board, card = coverage.of_launch(launch), ahead(lea, team)
    assert (card.met, card.total, card.are_groups) == (board.met, board.total, board.are_groups)
    assert (card.met, card.total, card.are_groups) == (5, 8, False)
    assert (card.sentence, card.left) == ("5 of 8 contacts met", "3 weeks left")


def test_it_is_the_next_one_of_ones_own_team_until_its_day(team, lea):
    make_launch(make_outsider().memberships.get().team, day=NOW.date(), name="Elsewhere")
    assert ahead(lea, team) is None
    make_launch(team, day=DAY, name="Later")
    make_launch(team, [make_contact(team, "Brume", "band")], day=NOW.date(), name="Today")
    make_launch(team, day=date(2026, 11, 23), name="Out")
    card = ahead(lea, team)
    assert (card.launch.name, card.left, card.sentence) == ("Today", "today is the day", "0 of 1 group met")


def test_today_shows_it_with_a_link_and_asks_nothing_more(client, team, lea):
    make_occurrence(team, lea, starts_at=NOW + timedelta(days=1))
    with CaptureQueriesContext(connection) as without:
        client.get("/")
    launch = make_launch(team, [make_contact(team, "Brume", "band")], by=lea)
    with CaptureQueriesContext(connection) as with_it:
        page = client.get("/").content.decode()
    assert "0 of 1 group met" in page and reverse("outreach:launch", args=[launch.pk]) in page
    assert len(with_it) <= len(without)
