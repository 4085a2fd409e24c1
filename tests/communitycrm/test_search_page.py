"""The page of everything that answers to some words."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from outreach.models import Post
from tests.cast import NOW, make_contact, make_member, make_outsider, make_team
from tests.events.cast import make_occurrence

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team, client):
    person = make_member(team, language="en")
    client.force_login(person)
    return person


def make_post(team, manager, text):
    return Post.objects.create(
        team=team, manager=manager, text=text, publish_at=NOW + timedelta(days=1), created_at=NOW
    )


def ask(client, q=None, **headers):
    return client.get(reverse("search"), {} if q is None else {"q": q}, **headers).content.decode()


def test_people_dates_posts_and_pages_answer(client, team, lea):
    jo = make_contact(team, "Jo Brûme", town="Caen")
    date = make_occurrence(team, lea, (jo,), title="Apéro de Brume")
    post = make_post(team, lea, "Brume joue samedi")
    html = ask(client, "brume")
    for address in (
        reverse("contact", args=[jo.pk]),
        reverse("occurrence", args=[date.pk]),
        reverse("outreach:post_edit", args=[post.pk]),
    ):
        assert f'href="{address}"' in html
    assert "Create “brume”" in html and f"{reverse('contacts:contact_new')}?name=brume" in html
    assert f'href="{reverse("ratio:how")}"' in ask(client, "counted").split('id="results"')[1]


def test_a_mistyped_name_is_forgiven_and_nothing_at_all_is_said(client, team, lea):
    make_contact(team, "Samira Mansour")
    assert "Samira Mansour" in ask(client, "samria")
    html = ask(client, "<zzzz>")
    assert "Nothing answers to “&lt;zzzz&gt;”." in html and "Create “&lt;zzzz&gt;”" in html


@pytest.mark.parametrize("q", [None, "", "  "])
def test_without_words_those_added_last_are_shown(client, team, lea, q):
    assert "Nobody here yet" in ask(client, q)
    make_contact(team, "Jo")
    html = ask(client, q)
    assert "Added last" in html and "Jo" in html


def test_htmx_gets_the_results_alone(client, team, lea):
    html = ask(client, "jo", headers={"HX-Request": "true"})
    assert "<html" not in html and 'id="results"' in html


def test_another_teams_life_does_not_answer(client, team, lea):
    oscar = make_outsider()
    theirs = oscar.memberships.get().team
    jo = make_contact(theirs, "Brume Jo")
    make_occurrence(theirs, oscar, (jo,), title="Brume Apéro")
    make_post(theirs, oscar, "Brume en ligne")
    assert "Nothing answers" in ask(client, "brume")


def test_more_answers_cost_no_more_queries(client, team, lea):
    def cost(many):
        for number in range(many):
            jo = make_contact(team, f"Brume {number}")
            make_occurrence(team, lea, (jo,), title="Brume")
            make_post(team, lea, "Brume")
        with CaptureQueriesContext(connection) as captured:
            ask(client, "brume")
        return len(captured)

    assert cost(12) <= cost(2) <= 8  # fewer: names that begin so are enough
