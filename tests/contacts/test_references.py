"""What hangs on a contact: every relation has an entry; rows change hands, are united, come back, go."""

import pytest
from django.db import models
from django.test.utils import isolate_apps

from accounts import changes
from contacts import references
from contacts.models import Affiliation, Contact, ContactPoint
from events.models import Attendance, Reply
from tests.cast import NOW, make_contact, make_touchpoint
from tests.events.cast import make_occurrence

pytestmark = pytest.mark.django_db


def move_all(team, lea, kept, merged):
    """Every relation moved, as merging does it; gives the operation and what moved by label."""
    operation = changes.begin(team=team, by=lea, kind="contacts.test", now=NOW)
    moved = {
        one.label: references.move(one, kept=kept, merged=merged, operation=operation)
        for one in references.everything()
    }
    return operation, moved


def test_every_relation_to_contact_has_an_entry():
    """One that fails here was added without a word on merging and erasing: register it in its app's `ready`."""
    assert {one.label for one in references.everything()} == references.relations()


@isolate_apps("contacts")
def test_a_relation_without_an_entry_would_be_found(monkeypatch):
    class Godparent(models.Model):
        child = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "contacts"

    monkeypatch.setattr(references.apps, "get_models", lambda **_all: [Godparent])
    assert references.relations() == {"contacts.Godparent.child"}


def test_a_meeting_with_both_is_one_meeting_and_undo_gives_both_back(team, lea, jo):
    double = make_contact(team, "Jo B.")
    both, alone = make_touchpoint(team, lea, [jo, double]), make_touchpoint(team, lea, [double])
    operation, moved = move_all(team, lea, jo, double)
    assert moved["contacts.Touchpoint_contacts.contact"] == 1
    assert set(jo.touchpoints.all()) == {both, alone}
    assert not double.touchpoints.exists()
    changes.undo(operation, by=lea, now=NOW)
    assert list(jo.touchpoints.all()) == [both]
    assert set(double.touchpoints.all()) == {both, alone}


def test_two_invitations_to_one_date_are_one_with_the_surer_reply(team, lea, jo):
    double = make_contact(team, "Jo B.")
    occurrence = make_occurrence(team, lea)
    Attendance.objects.create(occurrence=occurrence, contact=jo)
    Attendance.objects.create(occurrence=occurrence, contact=double, reply=Reply.COMING)
    operation, _moved = move_all(team, lea, jo, double)
    assert [(row.contact, row.reply) for row in Attendance.objects.all()] == [(jo, Reply.COMING)]
    changes.undo(operation, by=lea, now=NOW)
    replies = {row.contact: row.reply for row in Attendance.objects.all()}
    assert replies == {jo: Reply.INVITED, double: Reply.COMING}


def test_two_belongings_to_one_group_are_one_and_nobody_belongs_to_themselves(team, lea, jo):
    double, brume = make_contact(team, "Jo B."), make_contact(team, "Brume", "band")
    Affiliation.objects.create(team=team, person=jo, group=brume)
    Affiliation.objects.create(team=team, person=double, group=brume, role="chant")
    Affiliation.objects.create(team=team, person=double, group=jo)
    move_all(team, lea, jo, double)
    assert [(row.person, row.group, row.role) for row in Affiliation.objects.all()] == [(jo, brume, "chant")]


def test_the_same_address_is_kept_once(team, lea, jo):
    double = make_contact(team, "Jo B.")
    for contact, key in ((jo, "jo@b.org"), (double, "jo@b.org"), (double, "jo@c.org")):
        ContactPoint.objects.create(team=team, contact=contact, property="email", value=key, key=key)
    operation, moved = move_all(team, lea, jo, double)
    assert moved["contacts.ContactPoint.contact"] == 1
    assert sorted(jo.points.values_list("key", flat=True)) == ["jo@b.org", "jo@c.org"]
    changes.undo(operation, by=lea, now=NOW)
    assert sorted(double.points.values_list("key", flat=True)) == ["jo@b.org", "jo@c.org"]


def test_a_removed_row_whose_place_is_taken_does_not_come_back(team, lea, jo):
    double, brume = make_contact(team, "Jo B."), make_contact(team, "Brume", "band")
    Affiliation.objects.create(team=team, person=jo, group=brume)
    Affiliation.objects.create(team=team, person=double, group=brume)
    operation, _moved = move_all(team, lea, jo, double)
    Affiliation.objects.create(team=team, person=double, group=brume)
    done = changes.undo(operation, by=lea, now=NOW)
    assert done.edited_since and Affiliation.objects.count() == 2
