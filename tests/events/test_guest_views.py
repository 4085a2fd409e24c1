"""Guests on the page of a date: suggested, invited, at the door, and who was there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Operation
from events import attendance, planning
from events.models import Attendance, Reply
from tests.cast import (
    NOW,
    make_contact,
    make_member,
)
from tests.events.cast import address, make_occurrence, make_series, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def test_guests_are_suggested_invited_and_taken_off(client, lea, team):
    series = make_series(team, lea)
    date_ = series.occurrences.order_by("starts_at").first()
    samira = make_contact(team, "Samira", "colleague")
    page = client.get(reverse("occurrence", args=[date_.pk]))
    assert [one.contact for one in page.context["candidates"]] == [samira]
    answer = client.post(address("invite", date_.pk), {"contact": samira.pk, "who": "Zoé"}, follow=True)
    assert said(answer) == ["Invited: Samira, Zoé."]
    empty = client.post(address("invite", date_.pk), {"who": ""}, follow=True)
    assert said(empty)[-1] == "Choose a name, or type one."
    guest = Attendance.objects.get(contact=samira)
    page = client.post(address("uninvite", date_.pk, guest.pk), follow=True).content.decode()
    assert [one.contact.name for one in Attendance.objects.all()] == ["Zoé"]
    assert client.post(address("uninvite", date_.pk, guest.pk)).status_code == 302, "clicked twice"
    for act, left in (("uninvite", {"Samira", "Zoé"}), ("invite", set())):
        undo = reverse("accounts:undo", args=[Operation.objects.get(kind=f"events.{act}").pk])
        assert undo in page
        page = answer.content.decode()
        client.post(undo)
        assert {one.contact.name for one in Attendance.objects.all()} == left
    planning.cancel(occurrence=date_, by=lea, now=NOW)
    refused = client.post(address("invite", date_.pk), {"contact": samira.pk}, follow=True)
    assert said(refused)[-1] == "It is cancelled already."


def test_at_the_door_a_name_is_enough_and_is_ticked_afterwards(client, lea, team):
    running = make_occurrence(team, lea, (), NOW - timedelta(minutes=30))
    here = reverse("occurrence", args=[running.pk])
    assert "At the door" in client.get(here).content.decode()
    client.post(address("invite", running.pk), {"who": "Zoé", "reply": "coming"})
    assert Attendance.objects.get().reply == Reply.COMING
    assert f'value="{Attendance.objects.get().contact_id}" checked' in client.get(here).content.decode()
    soon = make_occurrence(team, lea, (), NOW + timedelta(hours=2))
    assert "At the door" not in client.get(reverse("occurrence", args=[soon.pk])).content.decode()


def test_teammates_who_were_there_share_the_touchpoint_and_more_may_be_added(client, lea, team):
    noe, ada = make_member(team, "Noé Tessier", language="en"), make_member(team, "Ada Roux")
    jo, over = make_contact(team), make_occurrence(team, lea, (), NOW - timedelta(hours=5))
    client.post(address("took_place", over.pk), {"contact": jo.pk, "host": [lea.pk, ada.pk]})
    over.refresh_from_db()
    assert set(over.touchpoint.managers.all()) == {lea, ada}
    answer = client.post(address("also_came", over.pk), {"who": "Zoé"}, follow=True)
    assert said(answer)[-1] == "Noted: Zoé."
    assert over.touchpoint.contacts.count() == 2
    assert said(client.post(address("also_came", over.pk), follow=True))[-1] == "Choose a name, or type one."
    client.force_login(noe)
    assert client.post(address("also_came", over.pk), {"who": "Al"}).status_code == 403
    assert "I was there too" in client.get(reverse("occurrence", args=[over.pk])).content.decode()
    client.post(reverse("log_join", args=[over.touchpoint_id]))
    assert noe in over.touchpoint.managers.all()


def test_who_was_not_there_adds_nobody(client, lea, team):
    noe, over = make_member(team, "Noé Tessier"), make_occurrence(team, lea, (), NOW - timedelta(hours=5))
    over.hosts.add(noe)
    jo = make_contact(team)
    attendance.took_place(occurrence=over, contacts=[jo], managers=[lea], by=lea, now=NOW)
    client.force_login(noe)
    client.post(address("also_came", over.pk), {"who": "Zoé"})
    assert list(over.touchpoint.contacts.all()) == [jo]
