"""Names as people type them."""

import pytest

from events import guests
from tests.cast import make_contact, make_team

pytestmark = pytest.mark.django_db


def test_a_name_typed_twice_is_one_person_as_first_spelled():
    team = make_team()
    jo = make_contact(team, "Jo Brume")
    typed = ["Zoé Ddd", "jo brûme", "zoe ddd", "C", "C++", "ZOË DDD", "Jo Brume"]
    meant = guests.meant(team, typed)
    assert meant.known == [jo]
    assert sorted(meant.unknown) == ["C", "C++", "Zoé Ddd"]
