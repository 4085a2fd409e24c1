"""A contact's page: facts, promises, what is planned, what happened; at the same cost however long the history."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from contacts import directory, promises
from contacts.models import Contact, ContactPoint
from events import planning
from tests.cast import (
    NOW,
    contact_kind,
    make_contact,
    make_member,
    make_outsider,
    make_team,
    make_touchpoint,
    touchpoint_kind,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday(monkeypatch):
    monkeypatch.setattr("foundation.clock.now", lambda: NOW)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team, language="en")


@pytest.fixture
def noe(team):
    return make_member(team, "Noé Thomas")


@pytest.fixture
def jo(team):
    return make_contact(
        team, "Jo", town="Caen", postcode="14000", source="Met by Léa", basis="legitimate_interest"
    )


@pytest.fixture
def as_lea(client, lea):
    client.force_login(lea)
    return client


def html_of(client, contact, query=""):
    return client.get(reverse("contact", args=[contact.pk]) + query).content.decode()


def test_call_write_and_find_with_one_tap(as_lea, team, jo):
    for name, value, key in [
        ("tel", "06 12 34 56 78", "+33612345678"),
        ("email", "jo@brume.org", "jo@brume.org"),
        ("url", "https://brume.org", "brume.org"),
    ]:
        ContactPoint.objects.create(team=team, contact=jo, property=name, value=value, key=key)
    html = html_of(as_lea, jo)
    for address in ("tel:+33612345678", "mailto:jo@brume.org", "https://brume.org", "query=14000%20Caen"):
        assert f'href="{address}' in html or address in html
    assert "Met by Léa" in html and "Why do we have these details?" in html


def test_the_history_says_who_met_them_where_and_with_whom(as_lea, team, lea, noe, jo):
    karim = make_contact(team, "Karim")
    make_touchpoint(
        team, noe, [jo, karim], others=(lea,), note="A good talk", place="La Cale", kind="apero", minutes=30
    )
    html = html_of(as_lea, jo)
    for words in ("Apéro", "Karim", "Léa, Noé", "A good talk", "La Cale", "30 minutes"):
        assert words in html, words


def test_a_private_note_and_its_place_are_not_in_the_page_of_others(as_lea, client, team, lea, noe, jo):
    make_touchpoint(team, noe, [jo], note="Secret words", place="Secret place", is_private=True)
    html = html_of(as_lea, jo)
    assert "Secret" not in html
    assert "The note is private to Noé." in html
    client.force_login(noe)
    assert "Secret words" in html_of(client, jo)


def test_a_private_note_is_not_found_by_the_search(as_lea, team, noe, jo):
    make_touchpoint(team, noe, [jo], note="Secret words", is_private=True)
    assert (
        "Jo"
        not in as_lea.get(f"{reverse('contacts:contact_list')}?q=secret").content.decode().split("results")[1]
    )


def test_a_fresh_meeting_of_a_teammate_may_be_joined(as_lea, team, noe, jo):
    fresh = make_touchpoint(team, noe, [jo], met_at=NOW - timedelta(days=1))
    old = make_touchpoint(team, noe, [jo], met_at=NOW - timedelta(days=9))
    html = html_of(as_lea, jo)
    assert reverse("log_join", args=[fresh.pk]) in html
    assert reverse("log_join", args=[old.pk]) not in html


def test_what_is_planned_and_promised(as_lea, team, lea, jo):
    planning.plan(
        team=team, by=lea, client_id=uuid.uuid4(), kind=touchpoint_kind("interview"), now=NOW,
        starts_at=NOW + timedelta(days=2), contacts=[jo], place="Studio",
    )  # fmt: skip
    promises.add(
        team=team,
        contact=jo,
        manager=lea,
        text="Send the link",
        due_on=NOW.date(),
        client_id=uuid.uuid4(),
        now=NOW,
    )
    html = html_of(as_lea, jo)
    assert "Interview" in html and "Studio" in html and "Send the link" in html


def test_the_people_of_a_group_and_the_groups_of_a_person(as_lea, team, jo):
    brume = make_contact(team, "Brume", kind="band")
    directory.affiliate(person=jo, group=brume, role="singer")
    assert "singer" in html_of(as_lea, jo) and "Brume" in html_of(as_lea, jo)
    assert "singer" in html_of(as_lea, brume)


def test_a_group_made_a_person_still_shows_who_belongs_to_it_and_they_can_leave(as_lea, team, jo):
    band, cale = make_contact(team, "Brume", kind="band"), make_contact(team, "La Cale", kind="venue")
    belongs = directory.affiliate(person=jo, group=band)
    Contact.objects.filter(pk=band.pk).update(kind=contact_kind("person"), is_group=False)
    address = reverse("contact", args=[band.pk])
    page = as_lea.get(address)
    end = reverse("contacts:affiliation_end", args=[belongs.pk])
    assert page.context["page"].members == [belongs] and end in page.content.decode()
    band.refresh_from_db()
    directory.affiliate(person=band, group=cale)
    page = as_lea.post(end, {"from": band.pk}, follow=True)
    assert page.redirect_chain[-1][0] == address
    shown = page.context["page"]
    assert [row.group for row in shown.groups] == [cale] and shown.members[0].until
    assert "Groups and people" in page.content.decode() and end not in page.content.decode()


def test_binned_people_keep_their_name_in_the_history_without_a_link(as_lea, team, lea, jo):
    gone = make_contact(team, "Gone", binned_at=NOW)
    make_touchpoint(team, lea, [jo, gone])
    html = html_of(as_lea, jo)
    assert "Gone" in html and reverse("contact", args=[gone.pk]) not in html


def test_the_history_has_pages(as_lea, team, lea, jo):
    for number in range(45):
        make_touchpoint(team, lea, [jo], met_at=NOW - timedelta(days=number), note=f"Day {number:02}")
    assert "Day 19" in html_of(as_lea, jo) and "Day 20" not in html_of(as_lea, jo)
    assert "Day 44" in html_of(as_lea, jo, "?page=3")
    assert "Day 44" not in html_of(as_lea, jo, "?page=4")


@pytest.mark.parametrize("count", [10, 100])
def test_ten_or_a_hundred_meetings_cost_the_same(
    as_lea, team, lea, noe, jo, count, django_assert_num_queries
):
    karim = make_contact(team, "Karim")
    directory.affiliate(person=jo, group=make_contact(team, "Brume", kind="band"))
    for number in range(count):
        make_touchpoint(team, lea, [jo, karim], met_at=NOW - timedelta(days=number), others=(noe,))
    with django_assert_num_queries(10):
        html_of(as_lea, jo)


def test_outsider_gets_404_and_anonymous_is_asked_to_sign_in(client, jo):
    assert "/auth/" in client.get(reverse("contact", args=[jo.pk])).url
    client.force_login(make_outsider())
    assert client.get(reverse("contact", args=[jo.pk])).status_code == 404
