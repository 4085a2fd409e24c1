"""Two tabs of one session, two teams: what is sent belongs to the team that the form showed."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.middleware import FORM_KEY, SESSION_KEY
from accounts.models import Membership, Role
from contacts.models import Contact, Touchpoint
from ratio.models import Target
from tests.cast import make_contact, make_lead, make_team
from tests.communitycrm.notes import data, log

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


@pytest.fixture
def other():
    return make_team("La Cale")


@pytest.fixture
def ines(client, team, other):
    """She leads both, and looks at `team`."""
    ines = make_lead(team, language="en")
    Membership.objects.create(user=ines, team=other, role=Role.LEAD, since=date(2026, 1, 1))
    client.force_login(ines)
    look_at(client, team)
    return ines


def look_at(client, team):
    client.post(reverse("accounts:switch_team"), {"team": team.pk})


def drawn_for(client, address):
    """What each form of a page says of its team."""
    page = client.get(address).content.decode()
    said = set(re.findall(rf'name="{FORM_KEY}" value="(\d+)"', page))
    assert page.count("csrfmiddlewaretoken") == page.count(f'name="{FORM_KEY}"')
    assert len(said) == 1
    return {FORM_KEY: said.pop()}


def test_a_meeting_is_noted_in_the_team_that_its_form_showed(client, team, other, ines):
    form = drawn_for(client, reverse("log"))
    look_at(client, other)
    answer = client.post(reverse("log"), data(others="Zoé Neuve", note="Vue", **form), follow=True)
    assert "Noted: Zoé Neuve." in answer.content.decode()
    assert Touchpoint.objects.get().team == team and Contact.objects.get(name="Zoé Neuve").team == team
    assert client.session[SESSION_KEY] == other.pk  # the tab that chose it goes on looking at it


def test_a_form_that_comes_back_is_still_of_its_team(client, team, other, ines):
    form = drawn_for(client, reverse("log"))
    look_at(client, other)
    answer = client.post(reverse("log"), data(note="Vue", **form))
    assert answer.status_code == 422 and answer.context["request"].team == team
    assert f'name="{FORM_KEY}" value="{team.pk}"' in answer.content.decode()


def test_a_target_is_set_for_the_team_that_its_form_showed(client, team, other, ines):
    address = reverse("ratio:target_new")
    form = drawn_for(client, address)
    look_at(client, other)
    client.post(address, {"percent": "55", "since": "2026-12-01", "sure": "1", **form})
    assert [target.team for target in Target.objects.filter(team__in=[team, other])] == [team]


def test_names_are_suggested_from_the_team_that_the_form_showed(client, team, other, ines):
    make_contact(team, "Zoé Une")
    make_contact(other, "Zoé Deux")
    form = drawn_for(client, reverse("log"))
    look_at(client, other)
    found = client.get(reverse("contacts:suggest"), {"q": "Zoé", **form}).json()["results"]
    assert [one["name"] for one in found] == ["Zoé Une"]


@pytest.mark.parametrize("said", ["theirs", "0", "no number", "9" * 30])
def test_a_form_of_a_team_that_is_not_yours_is_a_404(client, team, ines, said):
    theirs = make_team("Ailleurs")
    jo = make_contact(team)
    answer = log(client, jo, **{FORM_KEY: theirs.pk if said == "theirs" else said})
    assert answer.status_code == 404 and not Touchpoint.objects.exists()


def test_which_team_a_form_is_of_costs_no_query(client, team, lea):
    client.force_login(lea)
    form = drawn_for(client, reverse("log"))
    counted = []
    for sent in ({}, form):
        with CaptureQueriesContext(connection) as seen:
            assert client.post(reverse("log"), data(note="Vue", **sent)).status_code == 422
        counted.append(len(seen))
    assert counted[0] == counted[1]
