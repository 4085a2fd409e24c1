"""One person’s presence, as the lead sees it and may correct it."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from ratio.models import Exclusion, Policy
from tests.cast import (
    NOW,
    make_admin,
    make_contact,
    make_lead,
    make_member,
    make_outsider,
    make_team,
    make_touchpoint,
)
from tests.ratio.people import THIS_MONDAY, make_post, signed_in, team_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = dt.timedelta(days=1)
COUNTED = "/presence/counted/"


@pytest.fixture
def shown(team):
    """The individual view is on."""
    Policy.objects.create(
        team=team,
        individual_view_since=THIS_MONDAY,
        individual_view_purpose="aider",
        people_informed_on=THIS_MONDAY,
    )


def member_address(team, person, name="presence", **more):
    return reverse(f"ratio:member_{name}", kwargs={"slug": team.slug, "pk": person.pk, **more})


@pytest.mark.parametrize(
    ("who", "page", "taking"),
    [("lead", 200, 200), ("admin", 403, 403), ("manager", 403, 403), ("outsider", 404, 404)],
)
def test_who_may_look_at_one_person_and_take_a_line_out(client, team, lea, shown, who, page, taking):
    people = {
        "lead": lambda: make_lead(team),
        "admin": make_admin,
        "manager": lambda: make_member(team, "Noé"),
        "outsider": lambda: make_lead(make_team("Ailleurs")),
    }
    signed_in(client, people[who]())
    mine = Exclusion.objects.create(
        team=team, manager=lea, post=lea.posts.last(), reason="privé", by=lea, at=NOW
    )
    assert client.get(member_address(team, lea)).status_code == page
    for name, thing in (("post", lea.posts.first()), ("meeting", lea.touchpoints.first())):
        address = member_address(team, lea, f"take_out_{name}", thing_pk=thing.pk)
        assert client.get(address).status_code == taking
    back = client.post(member_address(team, lea, "put_back", exclusion_pk=mine.pk))
    assert back.status_code == (302 if taking == 200 else taking)


def test_without_the_individual_view_there_is_no_such_page(client, team, lea):
    signed_in(client, make_lead(team))
    assert client.get(member_address(team, lea)).status_code == 404
    address = member_address(team, lea, "take_out_post", thing_pk=lea.posts.first().pk)
    assert client.post(address, {"reason": "x"}).status_code == 404
    assert not Exclusion.objects.exists() and not AuditEntry.objects.exists()


def test_somebody_who_is_no_cm_of_the_team_has_no_such_page(client, team, lea, shown):
    lead = make_lead(team)
    signed_in(client, lead)
    gone = make_member(team, "Tom")
    gone.memberships.update(until=THIS_MONDAY - DAY)
    for person in (lead, gone, make_outsider()):
        assert client.get(member_address(team, person)).status_code == 404


def test_a_lead_sees_the_lines_without_what_is_private_and_the_person_who_looked(client, team, lea, shown):
    secret = [make_contact(team, "Karim")]
    make_touchpoint(team, lea, secret, note="Secret words", place="Hidden bar", is_private=True)
    lead = make_lead(team, language="en")
    signed_in(client, lead)
    assert member_address(team, lea) in client.get(team_address(team)).content.decode()
    AuditEntry.objects.all().delete()
    for _twice in range(2):
        page = client.get(member_address(team, lea)).content.decode()
    assert "Karim" in page and "Annonce" in page
    assert "Secret words" not in page and "Hidden bar" not in page
    assert "/log/" not in page.split("<main", 1)[1].split("</main", 1)[0]
    assert AuditEntry.objects.filter(action="presence.viewed", actor=lead, subject=lea).count() == 1


def test_a_lead_takes_a_line_out_and_both_see_by_whom(client, team, lea, shown):
    lead = make_lead(team, language="en")
    signed_in(client, lead)
    for name, thing in (("post", lea.posts.last()), ("meeting", lea.touchpoints.last())):
        address = member_address(team, lea, f"take_out_{name}", thing_pk=thing.pk)
        assert client.post(address, {"reason": ""}).status_code == 422
        assert client.post(address, {"reason": "not ours"}).url == member_address(team, lea)
    assert "not ours (Inès Duval)" in client.get(member_address(team, lea)).content.decode()
    assert "not ours (Inès Duval)" in signed_in(client, lea).get(COUNTED).content.decode()
    signed_in(client, lead)
    for exclusion in Exclusion.objects.all():
        client.post(member_address(team, lea, "put_back", exclusion_pk=exclusion.pk))
    assert not Exclusion.objects.exists()
    written = AuditEntry.objects.filter(actor=lead, subject=lea, team=team).values_list("action", flat=True)
    assert sorted(written) == [*["presence.put_back"] * 2, *["presence.taken_out"] * 2, "presence.viewed"]


def test_somebody_elses_line_is_a_404(client, team, lea, shown):
    noe = make_member(team, "Noé")
    signed_in(client, make_lead(team))
    for name, thing in (("post", lea.posts.first()), ("meeting", lea.touchpoints.first())):
        address = member_address(team, noe, f"take_out_{name}", thing_pk=thing.pk)
        assert client.get(address).status_code == 404
    hers = Exclusion.objects.create(
        team=team, manager=lea, post=lea.posts.first(), reason="x", by=lea, at=NOW
    )
    assert client.post(member_address(team, noe, "put_back", exclusion_pk=hers.pk)).status_code == 404


def test_what_one_does_oneself_is_not_in_the_trail(as_lea, lea):
    as_lea.post(reverse("ratio:take_out_post", args=[lea.posts.first().pk]), {"reason": "privé"})
    as_lea.post(reverse("ratio:put_back", args=[Exclusion.objects.get().pk]))
    assert not AuditEntry.objects.exists()


def test_one_persons_page_does_not_cost_more_with_more_lines(
    client, team, lea, shown, django_assert_max_num_queries
):
    signed_in(client, make_lead(team))
    for number in range(20):
        make_touchpoint(team, lea, [make_contact(team, f"Contact {number}")])
        make_post(team, lea, NOW - DAY)
    with django_assert_max_num_queries(24):
        client.get(member_address(team, lea))
