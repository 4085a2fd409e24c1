"""The cast of these tests: one team, its people, and their clients."""

import pytest

from tests.cast import make_contact, make_lead, make_member, make_outsider, make_team


@pytest.fixture
def team(db):
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team, language="en")


@pytest.fixture
def noe(team):
    return make_member(team, "Noé Thomas", language="en")


@pytest.fixture
def ines(team):
    return make_lead(team, language="en")


@pytest.fixture
def oscar(db):
    return make_outsider()


@pytest.fixture
def jo(team):
    return make_contact(team, "Jo Brume")


@pytest.fixture
def as_lea(client, lea):
    client.force_login(lea)
    return client
