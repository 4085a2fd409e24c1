"""Whom one has probably just seen."""

from datetime import timedelta

import pytest

from contacts import directory, faces, habits
from tests.cast import NOW, make_contact, make_touchpoint, touchpoint_kind

pytestmark = pytest.mark.django_db


def names(contacts):
    return [contact.name for contact in contacts]


def met(team, user, contact, times, days=1):
    for number in range(times):
        make_touchpoint(team, user, [contact], met_at=NOW - timedelta(days=days + number))


def test_those_most_seen_by_the_person_then_by_the_team(team, lea, noe):
    rare, often, noes, old, binned = (
        make_contact(team, name) for name in ("Rare", "Often", "Noé’s", "Old", "Binned")
    )
    met(team, lea, rare, 1)
    met(team, lea, often, 3)
    met(team, noe, noes, 5)
    met(team, lea, old, 9, days=57)
    met(team, lea, binned, 9)
    binned.binned_at = NOW
    binned.save()
    assert names(faces.recent_faces(team=team, user=lea, now=NOW, limit=3)) == ["Often", "Rare", "Noé’s"]


def test_a_new_team_is_offered_its_newest_contacts(team, lea):
    for name in ("First", "Second", "Third"):
        make_contact(team, name)
    assert names(faces.recent_faces(team=team, user=lea, now=NOW, limit=2)) == ["Third", "Second"]


def test_the_chosen_then_the_guests_then_the_same_group_then_the_most_seen(team, lea):
    jo, karim, guest, often = (make_contact(team, name) for name in ("Jo", "Karim", "Guest", "Often"))
    brume = make_contact(team, "Brume", kind="band")
    for person in (jo, karim):
        directory.affiliate(person=person, group=brume)
    met(team, lea, often, 4)
    found = faces.suggested(team=team, user=lea, now=NOW, chosen=[jo.pk], first=[guest.pk], limit=8)
    assert names(found) == ["Jo", "Guest", "Brume", "Karim", "Often"]


def test_a_group_brings_its_people(team, lea):
    jo, brume = make_contact(team, "Jo"), make_contact(team, "Brume", kind="band")
    make_contact(team, "Other")
    directory.affiliate(person=jo, group=brume)
    assert names(faces.suggested(team=team, user=lea, now=NOW, chosen=[brume.pk], limit=2)) == ["Brume", "Jo"]


def test_all_that_are_chosen_are_there_however_many(team, lea):
    many = [make_contact(team, f"Contact {number}") for number in range(12)]
    chosen = [contact.pk for contact in many]
    assert len(faces.suggested(team=team, user=lea, now=NOW, chosen=chosen, limit=8)) == 12


def test_it_costs_at_most_five_queries(team, lea, django_assert_max_num_queries):
    for number in range(20):
        met(team, lea, make_contact(team, f"Contact {number}"), 2)
    with django_assert_max_num_queries(5):
        faces.suggested(team=team, user=lea, now=NOW, chosen=[1, 2], first=[3])


@pytest.mark.parametrize(
    ("hours_apart", "kind"), [(0, "apero"), (1.5, "apero"), (1.6, None), (22.5, "apero"), (12, None)]
)
def test_the_kind_last_noted_at_this_hour(team, lea, jo, hours_apart, kind):
    make_touchpoint(team, lea, [jo], met_at=NOW - timedelta(hours=hours_apart + 48), kind="apero")
    usual = habits.usual_kind(team=team, user=lea, now=NOW)
    assert usual == (touchpoint_kind(kind).pk if kind else None)
