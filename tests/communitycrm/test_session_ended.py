"""The session ended while somebody typed: nothing typed is lost, and nobody lands where there is no page."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import people, unsent
from accounts.models import Membership, Role
from contacts.models import Contact, Touchpoint
from tests.cast import PASSWORD, make_outsider
from tests.communitycrm.notes import data
from tests.events.cast import make_occurrence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
NOTE = 'Elle chante "Brume"\r\n<b>le 12 mars</b> & après'


@pytest.fixture(autouse=True)
def no_limits_left_over():
    cache.clear()


@pytest.fixture
def client(client):
    """A browser that asks for English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def zoe(team):
    zoe = people.create_person(
        email="zoe@example.org",
        name="Zoé Blanc",
        password=PASSWORD,
        language="en",
        time_zone="Europe/Paris",
    )
    Membership.objects.create(user=zoe, team=team, role=Role.MANAGER, since="2026-01-01")
    return zoe


def hidden(page):
    """The hidden fields of the form that sends, and where it sends to."""
    form = re.search(r"<main.*</main>", page.text, re.DOTALL)[0]
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    address = unescape(re.search(r'<form method="post" action="([^"]*)"', form)[1])
    sent = {}
    for name, value in fields:
        sent.setdefault(unescape(name), []).append(unescape(value))
    return address, sent


def sign_in(client, page, password=PASSWORD):
    address, sent = hidden(page)
    return client.post(address, {"login": "zoe@example.org", "password": password, **sent})


def test_a_note_goes_through_the_sign_in_and_is_saved_with_one_button(client, zoe, jo):
    page = client.post(reverse("log"), data(jo, note=NOTE, managers=[]))
    assert page.status_code == 403 and "What you typed is kept" in page.text
    page = sign_in(client, page, password="not it")
    assert "What you typed is kept" in page.text and not Touchpoint.objects.exists()
    page = sign_in(client, page)
    address, sent = hidden(page)
    assert address == reverse("log") and "Send it now" in page.text
    for _click in range(2):
        assert client.post(address, sent, follow=True).redirect_chain[-1][0] == "/"
    assert Touchpoint.objects.get().note == NOTE
    assert list(Touchpoint.objects.get().contacts.all()) == [jo]


def test_the_button_passes_the_check_for_csrf(client, zoe, jo):
    client.handler.enforce_csrf_checks = True
    form = client.get("/auth/login/")
    page = client.post(reverse("log"), {**data(jo, note="Vue"), **csrf(form)})
    page = sign_in(client, page)
    address, sent = hidden(page)
    assert client.post(address, sent).status_code == 302
    assert Touchpoint.objects.get().note == "Vue"


def csrf(page):
    return {"csrfmiddlewaretoken": re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.text)[1]}


def test_a_button_with_a_value_is_pressed_again_instead_of_a_page_that_is_none(client, team, zoe):
    occurrence = make_occurrence(team, zoe)
    address = reverse("events:occurrence_move", args=[occurrence.pk])
    page = sign_in(client, client.post(address, {"days": "1"}))
    there, sent = hidden(page)
    assert there == address
    answer = client.post(there, sent, follow=True)
    assert answer.status_code == 200
    was = occurrence.starts_at
    occurrence.refresh_from_db()
    assert (occurrence.starts_at - was).days == 1


def test_a_button_alone_leads_back_to_its_page(client, team, zoe, jo):
    here = f"http://testserver{reverse('contact', args=[jo.pk])}"
    address = reverse("contacts:contact_bin", args=[jo.pk])
    page = client.post(address, headers={"referer": here}, follow=True)
    assert "nothing was saved" in page.text
    answer = client.post(
        page.redirect_chain[-1][0], {"login": "zoe@example.org", "password": PASSWORD, "next": here}
    )
    assert answer.url == here and Contact.objects.get().binned_at is None


@pytest.mark.parametrize("referer", ["", "http://elsewhere.example/", "itself"])
def test_without_a_page_of_ours_it_leads_to_the_first_one(client, zoe, jo, referer):
    address = reverse("contacts:contact_bin", args=[jo.pk])
    came_from = f"http://testserver{address}" if referer == "itself" else referer
    assert client.post(address, headers={"referer": came_from}).url == "/auth/login/?next=/"


def test_whoever_signs_in_may_do_what_they_may_do(client, team, lea, zoe, jo):
    Membership.objects.filter(user=zoe).update(team=make_outsider().memberships.get().team)
    page = sign_in(client, client.post(reverse("contacts:contact_edit", args=[jo.pk]), {"name": "Zoé"}))
    address, sent = hidden(page)
    assert client.post(address, sent).status_code == 404


@pytest.mark.parametrize(
    "too_much", [{"note": "x" * unsent.LONGEST}, {"file": SimpleUploadedFile("a", b"x")}]
)
def test_what_no_page_can_carry_is_said_not_to_be_saved(client, zoe, too_much):
    page = client.post(reverse("log"), {"note": "Vue", **too_much}, follow=True)
    assert page.redirect_chain[-1][0].startswith("/auth/login/") and "nothing was saved" in page.text


def test_secrets_are_not_carried(client, zoe):
    page = client.post(
        reverse("outreach:analytics", args=[1]), {"token": "geheim", "site": "a", "password": "p"}
    )
    _address, sent = hidden(page)
    kept = unsent.unpacked(sent[unsent.FIELD][0])
    assert kept.fields == [("site", "a")]


def test_what_is_not_signed_by_us_is_not_sent(client, zoe):
    answer = client.post(
        "/auth/login/", {"login": "zoe@example.org", "password": PASSWORD, "unsent": "made:up"}
    )
    assert answer.status_code == 302
