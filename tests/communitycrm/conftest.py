"""Léa, Noé and Jo, for the pages that show several rooms."""

import pytest

from tests.cast import NOW, make_contact, make_member, make_team


@pytest.fixture
def at_ten(monkeypatch):
    monkeypatch.setattr("foundation.clock.now", lambda: NOW)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team, language="en")


@pytest.fixture
def noe(team):
    return make_member(team, "Noé Thomas", language="en")


@pytest.fixture
def jo(team):
    return make_contact(team, "Jo Brume")


@pytest.fixture
def as_lea(client, lea):
    client.force_login(lea)
    return client
