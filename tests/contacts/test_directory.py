"""The directory: names that are typed twice."""

import pytest

from contacts import directory
from contacts.models import Contact
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def test_a_person_typed_twice_becomes_one_contact_as_spelled_first(team, lea):
    typed = ["Zoé  Ddd", "Ccc", "zoe ddd", "ZOÉ DDD", "ccc", "!!!", "C. D.", "zoë ddd"]
    made = directory.add_drafts(team=team, by=lea, names=typed, now=NOW)
    assert [contact.name for contact in made] == ["Zoé Ddd", "Ccc", "!!!", "C. D."]
    assert Contact.objects.count() == 4
