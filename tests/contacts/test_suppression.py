"""Those who asked not to be held: recognised by what they were known by, with nothing kept that names them."""

from datetime import date

import pytest

from contacts import points, suppression
from contacts.models import Scope, Suppression

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 24)
EMAIL = points.email("Jo@Canari.org")
PHONE = points.phone("06 12 34 56 78", "FR")


def held_back(name="Jo Canari", town="Caen", *known):
    suppression.add([(known or (EMAIL, PHONE), name, town)], day=DAY)


@pytest.mark.parametrize(
    ("known", "name", "town", "is_held"),
    [
        ([points.email("jo@canari.org")], "Somebody Else", "", True),
        ([points.phone("+33 (0)6 12 34 56 78", "FR")], "J.", "", True),
        ([], "CANARI Jo", "caen", True),
        ([points.email("new@canari.org")], "Jo Canari", "Caen", True),
        ([], "jo canari", "", True),
        ([points.email("other@example.org")], "Jo Canari", "", False),  # a namesake, as far as we know
        ([], "Jo Canari", "Lille", False),
        ([], "Jo", "", False),
        ([], "", "", False),
    ],
)
def test_somebody_is_recognised_by_address_number_or_name_and_town(known, name, town, is_held):
    held_back()
    assert suppression.holds(points=known, name=name, town=town) is is_held
    assert suppression.load().holds(points=known, name=name, town=town) is is_held


def test_one_word_alone_shuts_nobody_out():
    held_back("Jo", "")
    assert not suppression.holds(points=[], name="Jo")


def test_nothing_kept_names_them():
    held_back()
    for row in Suppression.objects.values():
        kept = " ".join(str(value) for value in row.values()).casefold()
        assert not any(word in kept for word in ("canari", "caen", "612345678"))
        assert len(row["digest"]) == 64


def test_added_twice_they_are_held_once():
    held_back()
    count = Suppression.objects.count()
    held_back()
    assert Suppression.objects.count() == count == 4


def test_not_to_be_written_to_is_another_register():
    suppression.add([([EMAIL], "Jo Canari", "")], day=DAY, scope=Scope.WRITING)
    assert not suppression.holds(points=[EMAIL], name="Jo")
    assert suppression.holds(points=[EMAIL], name="Jo", scope=Scope.WRITING)


def test_who_comes_back_of_their_own_will_is_held_no_longer():
    held_back()
    assert suppression.lift(points=[EMAIL], name="") == 1
    assert not suppression.holds(points=[PHONE], name="Jo Canari", town="Caen")
    assert suppression.lift(points=[EMAIL], name="") == 0


def test_an_old_key_still_recognises_and_a_lost_one_is_told(settings):
    settings.SUPPRESSION_KEYS = ["old"]
    held_back()
    settings.SUPPRESSION_KEYS = ["new", "old"]
    assert suppression.holds(points=[EMAIL], name="")
    assert suppression.unknown_keys() == 0
    settings.SUPPRESSION_KEYS = ["new"]
    assert not suppression.holds(points=[EMAIL], name="")
    assert suppression.unknown_keys() == 4


def test_many_are_checked_with_one_query(django_assert_num_queries):
    held_back()
    with django_assert_num_queries(1):
        register = suppression.load()
        held = [n for n in range(1000) if register.holds(points=[EMAIL] if n == 7 else [], name=f"Jo {n}")]
    assert held == [7]
