"""A team's own kinds: one name, one kind; and one that was put away comes back as is said now."""

from datetime import timedelta

import pytest

from contacts import kind_rules, kinds
from contacts.models import Contact, ContactKind, TouchpointKind
from tests.cast import NOW, make_contact, make_team
from tests.contacts.cast import noted

pytestmark = pytest.mark.django_db


def add(team, name, *, is_group=True):
    return kinds.add_contact_kind(team=team, name=name, is_group=is_group)


def add_meeting(team, name, *, is_real, by, now=NOW):
    return kinds.add_touchpoint_kind(team=team, name=name, is_real=is_real, by=by, now=now)


@pytest.mark.parametrize(
    "name", ["Personne", "person", "GROUPE de musique", "festival", "skate-park", "SKATE park"]
)
def test_a_kind_is_not_called_like_another_or_like_one_we_ship_in_any_language(team, name):
    add(team, "Skate  park")
    with pytest.raises(kinds.KindExists):
        add(team, name)
    assert ContactKind.objects.filter(team=team).count() == 1


def test_one_put_away_does_not_come_back_beside_another_of_its_name(team):
    ContactKind.objects.create(team=team, code="old", name="Skate", position=101, archived_at=NOW)
    add(team, "Skatepark")
    ContactKind.objects.filter(name="Skatepark").update(name="Skate")
    with pytest.raises(kinds.KindExists):
        add(team, "skate")


def test_a_kind_of_meeting_is_not_called_like_one_we_ship(team, lea):
    with pytest.raises(kinds.KindExists):
        add_meeting(team, "Appel", is_real=True, by=lea)


def test_names_that_differ_are_two_kinds_whatever_their_codes(team):
    long = "Salle de spectacle de plus de cinq cents places"
    names = [
        "C++",
        "C",
        "Bar",
        "Bar 🍺",
        f"{long} assises",
        f"{long} debout",
        "🍺",
        "店",
        "Other one",
    ]
    made = [add(team, name) for name in names]
    assert [kind.name for kind in made] == names
    codes = list(ContactKind.objects.values_list("code", flat=True))
    assert len(codes) == len(set(codes)) and max(map(len, codes)) <= 40
    assert add(make_team("Ailleurs"), "C").code == "c"


def test_a_kind_that_comes_back_is_a_group_or_a_person_as_is_said_now(team):
    label = add(team, "Label", is_group=True)
    sony = make_contact(team, "Sony", kind="band")
    Contact.objects.filter(pk=sony.pk).update(kind=label)
    kinds.archive(label, now=NOW)
    back = add(team, "LABEL", is_group=False)
    label.refresh_from_db()
    sony.refresh_from_db()
    assert (back, label.name, label.archived_at) == (label, "LABEL", None)
    assert (label.is_group, sony.is_group) == (False, False)


def test_a_kind_of_meeting_that_comes_back_counts_from_that_day_on_as_is_said_now(team, lea, jo):
    podcast = add_meeting(team, "Podcast", is_real=True, by=lea)
    before = noted(team, lea, [jo], kind=podcast).touchpoint
    later = NOW + timedelta(days=2)
    for is_real in (False, True):
        kinds.archive(podcast, now=later)
        assert add_meeting(team, "podcast", is_real=is_real, by=lea, now=later) == podcast
        assert kind_rules.counts_as_real(team=team, kind=podcast, day=later.date()) is is_real
        before.refresh_from_db()
        assert before.is_real
    assert TouchpointKind.objects.filter(team=team).count() == 1
