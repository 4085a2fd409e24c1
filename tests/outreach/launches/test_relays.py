"""Short links: where they lead, what of a click is kept, how they add up."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from communitycrm import ticking
from outreach.launches import clicks, following, planning, relaying, relays
from outreach.launches.addresses import target
from outreach.launches.coverage import State
from outreach.models import Click, ClicksOfDay, Launch, Relay
from tests.cast import NOW, make_contact, make_member, make_team
from tests.outreach.launches.cast import ADDRESS, DAY, approach, make_launch

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
UTM = {"utm_source": "{relay}", "utm_medium": "relay", "utm_campaign": "ouverture", "utm_content": ""}


@pytest.fixture
def lea(db):
    return make_member(make_team(), language="en")


@pytest.fixture
def relay(lea):
    team = lea.memberships.get().team
    band = make_contact(team, "La Cale", "association")
    launch = make_launch(team, [band], by=lea)
    planning.say(approach(launch, band), State.ON_BOARD, by_meeting=False, by=lea, now=NOW)
    return Relay.objects.select_related("launch__team").get()


def click(client, relay, method="get", agent=FIREFOX, **headers):
    return getattr(client, method)(f"/r/{relay.code}", headers={"user-agent": agent, **headers})


def follow(relay, now):
    return following.follow(relay.code, counted=True, now=now)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://a.example/", "https://a.example/?utm_source=la-cale&utm_medium=relay&utm_campaign=ouverture"),
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1&utm_source=la-cale&utm_medium=relay&utm_campaign=ouverture#z"),
        ("https://a.example/?utm_medium=own", "https://a.example/?utm_medium=own&utm_source=la-cale&utm_campaign=ouverture"),
        ("https://a.example/?utm_source=", "https://a.example/?utm_source=&utm_medium=relay&utm_campaign=ouverture"),
        ("", ""),
        ("javascript:alert(1)", ""),
        ("//evil.example/", ""),
        ("https:///path", ""),
    ],
)  # fmt: skip
def test_parameters_are_added_and_what_the_address_says_stays(address, expected):
    assert target(address, UTM, "la-cale") == expected


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_a_parameter_holds_the_address_stays_the_launchs(value, relay):
    assert target("https://a.example/x", {"utm_source": value}, relay).startswith("https://a.example/x")


def test_a_click_leads_to_the_launchs_address_and_leaves_only_a_day(client, relay, django_assert_num_queries):
    with django_assert_num_queries(0):  # beside the two that go to the driver itself
        response = click(client, relay, cookie="sessionid=x; csrftoken=y")
    assert response.status_code == 302
    assert response["Location"] == f"{ADDRESS}?utm_source=la-cale&utm_medium=relay&utm_campaign=ouverture"
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert [field.name for field in Click._meta.fields] == ["id", "relay", "day"]
    assert Click.objects.count() == 1


@pytest.mark.parametrize("query", ["?next=https://evil.example", "?utm_source=x", "?to=//evil.example"])
def test_nothing_in_the_link_changes_where_it_leads(client, relay, query):
    response = client.get(f"/r/{relay.code}{query}", headers={"user-agent": FIREFOX})
    assert response["Location"].startswith(f"{ADDRESS}?utm_source=la-cale")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/r/unknown", "/r/", "/r/..%2F", "/r/a/b", "/r/%00", "/r/https://evil.example"]
)
def test_an_unknown_link_leads_nowhere(client, path):
    assert client.get(path).status_code == 404


def test_a_link_of_a_launch_in_the_bin_or_without_an_address_leads_nowhere(client, relay, lea):
    Launch.objects.update(address="")
    assert click(client, relay).status_code == 404
    Launch.objects.update(address=ADDRESS, binned_at=NOW)
    assert click(client, relay).status_code == 404


def test_those_who_ask_together_are_answered_together(relay):
    other = Relay.objects.create(launch=relay.launch, code="bcdefgh", name="radio", created_at=NOW)
    visits = [
        following._Visit(relay.code, True, NOW),
        following._Visit(relay.code, False, NOW),
        following._Visit(other.code, True, NOW),
        following._Visit("nowhere", True, NOW),
    ]
    following._answer(visits)
    there = following.follow(relay.code, counted=False, now=NOW)
    assert [visit.target for visit in visits] == [there, there, there.replace("la-cale", "radio"), ""]
    assert clicks.by_day(relay.launch) == {relay.pk: {NOW.date(): 1}, other.pk: {NOW.date(): 1}}


def test_the_address_may_change_and_printed_codes_follow(client, relay):
    Launch.objects.update(address="https://ailleurs.example/")
    assert click(client, relay)["Location"].startswith("https://ailleurs.example/?")


@pytest.mark.parametrize(
    "asked",
    [{"method": "head"}, {"sec-purpose": "prefetch"}, {"agent": "WhatsApp/2.24"}, {"agent": ""}],
    ids=str,
)
def test_programs_are_sent_on_and_not_counted(client, relay, asked):
    assert click(client, relay, **asked).status_code == 302
    assert not Click.objects.exists()


def test_only_get_and_head_are_answered(client, relay):
    assert click(client, relay, "post").status_code == 405


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 12, 14, 22, 59, tzinfo=UTC), date(2026, 12, 14)),
        (datetime(2026, 12, 14, 23, 1, tzinfo=UTC), date(2026, 12, 15)),
    ],
)
def test_the_day_of_a_click_is_the_teams(relay, instant, day):
    follow(relay, instant)
    assert Click.objects.get().day == day


def test_clicks_are_the_same_before_while_and_after_they_are_added_up(relay, monkeypatch):
    monkeypatch.setattr(clicks, "AT_ONCE", 3)
    for _ in range(7):
        follow(relay, NOW)
    assert clicks.by_day(relay.launch) == {relay.pk: {NOW.date(): 7}}
    assert ticking.tick(now=NOW).did["clicks"] == 7
    assert not Click.objects.exists()
    follow(relay, NOW)
    follow(relay, NOW + timedelta(days=1))
    assert clicks.by_day(relay.launch) == {relay.pk: {NOW.date(): 8, date(2026, 11, 25): 1}}
    clicks.add_up(NOW)
    assert clicks.add_up(NOW) == 0
    assert clicks.by_day(relay.launch) == {relay.pk: {NOW.date(): 8, date(2026, 11, 25): 1}}


@pytest.mark.django_db(transaction=True)
def test_clicking_and_adding_up_side_by_side_loses_and_doubles_nothing(lea, monkeypatch):
    if connection.vendor != "postgresql":
        return  # the tests' SQLite lives in memory, where threads cannot wait for one another; bench/ does it on a file
    monkeypatch.setattr(clicks, "AT_ONCE", 7)
    launch = make_launch(lea.memberships.get().team, by=lea)
    relay = Relay.objects.create(launch=launch, code="abcdefg", name="x", created_at=NOW)

    def work(act):
        try:
            act()
        finally:
            connection.close()

    def clicking():
        for _ in range(40):
            follow(relay, NOW)

    def adding():
        for _ in range(15):
            clicks.add_up(NOW)

    threads = [threading.Thread(target=work, args=(act,)) for act in (clicking, clicking, adding, adding)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    following._process().close()
    assert clicks.by_day(launch) == {relay.pk: {NOW.date(): 80}}
    clicks.add_up(NOW)
    assert [row.clicks for row in ClicksOfDay.objects.all()] == [80]


def test_the_page_shows_links_clicks_and_shares(client, relay, lea):
    client.force_login(lea)
    for _ in range(3):
        follow(relay, NOW)
    follow(relay, datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC))
    text = client.get(reverse("outreach:launch_relays", args=[relay.launch_id])).content.decode()
    assert relays.address(relay) in text
    assert "4 clicks" in text
    assert "1 in the first week" in text
    assert "100%" in text


def test_parameters_are_the_teams_choice(client, relay, lea):
    client.force_login(lea)
    address = reverse("outreach:launch_relays", args=[relay.launch_id])
    client.post(
        address,
        {"utm_source": "bouche-a-oreille", "utm_medium": "", "utm_campaign": "", "utm_content": "{relay}"},
    )
    assert click(client, relay)["Location"] == f"{ADDRESS}?utm_source=bouche-a-oreille&utm_content=la-cale"


def test_the_qr_code_holds_the_short_link(client, relay, lea):
    client.force_login(lea)
    for address in (
        reverse("outreach:relay_sheet", args=[relay.launch_id, relay.pk]),
        reverse("outreach:relay_sheets", args=[relay.launch_id]),
    ):
        text = client.get(address).content.decode()
        assert "<svg" in text
        assert "style=" not in text
        assert relays.address(relay) in text
    other = make_launch(relay.launch.team, by=lea, name="Autre")
    assert client.get(reverse("outreach:relay_sheet", args=[other.pk, relay.pk])).status_code == 404
    assert "<script" not in str(relaying.picture("https://x.example/?<script>"))
