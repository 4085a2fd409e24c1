"""Secret addresses: made, shown once, found by nobody else, ended."""

import logging
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings as django_settings

from accounts.models import AuditEntry, Membership
from communitycrm.ticking import tick
from events import feeds
from events.models import Feed, Scope
from events.models.feed import MOST_AN_HOUR
from foundation import clock
from foundation.logs import WithoutSecrets, without_secrets
from tests.cast import make_admin, make_contact, make_member, make_team
from tests.events.cast import make_occurrence

pytestmark = pytest.mark.django_db
FEEDS = "/calendar/feeds/"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team, language="en")


@pytest.fixture
def signed_in(client, lea):
    client.force_login(lea)
    return client


def make(client, scope=Scope.MINE, **data):
    """Make an address on the page; its path."""
    page = client.post(f"{FEEDS}new/", {"scope": scope, **data})
    assert page.status_code == 200
    address = re.search(r'value="([^"]*/calendar/feeds/[^"]+\.ics)"', page.content.decode())
    return address[1].removeprefix(django_settings.PUBLIC_URL)


def test_an_address_is_shown_once_and_only_its_hash_is_kept(signed_in, team, lea, client):
    make_occurrence(team, lea, title="An interview")
    path = make(signed_in)
    token = path.removeprefix(FEEDS).removesuffix(".ics")
    assert len(token) >= 43
    feed = Feed.objects.get()
    assert token not in str(vars(feed)) and feed.token_hash == feeds.hash_of(token)
    assert token not in signed_in.get(FEEDS).content.decode()
    answer = client.get(path)
    assert answer["Content-Type"].startswith("text/calendar") and b"An interview" in answer.content
    assert "no-store" in answer["Cache-Control"] and "sessionid" not in answer.cookies
    assert token not in str(AuditEntry.objects.values_list("details", flat=True))


def test_what_has_not_changed_is_not_sent_again(signed_in, team, lea):
    path = make(signed_in)
    first = signed_in.get(path)
    again = signed_in.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"") and "no-store" in again["Cache-Control"]
    make_occurrence(team, lea)
    assert signed_in.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_it_is_said_when_it_was_last_fetched(signed_in):
    path = make(signed_in)
    assert "Not fetched yet" in signed_in.get(FEEDS).content.decode()
    signed_in.get(path)
    assert "Last fetched" in signed_in.get(FEEDS).content.decode()


def test_a_new_address_ends_the_old_one(signed_in):
    old = make(signed_in)
    new = make(signed_in)
    assert signed_in.get(old).status_code == 404
    assert signed_in.get(new).status_code == 200
    make(signed_in, Scope.TEAM)
    assert Feed.objects.filter(revoked_at=None).count() == 2


def test_an_ended_address_leads_nowhere(signed_in):
    path = make(signed_in)
    signed_in.post(f"{FEEDS}{Feed.objects.get().pk}/revoke/")
    assert signed_in.get(path).status_code == 404
    assert [entry.action for entry in AuditEntry.objects.all()] == ["feed.revoked", "feed.made"]


def test_names_are_switched_on_and_off_without_a_new_address(signed_in, team, lea):
    make_occurrence(team, lea, (make_contact(team, "Jo Brume"),))
    path = make(signed_in, names="on")
    pk = Feed.objects.get().pk
    assert b"Jo Brume" in signed_in.get(path).content
    signed_in.post(f"{FEEDS}{pk}/names/", {})
    assert b"Jo Brume" not in signed_in.get(path).content
    signed_in.post(f"{FEEDS}{pk}/names/", {"names": "on"})
    assert b"Jo Brume" in signed_in.get(path).content


def test_it_ends_when_the_person_leaves_the_team_and_a_return_does_not_bring_it_back(signed_in, team, lea):
    path, now = make(signed_in), clock.now()
    membership = lea.memberships.get()
    Membership.objects.filter(pk=membership.pk).update(until=now.date())
    assert signed_in.get(path).status_code == 404
    assert tick(now=now).did["feeds ended"] == 1
    Membership.objects.create(user=lea, team=team, role="manager", since=now.date())
    assert signed_in.get(path).status_code == 404


def test_it_ends_with_a_deactivation_at_once_and_stays_ended(signed_in, lea):
    path, now = make(signed_in), clock.now() + timedelta(seconds=1)
    lea.__class__.objects.filter(pk=lea.pk).update(is_active=False, deactivated_at=now)
    assert signed_in.get(path).status_code == 404
    lea.__class__.objects.filter(pk=lea.pk).update(is_active=True)
    assert signed_in.get(path).status_code == 404


def test_another_role_in_the_team_does_not_end_it(signed_in, team, lea):
    path = make(signed_in)
    Membership.objects.filter(user=lea).update(until=clock.now().date())
    Membership.objects.create(user=lea, team=team, role="lead", since=clock.now().date())
    assert signed_in.get(path).status_code == 200


def test_an_admin_may_follow_a_team_but_has_no_meetings_of_their_own(client, team):
    client.force_login(make_admin())
    page = client.get(FEEDS).content.decode()
    assert 'value="team"' in page and 'value="mine"' not in page
    assert client.post(f"{FEEDS}new/", {"scope": "mine"}).status_code == 403
    path = make(client, Scope.TEAM)
    assert client.get(path).status_code == 200


def test_who_asks_without_end_is_told_to_wait(signed_in):
    path = make(signed_in)
    Feed.objects.update(hour_began_at=clock.now(), fetches=MOST_AN_HOUR - 1)
    assert signed_in.get(path).status_code == 200
    refused = signed_in.get(path)
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    Feed.objects.update(hour_began_at=clock.now() - timedelta(hours=1, seconds=1))
    assert signed_in.get(path).status_code == 200


def test_the_token_is_in_no_log(signed_in, caplog):
    path = make(signed_in)
    token = path.removeprefix(FEEDS).removesuffix(".ics")
    Feed.objects.all().delete()
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(WithoutSecrets())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        assert signed_in.get(path).status_code == 404
    finally:
        logger.removeHandler(handler)
    assert "/calendar/feeds/…" in out.getvalue() and token not in out.getvalue()
    assert all("without_secrets" in one["filters"] for one in django_settings.LOGGING["handlers"].values())


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        ("GET /calendar/feeds/" + "a-_9" * 11 + ".ics HTTP/1.1", "GET /calendar/feeds/….ics HTTP/1.1"),
        ("POST /calendar/feeds/new/", "POST /calendar/feeds/new/"),
        ("GET /calendar/", "GET /calendar/"),
    ],
)
def test_lines_are_cut_where_a_secret_stands(line, cut):
    assert without_secrets(line) == cut
