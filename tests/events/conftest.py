"""For the pages: a team, Léa signed in, on a Tuesday."""

import pytest
import time_machine

from tests.cast import NOW, make_member, make_team


@pytest.fixture
def tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def team():
    return make_team(country="FR")


@pytest.fixture
def lea(team, client):
    person = make_member(team, language="en")
    client.force_login(person)
    return person
