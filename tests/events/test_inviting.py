"""Whom to invite."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import translation

from accounts import changes
from contacts import erasing
from contacts.models import Contact
from events import attendance, inviting
from events.models import Attendance, Reply
from tests.cast import NOW, make_contact, make_member, make_team, make_touchpoint
from tests.events.cast import make_occurrence, make_series

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team)


def due(team, lea, name, weeks, kind="person"):
    """A contact met this many weeks ago, who asks to be seen every two."""
    met_at = NOW - timedelta(weeks=weeks)
    contact = make_contact(team, name, kind, rhythm_days=14, last_met_at=met_at)
    make_touchpoint(team, lea, [contact], met_at=met_at)
    return contact


def names(found):
    return [one.contact.name for one in found]


def test_those_due_come_first_and_a_colleague_is_among_them(team, lea):
    for weeks, name in enumerate(["Al", "Bo", "Cy", "Di", "Ed", "Fi"], start=6):
        due(team, lea, name, weeks)
    make_contact(team, "Samira", "colleague")
    found = inviting.suggested(make_occurrence(team, lea), user=lea, now=NOW)
    assert names(found) == ["Fi", "Ed", "Di", "Cy", "Samira"]
    assert found[0].reason == "Last met 11 weeks ago"
    assert found[-1].reason == "A colleague"


def test_a_colleague_who_is_due_needs_no_other(team, lea):
    due(team, lea, "Samira", 9, "colleague")
    make_contact(team, "Étienne", "colleague")
    assert names(inviting.suggested(make_occurrence(team, lea), user=lea, now=NOW)) == ["Samira"]


def test_who_is_invited_already_is_not_suggested(team, lea):
    jo, samira = due(team, lea, "Jo", 9), make_contact(team, "Samira", "colleague")
    assert inviting.suggested(make_occurrence(team, lea, (jo, samira)), user=lea, now=NOW) == []


def test_those_who_come_each_time_are_offered_too(team, lea):
    jo = make_contact(team)
    series = make_series(team, lea, now=NOW - timedelta(days=30), starts_on=date(2026, 11, 5))
    dates = list(series.occurrences.order_by("starts_at")[:4])
    for row in dates[:3]:
        attendance.took_place(occurrence=row, contacts=[jo], by=lea, now=NOW)
    found = inviting.suggested(dates[3], user=lea, now=NOW)
    assert [(one.contact, one.reason) for one in found] == [(jo, "Comes each time")]


def test_invited_twice_keeps_the_reply_unless_they_are_here(team, lea):
    jo, occurrence = make_contact(team), make_occurrence(team, lea)
    asked = {"occurrence": occurrence, "by": lea, "contacts": [jo], "now": NOW}
    inviting.invite(**asked, new_names=["Zoé"])
    Attendance.objects.filter(contact=jo).update(reply=Reply.DECLINED)
    inviting.invite(**asked, new_names=())
    assert Attendance.objects.get(contact=jo).reply == Reply.DECLINED
    inviting.invite(**asked, new_names=(), reply=Reply.COMING)
    assert Attendance.objects.get(contact=jo).reply == Reply.COMING
    assert Contact.objects.get(name="Zoé").is_draft
    assert occurrence.guests.count() == 2


def replies(occurrence):
    return dict(occurrence.attendances.values_list("contact__name", "reply"))


def test_an_invitation_is_undone_with_the_new_names_and_without_those_invited_before(team, lea):
    jo, samira = make_contact(team), make_contact(team, "Samira")
    occurrence = make_occurrence(team, lea, (jo,))
    asked = {"occurrence": occurrence, "by": lea, "now": NOW, "reply": Reply.COMING}
    _guests, operation = inviting.invite(**asked, contacts=[jo, samira], new_names=["Zoé"])
    assert replies(occurrence) == {"Jo Brume": "coming", "Samira": "coming", "Zoé": "coming"}
    assert changes.undo(operation, by=lea, now=NOW).edited_since == []
    assert replies(occurrence) == {"Jo Brume": "invited"}
    assert list(Contact.objects.filter(binned_at=None).order_by("name")) == [jo, samira]


def test_who_replied_since_stays_invited_and_a_new_name_met_since_stays_a_contact(team, lea):
    samira, occurrence = make_contact(team, "Samira"), make_occurrence(team, lea)
    asked = {"occurrence": occurrence, "by": lea, "now": NOW}
    _guests, operation = inviting.invite(**asked, contacts=[samira], new_names=["Zoé"])
    occurrence.attendances.filter(contact=samira).update(reply=Reply.COMING)
    Contact.objects.filter(name="Zoé").update(last_met_at=NOW)
    assert len(changes.undo(operation, by=lea, now=NOW).edited_since) == 2
    assert replies(occurrence) == {"Samira": "coming"}
    assert Contact.objects.get(name="Zoé").binned_at is None


def test_taken_off_by_mistake_a_guest_is_on_the_list_again_with_the_reply(team, lea):
    jo = make_contact(team)
    occurrence = make_occurrence(team, lea, (jo,))
    attendance_ = occurrence.attendances.get()
    attendance.replied(attendance=attendance_, answer=Reply.MAYBE)
    operation = inviting.take_off(attendance=attendance_, by=lea, now=NOW)
    assert replies(occurrence) == {}
    changes.undo(operation, by=lea, now=NOW)
    assert replies(occurrence) == {"Jo Brume": "maybe"}


def test_a_guest_taken_off_and_erased_since_is_not_put_back_on_the_list(team, lea):
    jo, samira = make_contact(team, "Jo Canari"), make_contact(team, "Samira")
    occurrence = make_occurrence(team, lea, (jo, samira))
    taken_off = inviting.take_off(attendance=occurrence.attendances.get(contact=jo), by=lea, now=NOW)
    erasing.purge([jo.pk], now=NOW)
    assert len(changes.undo(taken_off, by=lea, now=NOW).edited_since) == 1
    assert list(replies(occurrence)) == ["Samira"]
    connection.check_constraints()
