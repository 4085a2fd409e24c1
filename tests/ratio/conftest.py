"""Léa’s team as the pages of presence see it; `today` is the cast’s Tuesday, for those who ask."""

import pytest

from tests.cast import NOW, make_contact, make_member, make_team
from tests.ratio.people import live


@pytest.fixture
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    lea = make_member(team, "Léa Martin", language="en")
    live(team, lea, [(1, 9)] * 8, [make_contact(team, "Jo Brume")])
    return lea


@pytest.fixture
def as_lea(client, lea):
    client.force_login(lea)
    return client
