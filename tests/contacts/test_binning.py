"""The bin: thirty days, back if asked, and never for those who asked not to be held."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Change
from contacts import binning, logbook, points, suppression
from contacts.models import Contact, ContactPoint, Touchpoint
from tests.cast import NOW, make_contact, make_touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday(monkeypatch):
    monkeypatch.setattr("foundation.clock.now", lambda: NOW)


def put_away(team, name, days, **fields):
    return make_contact(team, name, binned_at=NOW - timedelta(days=days), **fields)


def test_the_page_shows_what_can_come_back(as_lea, team, oscar):
    put_away(team, "Yesterday", 1)
    put_away(team, "Long ago", 31)
    put_away(team, "Merged", 1, merged_into=make_contact(team, "Kept"))
    put_away(oscar.memberships.get().team, "Theirs", 1)
    page = as_lea.get(reverse("contacts:bin"))
    assert [one.name for one in page.context["page"].object_list] == ["Yesterday"]
    assert "yesterday" in page.content.decode()


def test_taken_out_and_put_back(as_lea, team):
    jo, sam = put_away(team, "Jo", 1), put_away(team, "Sam", 2)
    page = as_lea.post(reverse("contacts:bin_restore"), {"pick": [jo.pk, sam.pk]}, follow=True)
    html = page.content.decode()
    assert "2 contacts are back." in html
    assert Contact.objects.of_team(team).count() == 2
    (undo,) = [part for part in html.split('"') if part.startswith("/undo/")]
    as_lea.post(undo)
    assert Contact.objects.of_team(team).count() == 0


def test_nothing_chosen_is_said(as_lea):
    html = as_lea.post(reverse("contacts:bin_restore"), follow=True).content.decode()
    assert "Choose at least one contact." in html and "The bin is empty." in html


def test_whoever_asked_not_to_be_held_stays_away(as_lea, team):
    jo = put_away(team, "Jo Canari", 1)
    mail = points.email("jo@canari.example")
    ContactPoint.objects.create(team=team, contact=jo, property=mail.property, value=mail.value, key=mail.key)
    suppression.add([([mail], "Somebody else", "")], day=NOW.date())
    html = as_lea.post(reverse("contacts:bin_restore"), {"pick": [jo.pk]}, follow=True).content.decode()
    assert "asked not to be held here" in html
    assert not Contact.objects.of_team(team).exists()


def test_another_teams_bin_is_closed(client, oscar, team):
    jo = put_away(team, "Jo", 1)
    client.force_login(oscar)
    client.post(reverse("contacts:bin_restore"), {"pick": [jo.pk]})
    assert not Contact.objects.of_team(team).exists()


def test_what_has_lain_there_for_thirty_days_is_gone_and_its_meetings_stay(team, lea):
    kept = put_away(team, "Yesterday", 1)
    gone = put_away(team, "Long ago", 31)
    merged = put_away(team, "Merged", 40, merged_into=make_contact(team, "Kept"))
    make_touchpoint(team, lea, [gone])
    assert (binning.empty(NOW), binning.empty(NOW)) == (1, 0)
    assert set(Contact.objects.filter(binned_at__isnull=False)) == {kept, merged}
    assert Touchpoint.objects.get().contacts.count() == 0


def test_of_those_who_go_together_each_takes_their_own_name_out_of_their_own_meetings(team, lea):
    def gone(name, **fields):
        return put_away(team, name, 40, **fields)

    def count():
        with CaptureQueriesContext(connection) as queries:
            emptied.append(binning.empty(NOW))
        return len(queries)

    kept, emptied = make_contact(team, "Rose Martin"), []
    paul, rose = gone("Paul Grand"), gone("Rose Petit")
    gone("Rosa Klein", merged_into=rose)
    text = "Rose chante, Paul et Rosa Klein aussi; petit public."
    paul_s, _rose_s, _both = (
        make_touchpoint(team, lea, [*those, kept], note=text) for those in ([paul], [rose], [paul, rose])
    )
    said = {"kind": paul_s.kind, "met_at": paul_s.met_at, "contacts": [paul, kept], "by": lea, "now": NOW}
    logbook.edit(paul_s, **said, note=text, place="Petit Bain")
    cost = count()
    assert list(Touchpoint.objects.order_by("pk").values_list("note", "place")) == [
        ("Rose chante, … et Rosa Klein aussi; petit public.", "Petit Bain"),
        ("… chante, Paul et … aussi; … public.", ""),
        ("… chante, … et … aussi; … public.", ""),
    ]
    assert "Paul" not in str(list(Change.objects.values_list("before", "after")))
    for number in range(5):
        make_touchpoint(team, lea, [gone(f"Paul Nom{number}"), kept], note=text)
    assert count() <= cost
    assert emptied == [3, 5]
