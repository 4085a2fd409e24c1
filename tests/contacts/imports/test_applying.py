"""Imports into the database: nothing lost, nothing twice and nothing overwritten."""

import csv
import io
import json
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import AuditEntry, Change, Operation
from contacts import keys
from contacts.imports import applying, loading
from contacts.imports.errors import ReadingError
from contacts.models import Contact, ContactPoint, ExternalId, Tag
from tests.cast import NOW, make_contact, make_member, make_team
from tests.contacts.imports.cast import bring, counts
from tests.samples import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


def bring_sample(team, name):
    return bring(team, sample(name).read_bytes(), source=name, name=name.split("/")[-1])


# --- Real files ---------------------------------------------------------------------------------

FESTIVALS = "organisations/festivals_normandie_bretagne.csv"


def test_394_festivals_come_in_with_nothing_lost(team):
    outcome = bring_sample(team, FESTIVALS)
    # Four stand twice under one name and one address, in two towns or with two ids.
    assert outcome.read == 394
    assert counts(outcome) == (390, 3, 1, 0)
    contacts = Contact.objects.filter(team=team)
    assert contacts.count() == 390
    assert set(contacts.values_list("kind__code", flat=True)) == {"festival"}
    assert not contacts.filter(postcode="").exists()
    assert ExternalId.objects.filter(team=team).count() == 394
    emails = ContactPoint.objects.filter(team=team, property="email")
    assert emails.filter(key="la-soett@wanadoo.fr").exists()
    assert emails.filter(key="info@centralvapeur.org").exists()
    assert emails.filter(key="adm@ici-et-ailleurs.eu").exists()
    musicales = contacts.get(name="Les Musicales de Blanchardeau")
    assert (musicales.town, "Plouha" in musicales.note) == ("Lanvollon", True)


def test_each_malformed_email_is_named_with_its_line(team):
    with translation.override("en"):
        warnings = bring_sample(team, FESTIVALS).warnings
    for line, value in (
        (13, "x"),
        (34, "aucun"),
        (86, "contact@ftvo@gmail.com"),
        (61, "culture@villedemorlaix"),
        (65, "WWW.VILLE-BEZIERS.FR"),
        (95, "https://www.lesheraultducinema.com"),
        (92, "info (at) centralvapeur.org"),
        (96, "la-soett@wanadoo,fr"),
        (103, "vandoeuvre@fr"),
        (207, "pas d'adresse mail précise"),
    ):
        assert any(warning.startswith(f"Line {line}: “{value}”") for warning in warnings), value


@pytest.mark.parametrize(
    ("name", "created"),
    [
        (FESTIVALS, 390),
        ("organisations/medias_francais.tsv", 218),
        ("organisations/panorama_festivals_305.csv", 305),
        ("organisations/rna_sample_import.csv", 3),
        ("contacts/linkedin_connections.csv", 10),
        ("contacts/chatwoot_existing_contacts.csv", 3),
        ("contacts/quote.csv", 1),
        ("contacts/thunderbird_export.csv", 2),
        ("contacts/utf16_addressbook.csv", 1),
        ("contacts/csv_semicolon.csv", 2),
        ("contacts/csv_no_header.csv", 2),
        ("messy_csv/nz_organisations.csv", 507),
    ],
)
def test_the_same_file_twice_creates_nothing_new(team, name, created):
    first = bring_sample(team, name)
    assert (first.created, first.rejected) == (created, [])
    second = bring_sample(team, name)
    assert counts(second) == (0, 0, second.read, 0)
    assert Contact.objects.filter(team=team).count() == created
    assert second.operation is None


def test_a_spreadsheet_without_names_is_refused(team):
    with pytest.raises(ReadingError, match="Foo, Bsr, Baz"):
        bring_sample(team, "messy_csv/title-row.csv")
    assert not AuditEntry.objects.exists()


def test_search_and_sort_keys_are_as_keys_writes_them(team):
    bring_sample(team, FESTIVALS)
    before = list(Contact.objects.order_by("pk").values_list("sort_key", "search_key"))
    keys.refresh(Contact.objects.values_list("pk", flat=True))
    assert list(Contact.objects.order_by("pk").values_list("sort_key", "search_key")) == before


# --- What is written ----------------------------------------------------------------------------


def test_all_fields_of_a_row(team):
    bring(
        team,
        "Identifiant;Nom;Type;E-mail;Téléphone;Site web;Ville;Code postal;Tags;Note\n"
        'A7;La Cale;Club;bar@lacale.fr;02 31 00 00 00;www.lacale.fr;Caen;14000;"rock, Rock ; bar";Le mardi\n',
        source="carnet",
    )
    cale = Contact.objects.get()
    assert (cale.name, cale.sort_key, cale.kind.code, cale.is_group) == ("La Cale", "cale", "venue", True)
    assert (cale.town, cale.postcode, cale.note) == ("Caen", "14000", "Le mardi")
    assert (cale.source, cale.basis, cale.sourced_on) == ("carnet", "legitimate_interest", NOW.date())
    assert list(cale.points.values_list("property", "value")) == [
        ("email", "bar@lacale.fr"), ("tel", "02 31 00 00 00"), ("url", "https://www.lacale.fr"),
    ]  # fmt: skip
    assert sorted(cale.tags.values_list("key", flat=True)) == ["bar", "club", "rock"]
    assert cale.external_ids.get().value == "A7"
    assert "caen" in cale.search_key


def test_a_team_keeps_its_own_contacts_and_tags(team):
    other = make_team("Autre")
    make_contact(other, "Brume", "band")
    Tag.objects.create(team=team, name="Rock", key="rock")
    assert bring(team, "Nom;Tags\nBrume;rock\n").created == 1
    assert Tag.objects.count() == 1


def test_naughty_strings_are_names_like_any_other(team):
    content = io.StringIO()
    lines = [[text, "Caen"] for text in json.loads(sample("names/blns.json").read_text())]
    csv.writer(content, quoting=csv.QUOTE_ALL).writerows([["Nom", "Ville"], *lines])
    first = bring(team, content.getvalue())
    assert sum(counts(first)) == first.read > 500
    assert all(row.reason for row in first.rejected)
    second = bring(team, content.getvalue())
    assert (second.created, second.updated) == (0, 0)


# --- Known already ------------------------------------------------------------------------------


def test_only_empty_fields_are_completed(team):
    brume = make_contact(team, "Brume", "band", town="Caen")
    ContactPoint.objects.create(team=team, contact=brume, property="email", value="a@b.fr", key="a@b.fr")
    outcome = bring(team, "Nom;Ville;Code postal;E-mail;Téléphone\nBRUME;caen;14000;autre@b.fr;0231000000\n")
    assert counts(outcome) == (0, 1, 0, 0)
    brume.refresh_from_db()
    assert (brume.name, brume.town, brume.postcode) == ("Brume", "Caen", "14000")
    assert sorted(brume.points.values_list("key", flat=True)) == ["+33231000000", "a@b.fr"]
    assert any("autre@b.fr" in warning for warning in outcome.warnings)


def test_a_shared_email_under_another_name_makes_a_second_contact_and_a_warning(team):
    bring(team, "Nom;E-mail\nSonik;a@b.fr\n", source="un")
    outcome = bring(team, "Nom;E-mail\nCirconova;a@b.fr\n", source="deux")
    assert outcome.created == 1
    assert any("Sonik" in warning and "a@b.fr" in warning for warning in outcome.warnings)


@pytest.mark.parametrize("few", [loading.FEW, 0], ids=["few are asked for", "all are read"])
def test_who_is_known_likely_or_in_the_bin_is_told_apart_by_addresses(team, monkeypatch, few):
    monkeypatch.setattr(loading, "FEW", few)
    bring(team, "Nom;E-mail\nBrume;a@b.fr\nRoc;r@b.fr\nGens;g@b.fr\nAutre;autre@b.fr\n")
    Contact.objects.filter(name="Gens").update(binned_at=NOW)
    outcome = bring(team, "Nom;E-mail\nBrume;a@b.fr\nAutre nom;r@b.fr\nEncore un nom;g@b.fr\n")
    assert outcome.verdicts == b"kln"
    brume, roc = Contact.objects.get(name="Brume"), Contact.objects.get(name="Roc")
    assert list(outcome.targets) == [brume.pk, roc.pk, 0]


def test_ids_belong_to_their_source(team):
    bring(team, "id;Nom\n1;Brume\n", source="un")
    assert bring(team, "id;Nom\n1;Embrun\n", source="deux").created == 1


def test_an_id_under_two_names_is_no_id(team):
    outcome = bring(team, "id;Nom;Ville\nX;Brume;Caen\nX;Embrun;Caen\n2;Roc;Caen\n")
    assert outcome.created == 3
    assert list(ExternalId.objects.values_list("value", flat=True)) == ["2"]


def test_a_contact_may_have_several_ids_of_its_source(team):
    lines = (
        "id;Nom;Ville;E-mail\n1;Brume;Caen;a@b.fr\n2;Brume;Ifs;a@b.fr\n2;Brume;Ifs;a@b.fr\n3;Brume;;a@b.fr\n"
    )
    assert counts(bring(team, lines)) == (1, 1, 2, 0)
    assert sorted(ExternalId.objects.values_list("value", flat=True)) == ["1", "2", "3"]
    assert counts(bring(team, lines)) == (0, 0, 4, 0)


def test_cells_beyond_the_header_are_named_and_shift_nothing(team):
    with translation.override("en"):
        warnings = bring(team, "Nom;Ville\nBrume;Caen;14000\nRoc\n").warnings
    assert "Line 2: The row has more cells than the header. Not taken: 14000." in warnings
    assert any("Line 3 has fewer cells" in warning for warning in warnings)
    assert Contact.objects.get(name="Brume").town == "Caen"


def test_two_lines_of_one_contact_are_united(team):
    outcome = bring(team, "Nom;Ville;E-mail;Téléphone\nBrume;Caen;a@b.fr;\nbrume;CAEN;c@b.fr;0231000000\n")
    assert counts(outcome) == (1, 1, 0, 0)
    assert sorted(ContactPoint.objects.values_list("key", flat=True)) == ["+33231000000", "a@b.fr", "c@b.fr"]


def test_contacts_in_the_bin_are_nobody(team):
    bring(team, "id;Nom\n1;Brume\n")
    Contact.objects.update(binned_at=NOW)
    assert bring(team, "id;Nom\n1;Brume\n").created == 1
    assert bring(team, "id;Nom\n1;Brume\n").unchanged == 1


def test_rejected_rows_are_listed(team):
    outcome = bring(team, "Nom;E-mail;Ville\nBrume;;Caen\n;;Caen\n")
    assert counts(outcome) == (1, 0, 0, 1)
    assert outcome.as_json()["rejected"][0]["line"] == 3


def test_preview_says_what_apply_does_and_writes_nothing(team):
    content = sample(FESTIVALS).read_bytes()
    said = applying.preview(applying.read(content, "f.csv"), team=team, source="s").as_json()
    assert not Contact.objects.exists()
    assert bring(team, content, source="s").as_json() == said


def test_what_is_said_is_said_in_the_order_of_the_lines(team):
    with translation.override("en"):
        warnings = bring(team, "Nom;E-mail;Code postal\nBrume;;1400\nRoc;aucune;\nSel;;1400\n").warnings
    assert [warning[:6] for warning in warnings] == ["Line 2", "Line 3", "Line 4"]


# --- Audit, cost --------------------------------------------------------------------------------


def test_an_import_is_audited(team):
    lea = make_member(team)
    bring(team, "Nom;Ville\nBrume;Caen\n", by=lea)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.details["created"]) == ("contacts.imported", lea, 1)
    assert len(Operation.objects.get().creations.get().rows) == 1 and not Change.objects.exists()


def test_queries_do_not_grow_with_rows(team):
    def cost(count, prefix):
        lines = "".join(f"{i};{prefix}{i};Caen;{prefix}{i}@b.fr;tag{i}\n" for i in range(count))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            bring(team, "id;Nom;Ville;E-mail;Tags\n" + lines, source=prefix)
        return len(queries)

    cost(1, "z")  # the first finds no kind in any cache
    assert cost(2, "a") == cost(20, "b")


@pytest.mark.django_db(transaction=True)
def test_two_people_who_import_the_same_list_at_once_make_its_contacts_once():
    team = make_team()
    lines = "Nom;Ville\n" + "".join(f"Brume {i};Caen\n" for i in range(50))
    outcomes = []

    def run():
        try:
            outcomes.append(bring(team, lines))
        finally:
            connection.close()

    if connection.vendor == "sqlite":  # in memory there is one connection: one after the other
        run(), run()
    else:
        threads = [threading.Thread(target=run) for _ in range(2)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    assert sorted(outcome.created for outcome in outcomes) == [0, 50]
    assert Contact.objects.count() == 50
