"""Both services as real HTTP servers, well and with faults: what is fetched is written all or not at all."""

import logging
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import changes
from accounts.models import AuditEntry
from foundation import fetch
from outreach import sealing
from outreach.launches import fetching, visits
from outreach.launches.analytics import plausible
from outreach.launches.analytics.base import WEEK, Figure, day_figure, whole
from outreach.models import Analytics, Launch, Origin, Visitors
from tests.cast import NOW, make_member, make_team
from tests.outreach.launches.analytics.fakes import TOKEN, services
from tests.outreach.launches.cast import make_launch, make_visitors, with_analytics

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 12)  # a Thursday; its first week was over on the 18th, six days before NOW
KINDS = [("matomo", "7"), ("plausible", "radio.example")]


@pytest.fixture
def fake(settings, monkeypatch):
    settings.FETCH_PRIVATE = True
    monkeypatch.setattr(fetch, "SECONDS", 0.8)
    with services() as fake:
        fake.days = {DAY + timedelta(days=n): 900 - 50 * n for n in range(5)}
        fake.weeks = {DAY: 3120, date(2026, 11, 9): 2800}
        yield fake


@pytest.fixture
def lea(db):
    return make_member(make_team(), language="en")


@pytest.fixture
def launch(lea):
    return make_launch(lea.memberships.get().team, by=lea, day=DAY)


def counting(launch, lea, fake, service, site, **fields):
    return with_analytics(launch, lea, fake.url, service=service, site=site, **{"token": TOKEN, **fields})


def figures(launch):
    return {(one.first_day, one.last_day): one.count for one in Visitors.objects.filter(launch=launch)}


@pytest.mark.parametrize(("service", "site"), KINDS)
def test_days_and_the_week_are_asked_for_each_as_such(fake, launch, lea, service, site):
    row = counting(launch, lea, fake, service, site)
    assert fetching.fetch_due(NOW) == 1
    found = visits.of_launch(launch)
    assert {day: one.count for day, one in found.days.items() if one.count} == fake.days
    assert (found.week.count, found.week.is_exact) == (
        3120,
        True,
    )  # not the 4000 that the days would add up to
    row.refresh_from_db()
    assert (row.trouble, row.fetched_at, row.leased_until) == ("", NOW, None)
    assert row.next_at.astimezone(launch.team.zone).isoformat() == "2026-11-25T06:10:00+01:00"
    assert fetching.fetch_due(NOW) == 0  # not due again before tomorrow


def test_a_day_that_plausible_does_not_name_is_a_gap(fake, launch, lea):
    counting(launch, lea, fake, "plausible", "radio.example")
    fetching.fetch_due(NOW)
    assert visits.of_launch(launch).missing(NOW.date())[0] == DAY + timedelta(days=5)


def test_a_matomo_that_counts_no_ranges_gives_the_calendar_week_and_it_is_shown_as_that(
    fake, launch, lea, client
):
    fake.counts_ranges, fake.weeks[DAY] = False, 2800
    counting(launch, lea, fake, "matomo", "7")
    fetching.fetch_due(NOW)
    week = visits.of_launch(launch).week
    assert (week.count, week.is_exact) == (2800, False)
    assert (week.visitors.first_day, week.visitors.last_day) == (date(2026, 11, 9), date(2026, 11, 15))
    client.force_login(lea)
    assert (
        "calendar week of the launch day"
        in client.get(reverse("outreach:launch_after", args=[launch.pk])).content.decode()
    )


def test_the_week_is_asked_for_once_it_is_over(fake, launch, lea):
    counting(launch, lea, fake, "plausible", "radio.example")
    Launch.objects.update(day=date(2026, 11, 19))
    fetching.fetch_due(NOW)
    assert visits.of_launch(Launch.objects.select_related("team").get()).week is None


FAULTS = [
    ("401", "refused", None),
    ("403", "refused", None),
    ("404", "gone", None),
    ("429", "busy", timedelta(minutes=5)),
    ("500", "down", timedelta(minutes=5)),
    ("503", "down", timedelta(minutes=5)),
    ("slow", "down", timedelta(minutes=5)),
    ("cut", "down", timedelta(minutes=5)),
    ("<html>Sign in</html>", "odd", timedelta(minutes=5)),
    ("null", "odd", timedelta(minutes=5)),
    ('"text"', "odd", timedelta(minutes=5)),
    ('{"results": "none"}', "odd", timedelta(minutes=5)),
    ('{"results": [{"dimensions": ["2026-11-12"], "metrics": ["many"]}], "2026-11-12": "many"}', "odd", timedelta(minutes=5)),
    ('{"results": [{"dimensions": ["soon"], "metrics": [3]}], "soon": 3}', "odd", timedelta(minutes=5)),
    ('{"results": [{"dimensions": ["2026-11-12"], "metrics": [-1]}], "2026-11-12": -1}', "odd", timedelta(minutes=5)),
    ('{"results": [{"dimensions": ["2026-11-12"], "metrics": [1000000001]}], "2026-11-12": 1000000001}', "odd", timedelta(minutes=5)),
    ('{"results": [{}], "2026-11-12": null}', "odd", timedelta(minutes=5)),
]  # fmt: skip


@pytest.mark.parametrize(("service", "site"), KINDS)
@pytest.mark.parametrize(("fault", "trouble", "wait"), FAULTS, ids=[fault[:12] for fault, *_ in FAULTS])
def test_a_service_in_trouble_says_so_and_changes_nothing(
    fake, launch, lea, fault, trouble, wait, service, site
):
    make_visitors(launch, DAY, 77, origin=Origin.FETCHED)
    row = counting(launch, lea, fake, service, site)
    fake.fault = fault
    assert fetching.fetch_due(NOW) == 0
    row.refresh_from_db()
    assert (row.trouble, row.troubled_at, row.fetched_at) == (trouble, NOW, None)
    assert row.next_at == (NOW + wait if wait else None)
    assert figures(launch) == {(DAY, DAY): 77}


@pytest.mark.parametrize("count", [0, 1_000_000_000])
def test_the_least_and_the_most_visitors_are_written(launch, lea, monkeypatch, count):
    with_analytics(launch, lea, service="plausible")
    monkeypatch.setattr(plausible, "days", lambda *asked: [day_figure("2026-11-12", count)])
    monkeypatch.setattr(plausible, "week", lambda *asked: Figure(DAY, DAY + WEEK, whole(count)))
    assert fetching.fetch_due(NOW) == 1
    assert figures(launch) == {(DAY, DAY): count, (DAY, DAY + WEEK): count}


@pytest.mark.parametrize("known", [True, False])
def test_a_day_named_twice_alike_is_one_day(launch, lea, monkeypatch, known):
    if known:
        make_visitors(launch, DAY, 77, origin=Origin.FETCHED)
    with_analytics(launch, lea, service="plausible")
    monkeypatch.setattr(plausible, "days", lambda *asked: [day_figure("2026-11-12", 3)] * 2)
    monkeypatch.setattr(plausible, "week", lambda *asked: Figure(DAY, DAY + WEEK, 3))
    assert fetching.fetch_due(NOW) == 1
    assert figures(launch) == {(DAY, DAY): 3, (DAY, DAY + WEEK): 3}


def test_a_day_of_two_figures_is_odd_and_neither_is_written(launch, lea, monkeypatch):
    row = with_analytics(launch, lea, service="plausible")
    monkeypatch.setattr(
        plausible, "days", lambda *asked: [day_figure("2026-11-12", 3), day_figure("20261112", 4)]
    )
    monkeypatch.setattr(plausible, "week", lambda *asked: Figure(DAY, DAY + WEEK, 3))
    assert fetching.fetch_due(NOW) == 0
    row.refresh_from_db()
    assert (row.trouble, figures(launch)) == ("odd", {})


def test_what_cannot_be_written_is_not_settled_and_comes_with_the_next_lease(fake, launch, lea, monkeypatch):
    row = counting(launch, lea, fake, "plausible", "radio.example")
    with monkeypatch.context() as broken:
        broken.setattr(changes, "begin", lambda **_: (_ for _ in ()).throw(RuntimeError("broken")))
        with pytest.raises(RuntimeError, match="broken"):
            fetching.fetch_due(NOW)
    row.refresh_from_db()
    assert (row.fetched_at, row.next_at, figures(launch)) == (None, NOW, {})
    assert fetching.fetch_due(row.leased_until + timedelta(seconds=1)) == 1
    assert figures(launch)[DAY, DAY] == 900


def test_it_backs_off_and_is_well_again_when_the_service_is(fake, launch, lea):
    row = counting(launch, lea, fake, "plausible", "radio.example")
    fake.fault, now, waits = "500", NOW, []
    for _ in range(9):
        fetching.fetch_due(now)
        row.refresh_from_db()
        waits.append(row.next_at - now)
        now = row.next_at
    assert waits[:3] == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20)]
    assert max(waits) == timedelta(hours=6)
    fake.fault = ""
    assert fetching.fetch_due(now) == 1
    row.refresh_from_db()
    assert (row.trouble, row.attempts) == ("", 0)


def test_a_wrong_token_is_refused_by_both_and_waits_for_somebody(fake, launch, lea):
    for service, site in KINDS:
        row = counting(launch, lea, fake, service, site, token="wrong")
        fetching.fetch_due(NOW)
        row.refresh_from_db()
        assert (row.trouble, row.next_at) == ("refused", None)


def test_one_that_is_being_asked_is_left_alone_and_a_dead_one_is_taken_over(fake, launch, lea):
    row = counting(launch, lea, fake, "plausible", "radio.example")
    Analytics.objects.update(leased_until=NOW + timedelta(seconds=30))
    assert fetching.fetch_due(NOW) == 0
    assert fetching.fetch_due(NOW + timedelta(seconds=31)) == 1
    row.refresh_from_db()
    assert row.leased_until is None


def test_whose_lease_ran_out_writes_nothing(fake, launch, lea, monkeypatch):
    counting(launch, lea, fake, "plausible", "radio.example")
    ask = fetching._ask

    def slow(row, now):
        found = ask(row, now)
        Analytics.objects.update(leased_until=NOW + timedelta(minutes=9))  # somebody else took it meanwhile
        return found

    monkeypatch.setattr(fetching, "_ask", slow)
    fetching.fetch_due(NOW)
    assert figures(launch) == {}


def test_what_somebody_typed_is_not_written_over(fake, launch, lea):
    make_visitors(launch, DAY, 901)
    counting(launch, lea, fake, "plausible", "radio.example")
    fetching.fetch_due(NOW)
    assert figures(launch)[DAY, DAY] == 901


def test_a_token_is_sealed_never_shown_and_in_no_log_or_address(fake, launch, lea, client, caplog):
    client.force_login(lea)
    address = reverse("outreach:analytics", args=[launch.pk])
    sent = {"service": "matomo", "address": fake.url, "site": "7", "token": TOKEN}
    with caplog.at_level(logging.DEBUG):
        client.post(address, sent)
        for fault in ("", "401", "500", "cut"):
            fake.fault = fault
            Analytics.objects.update(next_at=NOW)
            fetching.fetch_due(NOW)
    row = Analytics.objects.get()
    assert TOKEN not in row.sealed_token
    assert sealing.unseal(row.sealed_token) == TOKEN
    assert TOKEN not in caplog.text
    assert all(TOKEN not in path for _method, path, *_ in fake.site.asked)
    assert TOKEN not in client.get(address).content.decode()
    assert (
        TOKEN not in client.post(address, {**sent, "site": "x"}).content.decode()
    )  # not even when the form is refused
    assert TOKEN not in str([entry.details for entry in AuditEntry.objects.all()])
    assert TOKEN not in repr(row)


def test_a_kept_token_is_sent_to_no_other_address(fake, launch, lea, client):
    counting(launch, lea, fake, "matomo", "7")
    client.force_login(lea)
    page = reverse("outreach:analytics", args=[launch.pk])
    same = {"service": "matomo", "address": fake.url, "site": "8", "token": ""}
    assert client.post(page, same).status_code == 302
    other = client.post(page, {**same, "address": fake.url.replace("127.0.0.1", "localhost")})
    assert other.status_code == 422
    assert "Enter the token" in other.content.decode()
    assert Analytics.objects.get().address == fake.url


@pytest.mark.parametrize(
    "address", ["http://matomo.example", "https://me:pass@matomo.example", "ftp://matomo.example"]
)
def test_an_address_that_may_not_be_asked_is_refused_at_once(launch, lea, client, address):
    client.force_login(lea)
    sent = {"service": "matomo", "address": address, "site": "7", "token": TOKEN}
    assert client.post(reverse("outreach:analytics", args=[launch.pk]), sent).status_code == 422
    assert not Analytics.objects.exists()


def test_a_service_of_the_servers_own_network_is_not_asked(fake, launch, lea, settings):
    settings.FETCH_PRIVATE = False
    counting(launch, lea, fake, "matomo", "7")
    assert fetching.fetch_due(NOW) == 0
    assert fake.site.asked == []
    assert Analytics.objects.get().trouble == "gone"


def test_forgetting_a_service_keeps_the_figures(fake, launch, lea, client):
    counting(launch, lea, fake, "plausible", "radio.example")
    fetching.fetch_due(NOW)
    client.force_login(lea)
    client.post(reverse("outreach:analytics_remove", args=[launch.pk]))
    assert not Analytics.objects.exists()
    assert figures(launch)


def test_a_new_key_opens_after_resealing_without_the_old_one(fake, launch, lea, settings, capsys):
    old, new = (
        "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU=",
    )
    settings.SECRETS_KEYS = [old]
    counting(launch, lea, fake, "plausible", "radio.example")
    settings.SECRETS_KEYS = [new, old]
    call_command("reseal")
    settings.SECRETS_KEYS = [new]
    assert sealing.unseal(Analytics.objects.get().sealed_token) == TOKEN
    settings.SECRETS_KEYS = [old]
    with pytest.raises(CommandError, match="1 were sealed"):
        call_command("reseal")
    fetching.fetch_due(NOW)
    assert Analytics.objects.get().trouble == "sealed"


def test_without_a_key_of_its_own_the_secret_key_seals(settings):
    sealed = sealing.seal("geheim")
    assert sealing.unseal(sealed) == "geheim"
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(sealed)
    assert sealing.is_key("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    assert not sealing.is_key("no key")
