"""What leaves: complete, written down, harmless, and unchanged when it comes in again."""

import csv
import io
import json
import uuid
from datetime import date, timedelta

import pytest
import vobject
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEntry
from contacts import directory, exports, points, search, sheets
from contacts import tags as tagging
from contacts.directory import Details
from contacts.imports import applying, columns, reading
from contacts.imports.columns import Field
from contacts.imports.writing import Provenance
from contacts.models import Affiliation, Contact, ContactPoint, Export, ExportFormat, Touchpoint
from contacts.vcard_writing import Card, vcard
from tests.cast import NOW, contact_kind, make_contact, make_touchpoint
from tests.samples import sample

pytestmark = pytest.mark.django_db
FILES = [into for into in ExportFormat if into != ExportFormat.ADDRESSES]


def leave(team, by, contact_ids, into=ExportFormat.EXCEL_CSV):
    pieces = exports.export(team=team, by=by, contact_ids=contact_ids, into=into, now=NOW)
    return b"".join(pieces)


def table(content, delimiter=";"):
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter)
    return [dict(zip(header, row, strict=True)) for row in rows]


def add(team, by, name, kind="person", **fields):
    details = Details(name=name, kind=contact_kind(kind), **fields)
    return directory.add(team=team, by=by, details=details, client_id=uuid.uuid4(), now=NOW).contact


@pytest.fixture
def brume(team, lea):
    """A team's book with everything a contact can have, and what is hard to carry."""
    jo = add(
        team,
        lea,
        "-M-",
        points=[
            points.Point("email", "jo@brume.org", "jo@brume.org"),
            points.Point("email", "jo@example.org", "jo@example.org"),
            points.phone("+33 6 12 34 56 78", "FR"),
            points.link("https://brume.org/a,b;c?d=1"),
            points.link("instagram @brume"),
        ],
        town="Le Havre",
        postcode="06000",
        street="1, rue des Étoiles",
        note='=HYPERLINK("x")\nLigne 2 ; "citée"',
        tags=["Presse; rock", "+ VIP", "été"],
        owner=lea,
        rhythm_days=42,
        source="Festival, 2026",
        sourced_on=date(2026, 3, 1),
    )
    band = add(team, lea, "AC/DC", "band")
    cale = add(team, lea, "@La Cale", "venue")
    for group, role in ((band, "chant, guitare"), (cale, "")):
        directory.affiliate(person=jo, group=group, role=role)
    add(team, lea, "Jo")
    add(team, lea, "Jo", note="another Jo of whom nothing else is known")
    return jo


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_column_holds_what_the_contact_has(team, lea, brume, language):
    Contact.objects.filter(pk=brume.pk).update(last_met_at=NOW)
    with translation.override(language):
        (row,) = table(leave(team, lea, [brume.pk]))
        kind = str(brume.kind)
    assert list(row.values()) == [
        f"{team.slug}/{brume.pk}",
        "'-M-",
        kind,
        "jo@brume.org\njo@example.org",
        "'+33 6 12 34 56 78",
        "https://brume.org/a,b;c?d=1\nhttps://www.instagram.com/brume",
        "1, rue des Étoiles",
        "06000",
        "Le Havre",
        "AC/DC\n@La Cale",
        "chant, guitare\n",
        "été\nPresse; rock\n+ VIP",
        '\'=HYPERLINK("x")\nLigne 2 ; "citée"',
        "Léa Martin",
        "6",
        "2026-11-24",
        "Festival, 2026",
        row[list(row)[17]],
        "2026-03-01",
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_our_own_importer_knows_our_headers(team, lea, brume, language):
    with translation.override(language):
        content = leave(team, lea, [brume.pk])
    fields = [column.field for column in columns.recognise(reading.read(content, "x.csv"))]
    wanted = {Field.NAME, Field.KIND, Field.EMAIL, Field.PHONE, Field.LINK, Field.POSTCODE, Field.TOWN}
    wanted |= {Field.GROUP, Field.ROLE, Field.TAGS, Field.NOTE}
    assert wanted <= set(fields[1:13]), fields
    assert set(fields[13:]) == {None}


def test_a_private_note_never_leaves(team, lea, noe, jo):
    make_touchpoint(team, noe, [jo], note="Entre nous", is_private=True, place="Chez lui")
    make_touchpoint(team, noe, [jo], note="Ouvert")
    for into in FILES:
        content = leave(team, lea, [jo.pk], into)
        for word in ("Entre nous", "Chez lui", "Ouvert"):
            assert word.encode() not in content
    assert Touchpoint.objects.count() == 2


def test_it_is_written_down_who_took_whom_out(team, lea, jo):
    brume = make_contact(team, "Brume")
    leave(team, lea, [brume.pk, jo.pk])
    leave(team, lea, [brume.pk], ExportFormat.VCARD)
    entry = AuditEntry.objects.filter(action="contacts.exported").latest("pk")
    assert (entry.actor, entry.team) == (lea, team)
    assert entry.details == {"export": Export.objects.latest("pk").pk, "format": "vcard", "count": 1}
    assert [(one.by, one.format) for one in exports.that_held(team, [jo.pk])] == [(lea, "excel-csv")]
    assert len(exports.that_held(team, [jo.pk, brume.pk])) == 2
    assert exports.that_held(team, [jo.pk + 1000]) == []


def test_a_hundred_thousand_ids_take_little_room():
    ids = range(5, 500_005, 5)
    packed = Export.packed(ids)
    assert len(packed) < 100_000
    assert Export(members=packed).contact_ids() == set(ids)


def test_what_is_binned_meanwhile_and_what_is_another_teams_does_not_leave(team, lea, oscar, jo):
    theirs = make_contact(oscar.memberships.get().team, "Theirs")
    Contact.objects.filter(pk=jo.pk).update(binned_at=NOW)
    assert table(leave(team, lea, [jo.pk, theirs.pk])) == []


def test_the_same_number_of_queries_for_two_and_for_two_hundred(team, lea, brume):
    many = [make_contact(team, f"Contact {number}").pk for number in range(200)]
    counts = []
    for ids in ([brume.pk], [brume.pk, *many]):
        with CaptureQueriesContext(connection) as captured:
            leave(team, lea, ids)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def photograph(team):
    """All rows of the book, as far as an import could change them."""
    contacts = Contact.objects.filter(team=team).order_by("pk")
    return (
        list(contacts.values_list("pk", "name", "kind", "street", "town", "postcode", "note", "owner", "rhythm_days", "source", "basis", "sourced_on", "search_key", "binned_at")),
        list(ContactPoint.objects.filter(team=team).order_by("pk").values_list("contact", "property", "value", "key")),
        list(Contact.tags.through.objects.filter(contact__team=team).order_by("pk").values_list("contact", "tag__name")),
        list(Affiliation.objects.filter(team=team).order_by("pk").values_list("person", "group", "role", "until")),
    )  # fmt: skip


def come_in(team, content, name):
    come = Provenance("Export", "legitimate_interest", NOW.date())
    incoming = applying.read(content, name)
    return applying.apply(incoming, name, team=team, come=come, by=None, now=NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("into", "name"), [("excel-csv", "x.csv"), ("csv", "x.csv"), ("xlsx", "x.xlsx"), ("vcard", "x.vcf")]
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_coming_in_again_it_changes_nothing(team, lea, brume, into, name, language):
    everybody = list(Contact.objects.filter(team=team).values_list("pk", flat=True))
    before = photograph(team)
    with translation.override(language):
        content = leave(team, lea, everybody, ExportFormat(into))
        outcome = come_in(team, content, name)
    assert (outcome.created, outcome.updated, outcome.rejected) == (0, 0, [])
    assert outcome.unchanged == len(everybody)
    assert photograph(team) == before


def test_515_naughty_names_are_kept_found_shown_and_taken_out_unharmed(as_lea, team, lea):
    naughty = json.loads(sample("names/blns.json").read_text(encoding="utf-8"))
    assert len(naughty) == 515
    names = [name for name in dict.fromkeys(" ".join(text.split())[:200] for text in naughty) if name]
    made = {
        contact.name: contact for contact in directory.add_drafts(team=team, by=lea, names=names, now=NOW)
    }
    everybody = Contact.objects.filter(team=team)
    assert sorted(everybody.values_list("name", flat=True)) == sorted(names)
    lost = [name for name in names if not search.find(everybody, name).filter(pk=made[name].pk).exists()]
    assert lost == []
    page = as_lea.get(f"{reverse('contacts:contact_list')}?q=<script>alert(0)").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    ids = [made[name].pk for name in names]
    assert [sheets.unsafe(row["Name"]) for row in table(leave(team, lea, ids))] == names


def test_a_card_says_all_that_address_books_know(team, lea, brume):
    content = leave(team, lea, [brume.pk], ExportFormat.VCARD).decode()
    assert content.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:individual\r\n")
    assert all(len(line.encode()) <= 75 for line in content.split("\r\n"))
    read = vobject.readOne(content)
    assert read.fn.value == "-M-"
    assert [one.value for one in read.contents["email"]] == ["jo@brume.org", "jo@example.org"]
    assert read.tel.value == "+33 6 12 34 56 78"
    assert [one.value for one in read.contents["url"]] == [
        "https://brume.org/a,b;c?d=1",
        "https://www.instagram.com/brume",
    ]
    assert (read.adr.value.street, read.adr.value.city, read.adr.value.code) == (
        "1, rue des Étoiles",
        "Le Havre",
        "06000",
    )
    assert read.note.value == brume.note
    assert [one.value for one in read.contents["org"]] == [["AC/DC"], ["@La Cale"]]
    assert read.uid.value == f"{team.slug}/{brume.pk}"


def test_a_card_is_folded_between_characters_and_escaped():
    made = vcard(Card(uid="x", kind="org", name="é" * 100, note="a\\b;c,d\r\ne\x0bf"))
    assert "NOTE:a\\\\b\\;c\\,d\\nef\r\n" in made
    assert all(len(line.encode()) <= 75 for line in made.split("\r\n"))
    assert made.replace("\r\n ", "").count("é" * 100) == 1


def test_addresses_leave_out_who_objected_and_who_has_none(as_lea, team, lea, brume):
    second = add(team, lea, "Sam", points=[points.email("Jo@Brume.org")])
    said_no = add(team, lea, "Nour", points=[points.email("nour@example.org")])
    Contact.objects.filter(pk=said_no.pk).update(objected_at=NOW)
    nobody = make_contact(team, "Nobody")
    picked = [brume.pk, second.pk, said_no.pk, nobody.pk]
    page = as_lea.post(reverse("contacts:addresses"), {"pick": picked, "token": uuid.uuid4()})
    found = page.context["found"]
    assert (len(found.emails), found.objected, found.without) == (1, 1, 1)
    html = page.content.decode()
    assert "nour@example.org" not in html and "is left out" in html
    held = Export.objects.get(format=ExportFormat.ADDRESSES)
    assert held.contact_ids() == {brume.pk, second.pk}


@pytest.mark.parametrize(
    ("into", "kind"), [("excel-csv", "text/csv"), ("xlsx", "openxml"), ("vcard", "text/vcard")]
)
def test_the_list_as_it_is_filtered_is_downloaded(as_lea, team, into, kind):
    make_contact(team, "Brume", kind="band")
    make_contact(team, "Jo")
    sent = {"everything": "on", "query": "show=groups", "format": into}
    page = as_lea.post(reverse("contacts:export"), sent)
    assert page.streaming and kind in page["Content-Type"]
    assert page["Content-Disposition"].startswith(f'attachment; filename="contacts-{team.slug}-')
    assert page.getvalue()
    assert Export.objects.get().count == 1


def test_an_odd_request_to_export_is_answered_in_words(as_lea, jo):
    for sent in ({"pick": "x"}, {"pick": jo.pk, "format": "doc"}, {}):
        page = as_lea.post(reverse("contacts:export"), sent, follow=True)
        assert page.status_code == 200 and "said error" in page.content.decode()
    assert not Export.objects.exists()


def test_tags_may_hold_any_sign(team, lea, brume):
    assert {tag.name for tag in tagging.named(team, ["Presse; rock"])} == {"Presse; rock"}
