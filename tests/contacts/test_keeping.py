"""How long people are kept, counted from their own last sign; and whether they know."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import Membership, Role
from contacts import erasing, informing, retention
from contacts.models import Contact, ContactPoint
from events.models import Attendance
from tests.cast import NOW, make_contact, make_team, make_touchpoint
from tests.events.cast import make_occurrence

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
LONG_AGO = datetime(2023, 11, 1, tzinfo=UTC)  # 36 months and some days before
ALMOST = datetime(2023, 12, 10, tzinfo=UTC)  # 35 months and a half


def old(team, name="Jo Brume", **fields):
    return make_contact(team, name, **{"created_at": LONG_AGO, **fields})


def expiring(team):
    return list(retention.expiring(team, today=TODAY))


@pytest.mark.parametrize(
    ("fields", "is_listed"),
    [
        ({}, True),
        ({"created_at": ALMOST}, True),
        ({"created_at": NOW - timedelta(days=900)}, False),
        ({"created_at": NOW, "sourced_on": date(2020, 1, 1)}, True),  # an old list, brought in today
        ({"heard_on": date(2026, 1, 1)}, False),
        ({"heard_on": date(2023, 1, 1)}, True),
        ({"kept_until": date(2027, 1, 1)}, False),
        ({"kept_until": TODAY}, True),
        ({"binned_at": NOW}, False),
    ],
)
def test_who_gave_no_sign_for_35_months_is_listed(team, fields, is_listed):
    contact = old(team, **fields)
    assert expiring(team) == ([contact] if is_listed else [])


@pytest.mark.parametrize(("kind", "is_listed"), [("meeting", False), ("call", False), ("message", True)])
def test_a_meeting_is_a_sign_and_a_message_of_ours_is_none(team, lea, kind, is_listed):
    contact = old(team)
    make_touchpoint(team, lea, [contact], kind=kind)
    assert bool(expiring(team)) is is_listed


def test_a_reply_to_an_invitation_is_a_sign_and_the_invitation_is_none(team, lea):
    contact = old(team)
    make_occurrence(team, lea, (contact,))
    assert expiring(team) == [contact]
    Attendance.objects.update(reply="declined")
    assert expiring(team) == []


def test_our_own_edits_and_imports_are_no_sign(team):
    contact = old(team)
    contact.note, contact.sourced_on, contact.source = "Edited", TODAY, "Again"
    contact.save()
    assert expiring(team) == [contact]


def test_the_day_it_is_over_is_counted_from_the_last_sign(team, lea):
    contact = old(team)
    make_touchpoint(team, lea, [contact], met_at=datetime(2023, 11, 15, 12, tzinfo=UTC))
    row = retention.with_last_sign(retention.expiring(team, today=TODAY)).get()
    assert (retention.last_sign(row), retention.over_on(row)) == (date(2023, 11, 15), date(2026, 11, 15))


def test_the_months_are_a_setting(team, settings):
    settings.RETENTION_MONTHS = 60
    old(team)
    assert expiring(team) == []


def test_deciding_by_page_keeps_for_a_reason_or_erases_with_the_next_tick(client, team, ines, lea):
    kept, gone = old(team, "Karim Sy"), old(team, "Jo Brume")
    make_touchpoint(team, lea, [gone], met_at=LONG_AGO, note="Alone")
    client.force_login(ines)
    decide, page = reverse("contacts:retention_decide"), reverse("contacts:retention_list")
    assert "last sign 1\u00a0November 2023" in client.get(page).content.decode()
    assert "Nobody is ticked" in client.post(decide, {"keep": "1"}, follow=True).content.decode()
    assert (
        "A reason is needed"
        in client.post(decide, {"keep": "1", "contact": kept.pk}, follow=True).content.decode()
    )
    client.post(decide, {"keep": "1", "contact": kept.pk, "reason": "Archive of the festival"})
    kept.refresh_from_db()
    assert kept.kept_reason == "Archive of the festival" and expiring(team) == [gone]
    client.post(decide, {"erase": "1", "contact": gone.pk})
    assert client.get(reverse("contact", args=[gone.pk])).status_code == 404
    assert erasing.purge_due(NOW + timedelta(days=9000)) == 1
    assert erasing.purge_due(NOW + timedelta(days=9000)) == 0
    assert not Contact.objects.filter(pk=gone.pk).exists()
    assert "Nobody has been silent" in client.get(page).content.decode()


def test_who_does_not_know_is_listed_with_a_letter_in_both_languages(as_lea, team, jo):
    make_contact(team, "Brume", "band")
    make_contact(team, "Ana Roux", informed_on=TODAY)
    no_mail = make_contact(team, "Karim Sy", objected_at=NOW)
    for contact in (jo, no_mail):
        key = f"{contact.pk}@b.org"
        ContactPoint.objects.create(team=team, contact=contact, property="email", value=key, key=key)
    page = as_lea.get(reverse("contacts:informing_list")).content.decode()
    assert list(informing.to_inform(team)) == [jo, no_mail]
    assert f"{jo.pk}@b.org" in page and f"{no_mail.pk}@b.org" not in page
    assert "Bonjour" in page and "Hello" in page and "36 mois" in page.replace("\u00a0", " ")


def test_telling_is_noted_and_undone(as_lea, team, jo):
    done = reverse("contacts:informed")
    assert "Nobody is ticked" in as_lea.post(done, follow=True).content.decode()
    page = as_lea.post(done, {"contact": [jo.pk]}, follow=True).content.decode()
    jo.refresh_from_db()
    assert jo.informed_on and "Everybody in this book knows" in page
    undo = page.split('action="/undo/')[1].split('"')[0]
    as_lea.post(f"/undo/{undo}")
    jo.refresh_from_db()
    assert jo.informed_on is None


def test_a_whole_page_is_told_at_once(as_lea, team, jo):
    other = make_contact(team, "Karim Sy")
    as_lea.post(reverse("contacts:informed"), {"shown": [jo.pk, other.pk], "all": "1"})
    assert not informing.to_inform(team).exists()


def test_one_person_knows_since_a_day_and_wrote_on_another(as_lea, jo):
    address = reverse("contacts:knows", args=[jo.pk])
    as_lea.post(address, {"informed_on": "2026-01-02", "heard_on": "2026-02-03"})
    jo.refresh_from_db()
    assert (jo.informed_on, jo.heard_on) == (date(2026, 1, 2), date(2026, 2, 3))
    page = as_lea.post(address, {"informed_on": "2099-01-02"}, follow=True).content.decode()
    assert "not later than today" in page and "They know since 2\u00a0January 2026" in page


def test_today_is_the_day_of_the_contacts_team(as_lea, lea, monkeypatch):
    monkeypatch.setattr("foundation.clock.now", lambda: datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    other = make_team("Ailleurs", time_zone="Pacific/Auckland")  # the 25th there already
    Membership.objects.create(user=lea, team=other, role=Role.LEAD, since=date(2026, 1, 1))
    theirs = make_contact(other, "Moana")
    as_lea.post(reverse("contacts:knows", args=[theirs.pk]), {"informed_on": "2026-11-25"})
    theirs.refresh_from_db()
    assert theirs.informed_on == date(2026, 11, 25)


def test_the_pages_cost_the_same_for_one_and_for_forty(
    as_lea, client, team, jo, django_assert_max_num_queries
):
    for number in range(40):
        old(team, f"Person {number}")
    with django_assert_max_num_queries(10):
        as_lea.get(reverse("contacts:informing_list"))
