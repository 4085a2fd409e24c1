"""The pages Columns and Check: what was understood can be said otherwise, row by row."""

import re

import pytest
from django.urls import reverse

from contacts import directory, suppression, tags
from contacts.imports import runs
from contacts.models import ColumnMapping, Contact, Distinct, Import
from contacts.points import Point
from tests.cast import NOW, make_contact
from tests.contacts.imports.wizard import LIST, bring, page, post, save, upload

pytestmark = pytest.mark.django_db


# --- Columns ------------------------------------------------------------------------------------


def test_what_is_not_understood_is_opened_with_samples_and_remembered(client, ines, team):
    upload(client)
    run = Import.objects.get()
    shown = page(client, run).content.decode()
    assert "2 columns to look at" in shown
    assert "calme · vive" in shown
    chosen = {f"c{column.index}": column.field or "" for column in runs.columns_of(run)}
    post(client, "columns", run, **{**chosen, "c4": "tags", "c5": "note"})
    save(client, run)
    brume = Contact.objects.get(name="Brume")
    assert (brume.note, brume.tags.get().name) == ("Humeur: calme", "folk")
    assert ColumnMapping.objects.get().team == team
    upload(client, LIST.replace("Brume", "Embrun"))
    again = Import.objects.latest("pk")
    assert [column.field for column in runs.columns_of(again)][4:] == ["tags", "note"]
    assert "Every column is understood" in page(client, again).content.decode()


def test_two_columns_that_would_overwrite_each_other_are_refused(client, ines):
    upload(client)
    run = Import.objects.get()
    answer = post(client, "columns", run, c0="name", c4="kind", c5="kind")
    assert answer.status_code == 422
    assert "Genre, Humeur" in answer.content.decode()
    assert post(client, "columns", run, c1="town").status_code == 422  # nothing names anybody


def test_how_it_is_read_can_be_changed(client, ines):
    upload(client, "Nom,Ville\nBrume;x,Caen\n")
    run = Import.objects.get()
    answer = post(client, "read", run, encoding="utf-8", separator=";", header="1")
    assert answer.status_code == 302
    run.refresh_from_db()
    assert (run.found["separator"], run.found["headers"]) == (";", ["Brume", "x,Caen"])
    answer = post(client, "read", run, encoding="cp1252", separator=",", header="0")
    run.refresh_from_db()
    assert (run.found["header_line"], run.found["count"], run.found["encoding"]) == (None, 2, "cp1252")


def test_a_line_of_headers_past_the_end_is_refused_with_a_sentence(client, ines):
    upload(client)
    run = Import.objects.get()
    answer = post(client, "read", run, encoding="utf-8", separator=";", header="40")
    assert answer.status_code == 422
    assert "There are no headers on line 40" in answer.content.decode()
    run.refresh_from_db()
    assert run.found["header_line"] == 1


# --- Check --------------------------------------------------------------------------------------


def test_a_row_is_put_right_in_place_and_another_left_out(client, ines):
    run = bring(client)
    cells = page(client, run).content.decode()
    assert 'name="c-2-0"' in cells
    post(client, "check", run, **{"c-2-0": "Ifs Sonore", "c-2-1": "Ifs", "skip-1": "yes", "show": "to_fix"})
    run.refresh_from_db()
    assert (run.counts["new"], run.counts["to_fix"], run.counts["left_out"]) == (2, 0, 1)
    assert run.edits == {"2": {"0": "Ifs Sonore"}, "1": {"out": "yes"}}
    post(client, "check", run, **{"skip-1": "no"})
    run.refresh_from_db()
    assert run.edits == {"2": {"0": "Ifs Sonore"}}
    save(client, run)
    assert set(Contact.objects.values_list("name", flat=True)) == {"Brume", "La Cale", "Ifs Sonore"}


def test_a_row_that_is_left_out_and_taken_in_again_keeps_its_corrections(client, ines):
    run = bring(client)
    post(client, "check", run, **{"c-2-0": "Ifs Sonore", "skip-2": "yes"})  # in one go
    assert 'value="Ifs Sonore"' in page(client, run, show="left_out").content.decode()
    post(client, "check", run, **{"c-2-0": "Ifs Sonique", "skip-2": "yes"})
    run.refresh_from_db()
    assert run.counts["left_out"] == 1
    post(client, "check", run, **{"skip-2": "no"})
    run.refresh_from_db()
    assert (run.counts["new"], run.counts["left_out"]) == (3, 0)
    save(client, run)
    assert Contact.objects.filter(name="Ifs Sonique").exists()


def test_a_row_left_out_before_corrections_had_a_place_beside_it_stays_left_out(client, ines):
    run = bring(client)
    Import.objects.update(edits={"1": None})
    post(client, "check", run, **{"c-1-1": "Le Havre"})
    run.refresh_from_db()
    assert run.counts["left_out"] == 1
    post(client, "check", run, **{"skip-1": "no"})
    save(client, run)
    assert Contact.objects.get(name="La Cale").town == "Le Havre"


# --- What was said of rows, on the way back through Columns ----------------------------------------

ACCENTED = LIST.replace("calme", "enjouée")
DROPPED = "what you said of single ones is dropped"


@pytest.fixture
def decided(client, ines, team):
    """An import of which a person corrected, left out and decided a row; and whom the decision is about."""
    cie = make_contact(team, "Brume & Cie", "band")
    cie.points.create(team=team, property="email", value="jo@brume.org", key="jo@brume.org")
    run = bring(client, ACCENTED)
    post(client, "check", run, **{"c-2-0": "Ifs Sonore", "skip-1": "yes", "same-0": str(cie.pk)})
    run.refresh_from_db()
    return run, {"2": {"0": "Ifs Sonore"}, "1": {"out": "yes"}}, {"0": cie.pk}


def choose(client, run, **said):
    run = Import.objects.select_related("data").get(pk=run.pk)
    chosen = {f"c{column.index}": column.field or "" for column in runs.columns_of(run)}
    answer = client.post(reverse("contacts:import_columns", args=[run.pk]), {**chosen, **said}, follow=True)
    run.refresh_from_db()
    return run, answer.content.decode()


def test_what_was_said_of_rows_stays_on_the_way_through_columns(client, decided):
    run, edits, decisions = decided
    counts = run.counts
    run, shown = choose(client, run)
    assert (run.edits, run.decisions, run.counts) == (edits, decisions, counts)
    assert "asked again" not in shown


def test_other_columns_keep_corrected_cells_and_ask_again_who_is_who(client, decided):
    run, edits, _decisions = decided
    run, shown = choose(client, run, c5="tags")
    assert (run.edits, run.decisions) == (edits, {})
    assert "who the likely doubles are is asked again" in shown
    _run, shown = choose(client, run, c5="note")
    assert "asked again" not in shown  # nothing was said since


def test_what_was_said_of_rows_stays_when_only_the_letters_are_read_otherwise(client, decided):
    run, edits, decisions = decided
    run, _shown = choose(client, run, c5="tags")
    Import.objects.update(decisions=decisions)
    shown = client.post(
        reverse("contacts:import_read", args=[run.pk]),
        {"encoding": "cp1252", "separator": ";", "header": "1"},
        follow=True,
    ).content.decode()
    run.refresh_from_db()
    assert run.found["encoding"] == "cp1252"
    assert DROPPED not in shown
    run, _shown = choose(client, run)
    assert (run.edits, run.decisions, run.mapping[5][0]) == (edits, decisions, "tags")


@pytest.mark.parametrize("read", [{"header": "0"}, {"header": "2"}, {"separator": ","}])
def test_what_was_said_of_rows_is_dropped_with_a_word_when_they_are_cut_otherwise(client, decided, read):
    run, _edits, _decisions = decided
    said = {"encoding": "utf-8", "separator": ";", "header": "1", **read}
    answer = client.post(reverse("contacts:import_read", args=[run.pk]), said, headers={"HX-Request": "true"})
    assert DROPPED in answer.content.decode()
    run.refresh_from_db()
    assert (run.edits, run.decisions) == ({}, {})


def test_likely_doubles_are_decided_one_by_one_or_later(client, ines, team):
    for name, key in (("Brume & Cie", "jo@brume.org"), ("Autre", "a@b.fr")):
        contact = make_contact(team, name, "band")
        contact.points.create(team=team, property="email", value=key, key=key)
    cie, autre = Contact.objects.order_by("pk")
    content = "Nom;E-mail;Ville\nBrume;jo@brume.org;Caen\nSonik;a@b.fr;Ifs\n"
    run = bring(client, content)
    assert run.counts["likely"] == 2
    shown = page(client, run, show="likely").content.decode()
    assert "Is “Brume” the same as “Brume &amp; Cie”?" in shown
    post(client, "check", run, **{"same-0": str(cie.pk), "same-1": "0"})
    save(client, run)
    cie.refresh_from_db()
    assert (cie.town, run.result["created"], run.result["updated"]) == ("Caen", 1, 1)
    sonik = Contact.objects.get(name="Sonik")
    assert set(Distinct.objects.values_list("one", "other")) == {(autre.pk, sonik.pk)}  # not asked again


def test_somebody_else_can_be_taken_back(client, ines, team):
    cie = make_contact(team, "Brume & Cie", "band")
    cie.points.create(team=team, property="email", value="jo@brume.org", key="jo@brume.org")
    run = bring(client, "Nom;E-mail;Ville\nBrume;jo@brume.org;Caen\n")
    post(client, "check", run, **{"same-0": "0"})
    run.refresh_from_db()
    assert (run.counts["new"], run.counts["likely"]) == (1, 0)
    shown = page(client, run, show="new").content.decode()
    assert 'name="same-0" value="0" checked' in shown
    assert shown.count("checked") == 2  # and the policy
    post(client, "check", run, **{"same-0": "later"})
    assert 'value="later" checked' in page(client, run, show="likely").content.decode()
    post(client, "check", run, **{"same-0": str(cie.pk)})
    assert f'value="{cie.pk}" checked' in page(client, run, show="known").content.decode()
    post(client, "check", run, **{"same-0": "0"})
    save(client, run)
    assert (run.result["counts"]["new"], run.result["is_as_checked"]) == (1, True)
    assert Distinct.objects.count() == 1


# --- What is said of what comes in ----------------------------------------------------------------


def whole(client, run, **query):
    """The words of a page, without what is between them."""
    return " ".join(
        re.sub(r"<[^>]*>", " ", re.sub("</?b>", "", page(client, run, **query).content.decode())).split()
    )


@pytest.mark.parametrize("said", [{}, {"skip-0": "yes", "skip-1": "yes"}])
def test_rows_to_fix_or_left_out_are_not_called_known(client, ines, said):
    run = bring(client, "Nom;Ville\n;Caen\n;Ifs\n")
    post(client, "check", run, **said)
    checked = whole(client, run)
    assert "Nothing new comes in." in checked
    assert "Finish" in checked
    assert "is known" not in checked
    save(client, run)
    result = whole(client, run)
    assert "Nothing new came in." in result
    assert "is known" not in result
    assert "Nothing new came in." in client.get(reverse("contacts:imports")).content.decode()


def test_a_list_of_nobody_new_is_called_known(client, ines):
    content = "Nom;Ville\nBrume;Caen\nBrume;Caen\n"
    save(client, bring(client, content))
    run = bring(client, content)
    assert "Nothing new comes in: all of this is known." in whole(client, run)
    assert "Nothing new: all of this is known." in whole(client, save(client, run))


def test_a_contact_on_three_lines_is_one_new_contact_and_nobody_is_called_known(client, ines):
    run = bring(
        client, "Nom;E-mail;Ville\nBrume;jo@brume.org;\nBrume;jo@brume.org;Caen\nBrume;jo@brume.org;Caen\n"
    )
    checked = whole(client, run)
    assert "1 new contact." in checked
    assert "Import 1 contact " in checked
    assert "Known already 0 Twice in the file 2" in checked
    assert "Row by row" in page(client, run, show="again").content.decode()
    save(client, run)
    result = whole(client, run)
    assert "1 new contact." in result
    assert "Known already 0 Twice in the file 2" in result
    listed = client.get(reverse("contacts:imports")).content.decode()
    assert "1 new contact</p>" in listed
    assert counts_add_up(run)


def test_known_contacts_are_counted_once_and_nobody_new_is_not_counted_as_none(client, ines, team):
    brume = make_contact(team, "Brume", "band")
    brume.points.create(team=team, property="email", value="jo@brume.org", key="jo@brume.org")
    run = bring(
        client, "Nom;E-mail;Ville;Téléphone\nBrume;jo@brume.org;Caen;\nBrume;jo@brume.org;;0231000000\n"
    )
    checked = whole(client, run)
    assert "What will happen 1 known one completed." in checked
    assert "Import 1 contact " in checked
    assert "Known already 2" in checked
    save(client, run)
    assert "What came of it 1 known one completed." in whole(client, run)
    assert ">1 completed</p>" in client.get(reverse("contacts:imports")).content.decode()
    assert counts_add_up(run)


def counts_add_up(run):
    """As the command prints them."""
    result = run.result
    return result["read"] == result["created"] + result["updated"] + result["unchanged"] + result["rejected"]


def test_an_import_checked_or_done_before_contacts_were_counted_is_shown_as_it_was(client, ines):
    run = bring(client)
    old = {"new": 2, "known": 3, "likely": 0, "to_fix": 1, "left_out": 0, "updated": 3, "held_back": 0}
    Import.objects.update(counts=old)
    assert "2 new contacts, 3 known ones completed." in whole(client, run)
    save(client, run)
    assert run.result["is_as_checked"]
    Import.objects.update(result={**run.result, "updated": 3, "counts": old})
    assert "2 new contacts, 3 known ones completed." in whole(client, run)


@pytest.mark.parametrize(
    ("policy", "town", "postcode"),
    [("complete", "Ifs", "14000"), ("overwrite", "Caen", "14000"), ("leave", "Ifs", "")],
)
def test_the_policy_says_what_happens_to_those_we_know_and_undo_restores_it(
    client, ines, team, policy, town, postcode
):
    brume = make_contact(team, "Brume", "band", town="Ifs")
    brume.points.create(team=team, property="email", value="jo@brume.org", key="jo@brume.org")
    run = bring(client)
    post(client, "check", run, policy=policy)
    run.refresh_from_db()
    save(client, run)
    brume.refresh_from_db()
    assert (brume.town, brume.postcode) == (town, postcode)
    post(client, "undo", run)
    brume.refresh_from_db()
    assert (brume.town, brume.postcode) == ("Ifs", "")


@pytest.mark.parametrize("policy", ["complete", "overwrite", "leave"])
def test_what_no_policy_takes_from_a_row_of_somebody_known_is_said(client, ines, team, policy):
    brume = make_contact(team, "Brume", "band")
    brume.tags.add(*tags.named(team, ["Folk"]))
    brume.points.create(team=team, property="email", value="jo@brume.org", key="jo@brume.org")
    roc = make_contact(team, "Kim Roc")
    directory.affiliate(person=roc, group=brume, role="voix")
    content = (
        "Nom;E-mail;Nature;Formation;Fonction;Mots\n"
        "Brume;jo@brume.org;salle;;;folk, rock\n"
        "Kim Rock;;personne;Brume;basse;\n"
    )
    chosen = {"c2": "kind", "c3": "group", "c4": "role", "c5": "tags"}
    run = bring(client, content, chosen=chosen)
    post(client, "check", run, policy=policy, **{"same-1": str(roc.pk)})
    shown = whole(client, run, show="known")
    for said in (
        "Kind Venue (is not taken) Band",
        "Tags folk (stays) Folk",
        "Tags salle, rock (is not taken) Folk",
        "Kind Person (stays) Person",
        "Group they belong to Brume, basse (is not taken) Brume, voix",
        f"Name Kim Rock ({'is taken' if policy == 'overwrite' else 'is not taken'}) Kim Roc",
    ):
        assert said in shown
    save(client, run)
    brume.refresh_from_db()
    roc.refresh_from_db()
    assert (brume.kind.code, [tag.name for tag in brume.tags.all()]) == ("band", ["Folk"])
    assert (roc.name, roc.affiliations.get().role) == (
        "Kim Rock" if policy == "overwrite" else "Kim Roc",
        "voix",
    )


def test_who_asked_not_to_be_held_stays_out_and_is_not_named(client, ines):
    suppression.add([([Point("email", "jo@brume.org", "jo@brume.org")], "Brume", "Caen")], day=NOW.date())
    run = bring(client)
    assert (run.counts["new"], run.counts["held_back"]) == (1, 1)
    for show in ("", "new", "known", "remarked"):
        shown = page(client, run, show=show).content.decode()
        assert "1 row is left out" in shown
        assert "Brume" not in shown
    save(client, run)
    assert "Brume" not in page(client, run).content.decode()
    assert not Contact.objects.filter(name="Brume").exists()
    assert run.result["read"] == run.result["created"] + run.result["updated"] + run.result["unchanged"] + 1


def test_previews_escape_what_stands_in_the_file(client, ines):
    content = "Nom;Ville;Humeur\n<script>alert(1)</script>;=HYPERLINK(1);<b>x</b>\n"
    run = bring(client, content, name="<i>.csv")
    for shown in (page(client, run, show="new"), page(client, run, step="columns")):
        assert b"<script>alert" not in shown.content
        assert b"<b>x</b>" not in shown.content
