"""What no page of ours sends, but somebody's browser, script or finger does: an answer, never a fault."""

import uuid

import pytest
from django.urls import reverse

from contacts.models import KindRule, Touchpoint
from events.models import Occurrence
from outreach.models import Post
from ratio.models import Leave
from tests.cast import make_admin, make_contact, make_lead, make_member, make_team, touchpoint_kind

pytestmark = pytest.mark.django_db
ODD = ["²", "9" * 30, "-1", "x"]
ODD_DAYS = ["0001-01-01", "0202-11-24", "9999-12-31"]


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def as_lea(client, team):
    client.force_login(make_member(team))
    return client


@pytest.mark.parametrize("odd", ODD)
def test_ids_that_are_none(as_lea, odd):
    plan = reverse("events:occurrence_new")
    assert as_lea.get(plan, {"with": odd, "kind": odd, "contact": odd}).status_code == 200
    assert as_lea.get(reverse("log"), {"contact": odd, "event": odd}).status_code == 200
    assert as_lea.post(reverse("outreach:posts_move"), {"post": odd, "days": 7}).status_code == 302


@pytest.mark.parametrize("odd", ["²", "x"])
def test_ids_that_are_none_in_a_form(as_lea, odd):
    assert as_lea.post(reverse("log"), {"who": odd, "when": "now"}).status_code == 422
    assert as_lea.post(reverse("events:occurrence_new"), {"contact": odd, "host": odd}).status_code == 422
    assert as_lea.post(reverse("outreach:post_new"), {"channel": odd}).status_code == 422


@pytest.mark.parametrize("day", ODD_DAYS)
def test_days_of_other_centuries_are_refused_where_they_are_typed(as_lea, team, day):
    jo, kind = make_contact(team), touchpoint_kind().pk
    note = {"client_id": uuid.uuid4(), "who": jo.pk, "kind": kind, "when": "other", "met_at": f"{day}T00:00"}
    assert as_lea.post(reverse("log"), note).status_code == 422
    plan = {"client_id": uuid.uuid4(), "contact": jo.pk, "kind": kind, "at": "23:30", "minutes": 180}
    address = reverse("events:occurrence_new")
    assert as_lea.post(address, {**plan, "day": "other", "on": day}).status_code == 422
    assert as_lea.post(address, {**plan, "day": day}).status_code == 422
    post = {"client_id": uuid.uuid4(), "text": "Bonsoir", "author": "team", "on": day, "at": "10:00"}
    assert as_lea.post(reverse("outreach:post_new"), post).status_code == 422
    away = {"first_day": day, "last_day": day}
    assert as_lea.post(reverse("ratio:leave_new"), away).status_code == 422
    assert not (Touchpoint.objects.exists() or Occurrence.objects.exists())
    assert not (Post.objects.exists() or Leave.objects.exists())


@pytest.mark.parametrize("day", ODD_DAYS)
def test_a_kind_does_not_count_from_another_century_on(client, team, day):
    client.force_login(make_lead(team))
    address = reverse("contacts:kind_rule", args=[touchpoint_kind().pk])
    assert client.post(address, {"is_real": "no", "since": day}).status_code == 302
    assert not KindRule.objects.exists()


def test_a_character_that_postgresql_does_not_keep(as_lea, client):
    note = {"client_id": uuid.uuid4(), "new": ["Jo\0", "\0"], "kind": touchpoint_kind().pk, "when": "now"}
    assert as_lea.post(reverse("log"), note).status_code == 302
    assert [contact.name for contact in Touchpoint.objects.get().contacts.all()] == ["Jo"]
    client.force_login(make_admin())
    assert client.get(reverse("accounts:people_list"), {"q": "l\0a"}).status_code == 200
