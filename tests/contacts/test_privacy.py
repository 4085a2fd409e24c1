"""Requests about people's data: the clock, the checklist, the download, erasing and objecting, page by page."""

import io
import json
import uuid
import zipfile
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEntry
from contacts import access, directory, erasing, privacy, privacy_reminders, promises, suppression
from contacts.models import (
    Contact,
    ContactPoint,
    Export,
    ExternalId,
    PrivacyRequest,
    RequestKind,
    Suppression,
    Tag,
)
from notifications import kinds, rendering
from notifications.models import Notification
from outreach.models import Relay
from tests.cast import NOW, contact_kind, make_admin, make_contact, make_outsider, make_touchpoint
from tests.events.cast import make_occurrence
from tests.outreach.launches.cast import make_launch

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_file(settings, tmp_path):
    settings.SUPPRESSION_FILE = tmp_path / "suppressions.txt"


@pytest.fixture
def ada():
    return make_admin(language="en")


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


def ask(ada, kind=RequestKind.ACCESS, about=(), received_on=date(2026, 11, 20)):
    row = privacy.register(
        kind=kind, name="Jo Brume", address="jo@b.org", note="", received_on=received_on, by=ada, now=NOW
    )
    row.contacts.set(about)
    return row


def url(row, name="detail"):
    return reverse(f"contacts:privacy_{name}", args=[row.pk])


@pytest.mark.parametrize(
    ("received", "due"),
    [(date(2026, 11, 20), date(2026, 12, 20)), (date(2027, 1, 31), date(2027, 2, 28))],
)
def test_a_request_is_due_within_a_month(ada, received, due):
    assert ask(ada, received_on=received).due_on == due


def test_two_months_more_once_and_for_a_reason(ada):
    row = ask(ada)
    assert privacy.extend(row, because="Three teams", by=ada, now=NOW)
    assert not privacy.extend(row, because="Again", by=ada, now=NOW)
    row.refresh_from_db()
    assert (row.due_on, row.extended_because) == (date(2027, 2, 20), "Three teams")


def test_steps_are_ticked_and_taken_back(as_ada, ada):
    row = ask(ada)
    as_ada.post(url(row, "step"), {"code": "identity", "done": "yes"})
    as_ada.post(url(row, "step"), {"code": "nonsense", "done": "yes"})
    row.refresh_from_db()
    assert set(row.steps) == {"identity"}
    as_ada.post(url(row, "step"), {"code": "identity", "done": "no"})
    row.refresh_from_db()
    assert row.steps == {}


@pytest.mark.parametrize("text", ["jo brume", "JO@B.ORG", "+33 6 12 34 56 78", "Jo Bruume"])
def test_a_person_is_found_in_every_team_and_the_bin(team, text):
    here = make_contact(team, "Jo Brume", binned_at=NOW)
    there = make_contact(make_outsider().memberships.get().team, "Jo Brume")
    for contact in (here, there):
        ContactPoint.objects.create(
            team=contact.team, contact=contact, property="email", value="x", key="jo@b.org"
        )
        ContactPoint.objects.create(
            team=contact.team, contact=contact, property="tel", value="x", key="+33612345678"
        )
    make_contact(team, "Karim Sy")
    assert privacy.candidates(text) == [here, there]


def test_everything_about_one_person_is_in_one_download(as_ada, ada, team, lea, jo):
    jo.note, jo.informed_on = "Sings", date(2026, 3, 1)
    jo.save()
    make_touchpoint(team, lea, [jo], note="A secret", is_private=True)
    make_contact(team, "Karim Sy", note="Friend of Jo Brume")
    Export.objects.create(
        team=team, by=lea, at=NOW, format="csv", count=2, members=Export.packed([jo.pk, 99_999])
    )
    row = ask(ada, about=[jo])
    answer = as_ada.post(url(row, "download"), {"language": "en"})
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    data, page = json.loads(archive.read("data.json")), archive.read("read-me.html").decode()
    assert data["contact"][0]["note"] == "Sings"
    assert data["contacts.Touchpoint_contacts.contact"][0]["note"] == "A secret"
    assert data["exports"][0]["by"] == "Léa Martin" and data["mentions"][0]["text"] == "Friend of Jo Brume"
    for words in ("A secret", "Sings", "1 March 2026", "Léa Martin", "CSV, plain", "36 months"):
        assert words.replace(" ", "\u00a0") in page or words in page.replace("\u00a0", " ")
    assert AuditEntry.objects.get(action="person.downloaded").details["contacts"] == [jo.pk]
    french = as_ada.post(url(row, "download"), {"language": "fr"})
    assert (
        "Tout ce que nous conservons"
        in zipfile.ZipFile(io.BytesIO(french.content)).read("read-me.html").decode()
    )


def test_every_column_of_the_download_has_words_of_its_own(team, lea, jo):
    """One word for two columns, or a column's name in the code for its word, and nobody knows what is meant."""
    make_touchpoint(team, lea, [jo])
    made = {"team": team, "contact": jo, "client_id": uuid.uuid4(), "now": NOW}
    promises.add(**made, manager=lea, text="Send the poster", due_on=date(2026, 12, 1))
    directory.affiliate(person=jo, group=make_contact(team, "La Cale", "venue"))
    ContactPoint.objects.create(team=team, contact=jo, property="tel", value="x", key="x")
    jo.tags.add(Tag.objects.create(team=team, name="Rock", key="rock"))
    ExternalId.objects.create(team=team, contact=jo, source="Brevo", value="7")
    ask(make_admin(), about=[jo])
    make_occurrence(team, lea, [jo])
    launch = make_launch(team, [jo], by=lea)
    Relay.objects.create(launch=launch, contact=jo, name="Jo", code="abcd", created_at=NOW)
    members = Export.packed([jo.pk])
    Export.objects.create(team=team, by=lea, at=NOW, format="csv", count=1, members=members)
    make_contact(team, "Karim Sy", note="Friend of Jo Brume")
    sections = access.everything([jo])
    assert not [section.key for section in sections if not section.rows]
    for language in ("en", "fr"):
        with translation.override(language):
            for section in sections:
                words = [str(access._WORDS[name]) for name in section.rows[0]]
                assert len(set(words)) == len(words), (language, section.key)


def test_by_whom_and_by_when_are_two_columns(as_ada, ada, team, lea, jo):
    made = {"team": team, "contact": jo, "client_id": uuid.uuid4(), "now": NOW}
    promises.add(**made, manager=lea, text="Send the poster", due_on=date(2026, 12, 1))
    answer = as_ada.post(url(ask(ada, about=[jo]), "download"), {"language": "en"})
    data = json.loads(zipfile.ZipFile(io.BytesIO(answer.content)).read("data.json"))
    (promise,) = data["contacts.Promise.contact"]
    assert (promise["due_on"], "by" in promise) == ("2026-12-01", False)


@pytest.mark.parametrize(("days", "told"), [(10, 0), (25, 1), (40, 1)])
def test_admins_are_told_a_week_before_it_is_due_once_and_without_a_name(ada, days, told):
    row = ask(ada, received_on=NOW.date() - timedelta(days=days))
    for _again in range(2):
        privacy_reminders.tell(NOW)
    notifications = list(Notification.objects.filter(recipient=ada, kind=privacy_reminders.DUE))
    assert len(notifications) == told
    for notification in notifications:
        letter = rendering.item(notification, NOW)
        assert "is to be answered by" in letter.text and "Brume" not in f"{letter.text} {letter.html}"
        assert kinds.get(notification.kind).still_true(notification, NOW)
        privacy.close(row, outcome="answered", by=ada, now=NOW)
        assert not kinds.get(notification.kind).still_true(notification, NOW)


def test_every_part_has_a_title(jo):
    assert all(section.title for section in access.everything([jo]))


def test_erasing_by_page_wants_the_name_and_leaves_nobody(as_ada, ada, team, lea, jo):
    make_touchpoint(team, lea, [jo], note="Alone")
    row = ask(ada, RequestKind.ERASURE, [jo])
    page = as_ada.get(url(row, "erase")).content.decode()
    assert "1 meeting" in page and "jo@b.org" in page
    assert as_ada.post(url(row, "erase"), {"name": "Jo"}).status_code == 422
    assert Contact.objects.filter(pk=jo.pk).exists()
    page = as_ada.post(url(row, "erase"), {"name": "jo brume"}, follow=True).content.decode()
    row.refresh_from_db()
    assert not Contact.objects.filter(pk=jo.pk).exists()
    assert (row.name, row.address, row.outcome, bool(row.closed_at)) == ("", "", "erased", True)
    assert "Jo Brume" not in page and "Somebody who is erased" in page
    assert as_ada.get(url(row)).status_code == 200
    assert suppression.holds(points=[], name="Jo Brume")


def test_an_address_that_others_have_keeps_only_the_person_away(team, jo):
    other = make_contact(team, "Karim Sy")
    for contact in (jo, other):
        ContactPoint.objects.create(
            team=team, contact=contact, property="email", value="x@b.org", key="x@b.org"
        )
    seen = erasing.preview([jo])
    assert seen.shared == [("x@b.org", "Karim Sy")]
    erasing.erase([jo], by=None, now=NOW)
    point = privacy.read_points("x@b.org")
    assert suppression.holds(points=point, name="Jo Brume")
    assert not suppression.holds(points=point, name="Karim Sy")
    assert erasing.hold_back(Contact.objects.all(), now=NOW) == 0
    assert other.points.exists()


def test_a_namesake_who_stays_is_not_kept_away(team, jo):
    """The name says nothing of the one who went; their own address still does."""
    make_contact(team, "Jo Brume", town="Lille")
    ContactPoint.objects.create(team=team, contact=jo, property="email", value="x", key="jo@b.org")
    jo.town = "Caen"
    jo.save()
    erasing.erase([jo], by=None, now=NOW)
    assert not suppression.holds(points=[], name="Jo Brume")
    assert not suppression.holds(points=[], name="Jo Brume", town="Lille")
    assert suppression.holds(points=[], name="Jo Brume", town="Caen")
    assert suppression.holds(points=privacy.read_points("jo@b.org"), name="J.")
    assert erasing.hold_back(Contact.objects.all(), now=NOW) == 0


def test_who_objected_is_marked_again_by_a_form_a_meeting_and_an_import(ada, team, lea, jo, tmp_path):
    privacy.object_to_writing([jo], by=ada, now=NOW)
    Contact.objects.all().delete()
    details = directory.Details(name="Jo Brume", kind=contact_kind())
    directory.add(team=team, by=lea, details=details, client_id=uuid.uuid4(), now=NOW)
    directory.add_drafts(team=team, by=lea, names=["Brume, Jo", "Karim Sy"], now=NOW)
    (tmp_path / "x.csv").write_text("Nom\nJo BRUME\nAna Roux\n")
    Contact.objects.filter(name="Jo Brume").update(sort_key="x", name="x")
    out = io.StringIO()
    call_command(
        "import_contacts", str(tmp_path / "x.csv"), team=team.slug, source="s", basis="consent", stdout=out
    )
    marked = set(Contact.objects.filter(objected_at__isnull=False).values_list("name", flat=True))
    assert marked == {"x", "Brume, Jo", "Jo BRUME"}


def test_who_objects_to_being_written_to_stays_and_is_marked_again_when_brought_in_anew(
    as_ada, ada, team, jo
):
    row = ask(ada, RequestKind.OBJECTION, [jo])
    as_ada.post(url(row, "object"))
    jo.refresh_from_db()
    row.refresh_from_db()
    assert jo.objected_at and row.outcome == "unwritten"
    assert not Contact.objects.contactable().filter(pk=jo.pk).exists()
    again = make_contact(team, "Jo Brume")
    erasing.hold_back(Contact.objects.filter(pk=again.pk), now=NOW)
    again.refresh_from_db()
    assert again.objected_at == NOW
    privacy.may_write_again([jo], by=ada, now=NOW)
    assert Contact.objects.contactable().filter(pk=jo.pk).exists() and not Suppression.objects.exists()


def test_asking_whether_somebody_is_held_back_and_letting_them_in(as_ada, ada, jo):
    erasing.erase([jo], by=ada, now=NOW)
    held = reverse("contacts:privacy_held")
    assert "Yes: they asked not to be held" in as_ada.post(held, {"text": "brume jo"}).content.decode()
    assert "No, nobody" in as_ada.post(held, {"text": "karim@sy.org"}).content.decode()
    as_ada.post(held, {"text": "Jo Brume", "let_in": "1"})
    assert not Suppression.objects.exists()
    assert AuditEntry.objects.get(action="person.let_in").details == {"people": 1}


def test_a_request_is_registered_chosen_extended_and_closed_by_page(as_ada, ada, jo):
    listing = reverse("contacts:privacy_list")
    assert "No request" in as_ada.get(listing).content.decode()
    new = reverse("contacts:privacy_new")
    data = {"kind": "correction", "name": "Jo Brume", "address": "jo@b.org"}
    assert as_ada.post(new, {**data, "received_on": "2099-01-01"}).status_code == 422
    as_ada.post(new, {**data, "received_on": (NOW.date() - timedelta(days=40)).isoformat()})
    row = PrivacyRequest.objects.get()
    assert "late since" in as_ada.get(listing).content.decode()
    assert "It is them" in as_ada.get(url(row)).content.decode()
    as_ada.post(url(row, "about"), {"contact": jo.pk})
    assert list(row.contacts.all()) == [jo]
    as_ada.post(url(row, "about"), {"contact": jo.pk, "remove": "1"})
    assert not row.contacts.exists()
    as_ada.post(url(row, "extend"), {"because": ""})
    for because, said in (("Many teams", "Two months more. Tell them so"), ("More teams", "taken already")):
        page = as_ada.post(url(row, "extend"), {"because": because}, follow=True).content.decode()
        assert said in page and "Many teams" in page
    as_ada.post(url(row, "close"), {"outcome": "nonsense"})
    assert PrivacyRequest.objects.open().exists()
    page = as_ada.post(url(row, "close"), {"outcome": "corrected"}, follow=True).content.decode()
    assert "Corrected" in page and not PrivacyRequest.objects.open().exists()


@pytest.mark.parametrize("name", ["download", "object", "erase"])
def test_nothing_is_done_before_somebody_is_chosen(as_ada, ada, name):
    row = ask(ada, RequestKind.OBJECTION)
    page = as_ada.post(url(row, name), follow=True).content.decode()
    assert "Choose first who it is about" in page
