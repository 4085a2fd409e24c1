"""The wizard: File, Columns, Check, Result; by whoever may, once, and never half."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Operation, User
from contacts import suppression
from contacts.imports import runs
from contacts.models import ColumnMapping, Contact, Distinct, Import, ImportData
from contacts.points import Point
from foundation import clock, leases
from foundation.leases import State
from notifications.models import Notification
from tests.cast import NOW, make_admin, make_contact, make_lead, make_team
from tests.samples import sample

pytestmark = pytest.mark.django_db

LIST = (
    "Nom;Ville;Code postal;E-mail;Genre;Humeur\n"
    "Brume;Caen;14000;jo@brume.org;folk;calme\n"
    "La Cale;Rouen;76000;aucun;rock;vive\n"
    ";Ifs;;;;\n"
)


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """Workers are sent for and never come: the tests do their work (`work`)."""
    sent = []
    monkeypatch.setattr(
        "contacts.tasks.work_at_import.apply_async", lambda args, **options: sent.append(args[0])
    )
    return sent


@pytest.fixture
def ines(client):
    """Inès leads the team; the client is hers."""
    ines = make_lead(make_team(), language="en")
    client.force_login(ines)
    return ines


@pytest.fixture
def team(ines):
    return ines.memberships.get().team


def answers(**said):
    return {"source": "Open day", "basis": "consent", "sourced_on": "2026-11-20", **said}


def upload(client, content=LIST, name="liste.csv", **said):
    content = content.encode() if isinstance(content, str) else content
    return client.post(
        reverse("contacts:import_new"), answers(file=SimpleUploadedFile(name, content), **said)
    )


def bring(client, content=LIST, name="liste.csv", chosen=None, **said):
    """File and Columns done, with what the page proposed but for `chosen`; the import, at Check."""
    assert upload(client, content, name, **said).status_code == 302
    run = Import.objects.latest("pk")
    columns = {f"c{column.index}": column.field or "" for column in runs.columns_of(run)}
    answer = client.post(reverse("contacts:import_columns", args=[run.pk]), {**columns, **(chosen or {})})
    assert answer.status_code == 302, answer.content.decode()
    run.refresh_from_db()
    return run


def page(client, run, **query):
    return client.get(reverse("contacts:import", args=[run.pk]), query)


def post(client, what, run, **said):
    return client.post(reverse(f"contacts:import_{what}", args=[run.pk]), said)


def save(client, run):
    post(client, "save", run)
    assert runs.work(run.pk, clock=clock.now)
    run.refresh_from_db()
    return run


# --- The way through ----------------------------------------------------------------------------


def test_a_list_goes_from_file_to_result_and_is_undone(client, ines, team):
    run = bring(client)
    assert (run.state, run.counts["new"], run.counts["to_fix"]) == (State.OPEN, 2, 1)
    assert not Contact.objects.exists()
    checked = page(client, run).content.decode()
    assert "Import 2 contacts" in checked
    assert "Nothing in the row names a contact" in checked
    counts = dict(run.counts)
    save(client, run)
    assert (run.result["created"], run.result["counts"], run.result["is_as_checked"]) == (2, counts, True)
    brume = Contact.objects.get(name="Brume")
    assert (brume.source, brume.basis, brume.sourced_on.isoformat()) == ("Open day", "consent", "2026-11-20")
    result = page(client, run).content.decode()
    assert "2 new contacts" in result
    assert "Undo this import" in result
    Contact.objects.filter(name="La Cale").update(town="Le Havre")
    post(client, "undo", run)
    undone = page(client, run).content.decode()
    assert "The import is undone" in undone
    assert "La Cale" in undone  # changed since: listed, and left
    assert set(Contact.objects.filter(binned_at=None).values_list("name", flat=True)) == {"La Cale"}
    assert post(client, "undo", run).status_code == 404


def test_the_file_is_forgotten_when_it_is_in_and_what_was_not_taken_can_be_had(client, ines):
    run = save(client, bring(client))
    assert bytes(run.data.content) == bytes(run.data.table) == b""
    answer = client.get(reverse("contacts:import_rejected", args=[run.pk]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Nom", "Ville", "Code postal", "E-mail", "Genre", "Humeur", "Line", "Reason"]
    assert rows[1][1] == "Ifs"
    assert rows[1][-2:] == ["4", "Nothing in the row names a contact."]


def test_a_pasted_list_and_a_vcard_come_in_the_same_way(client, ines):
    said = answers(pasted='Jo Brume <jo@brume.org>, "Roc, Kim" <kim@roc.fr>')
    assert client.post(reverse("contacts:import_new"), said).status_code == 302
    run = Import.objects.get()
    columns = {f"c{column.index}": column.field for column in runs.columns_of(run)}
    post(client, "columns", run, **columns)
    save(client, run)
    assert set(Contact.objects.values_list("name", flat=True)) == {"Jo Brume", "Roc, Kim"}
    path = sample("contacts/John_Doe_EVOLUTION.vcf")
    save(client, bring(client, path.read_bytes(), path.name))
    assert Contact.objects.filter(
        name="Mr. John Richter, James Doe Sr.", street="15 Crescent moon drive"
    ).exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("xlsx/attack_billion_laughs.xlsx", "XML entities"),
        ("xlsx/file_corrupted.xlsx", "not one, or is damaged"),
        ("xlsx/two_sheets_one_hidden_one_not.xlsx", "No sheet with anything in it"),
    ],
)
def test_a_hostile_file_is_refused_beside_its_field_and_the_answers_stay(client, ines, name, words):
    path = sample(name)
    answer = upload(client, path.read_bytes(), path.name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="Open day"' in answer.content.decode()
    assert not Import.objects.exists()


@pytest.mark.parametrize("missing", ["source", "basis", "sourced_on"])
def test_where_it_comes_from_is_required(client, ines, missing):
    said = answers(file=SimpleUploadedFile("x.csv", LIST.encode()), **{missing: ""})
    assert client.post(reverse("contacts:import_new"), said).status_code == 422


def test_neither_or_both_of_file_and_paste_are_refused(client, ines):
    assert client.post(reverse("contacts:import_new"), answers()).status_code == 422
    assert upload(client, pasted="Jo").status_code == 422


def test_a_file_too_large_for_the_server_is_said_to_be_too_large(client, ines, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = upload(client, LIST + "x" * 2000)
    assert answer.status_code == 422
    assert "larger than 20 MB" in answer.content.decode()


def test_a_pasted_list_may_be_longer_than_a_megabyte(client, ines):
    names = "\n".join(f"{'Brume ' * 20}{number}" for number in range(10_000))
    assert len(names) > 1_200_000
    assert client.post(reverse("contacts:import_new"), answers(pasted=names)).status_code == 302
    assert Import.objects.get().found["count"] == 10_000


def test_a_pasted_list_that_is_too_long_is_said_to_be_and_kept(client, ines, monkeypatch):
    monkeypatch.setattr("contacts.forms.imports.MAX_BYTES", 10)
    answer = client.post(reverse("contacts:import_new"), answers(pasted="Élodie Brume"))
    text = answer.content.decode()
    assert answer.status_code == 422 and text.count("invalid-feedback") == 1
    assert "The pasted list is larger than 20 MB" in text and "Élodie Brume</textarea>" in text


@pytest.mark.parametrize(
    "language, said", [("en", "longer than 25 MB"), ("fr", "dépasse 25\N{NO-BREAK SPACE}Mo")]
)
def test_what_the_server_does_not_even_take_is_answered_with_what_to_do(
    client, ines, settings, language, said
):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    User.objects.update(language=language)
    answer = client.post(reverse("contacts:import_new"), answers(pasted="Jo\n" * 1000))
    assert answer.status_code == 400 and said in answer.content.decode()


def test_a_name_with_folders_is_only_a_name(client, ines):
    upload(client, name="..\\..\\etc/passwd.csv")
    assert Import.objects.get().name == "passwd.csv"


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


# --- Check --------------------------------------------------------------------------------------


def test_a_row_is_put_right_in_place_and_another_left_out(client, ines):
    run = bring(client)
    cells = page(client, run).content.decode()
    assert 'name="c-2-0"' in cells
    post(client, "check", run, **{"c-2-0": "Ifs Sonore", "c-2-1": "Ifs", "skip-1": "yes", "show": "to_fix"})
    run.refresh_from_db()
    assert (run.counts["new"], run.counts["to_fix"], run.counts["left_out"]) == (2, 0, 1)
    assert run.edits == {"2": {"0": "Ifs Sonore"}, "1": None}
    post(client, "check", run, **{"skip-1": "no"})
    save(client, run)
    assert set(Contact.objects.values_list("name", flat=True)) == {"Brume", "La Cale", "Ifs Sonore"}


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


# --- Once, by whoever clicks --------------------------------------------------------------------


def test_the_same_list_twice_at_once_is_one_import(client, ines):
    upload(client)
    answer = upload(client, name="andere.csv")
    assert Import.objects.count() == 1
    assert answer.url == reverse("contacts:import", args=[Import.objects.get().pk])
    ada = Client()
    ada.force_login(make_admin(language="en"))
    assert upload(ada).url == answer.url


def test_a_double_click_and_a_second_tab_save_once(client, ines, no_broker):
    run = bring(client)
    for _ in range(3):
        post(client, "save", run)
    assert no_broker == [run.pk]
    assert runs.work(run.pk, clock=clock.now)
    assert not runs.work(run.pk, clock=clock.now)
    post(client, "save", run)
    assert Contact.objects.count() == 2
    assert Operation.objects.count() == 1


def test_the_same_file_next_month_brings_nothing_new_and_says_so(client, ines):
    save(client, bring(client))
    run = bring(client)
    assert (run.counts["new"], run.counts["known"]) == (0, 2)
    shown = page(client, run).content.decode()
    assert "Nothing new comes in" in shown
    assert "This very file came in before" in shown
    save(client, run)
    assert (run.result["created"], run.operation, Contact.objects.count()) == (0, None, 2)
    assert "Nothing new: all of this is known." in page(client, run).content.decode()


def test_nothing_can_be_changed_while_a_worker_is_at_it(client, ines):
    run = bring(client)
    post(client, "save", run)
    post(client, "check", run, policy="overwrite")
    post(client, "columns", run, c0="name")
    post(client, "read", run, header="0")
    post(client, "discard", run)
    run.refresh_from_db()
    assert (run.policy, run.state, run.closed_at) == ("complete", State.WAITING, None)


def test_progress_is_shown_until_it_is_over(client, ines):
    run = bring(client)
    post(client, "save", run)
    shown = page(client, run).content.decode()
    assert "Waiting for its turn" in shown
    assert '<noscript><meta http-equiv="refresh"' in shown
    fragment = client.get(
        reverse("contacts:import", args=[run.pk]), {"said": "0"}, headers={"HX-Request": "true"}
    )
    assert b"<html" not in fragment.content
    runs.work(run.pk, clock=clock.now)
    over = client.get(
        reverse("contacts:import", args=[run.pk]), {"said": "0"}, headers={"HX-Request": "true"}
    )
    assert over.headers["HX-Redirect"] == reverse("contacts:import", args=[run.pk])


# --- Workers die --------------------------------------------------------------------------------


def test_what_a_dead_worker_left_is_finished_by_the_next(client, ines, no_broker):
    run = bring(client)
    post(client, "save", run)
    leases.claim(Import.objects.all(), run.pk, now=NOW)  # and dies
    assert runs.restart(NOW + timedelta(minutes=1)) == []
    assert runs.restart(NOW + timedelta(minutes=3)) == [run.pk]
    assert runs.work(run.pk, clock=clock.now)
    assert Contact.objects.count() == 2


def test_a_worker_that_lost_its_lease_writes_nothing(client, ines, monkeypatch):
    run = bring(client)
    post(client, "save", run)

    def stolen(*args, **options):
        Import.objects.filter(pk=run.pk).update(lease_token=None)
        raise leases.LeaseLost

    monkeypatch.setattr("contacts.imports.telling.tell", stolen)
    assert not runs.work(run.pk, clock=clock.now)
    assert not Contact.objects.exists()


def test_an_error_writes_nothing_says_so_and_can_be_tried_again(client, ines, monkeypatch):
    run = bring(client)
    post(client, "save", run)
    with monkeypatch.context() as broken:
        broken.setattr("contacts.imports.writing._affiliate", lambda *args: 1 / 0)
        assert not runs.work(run.pk, clock=clock.now)
    assert not Contact.objects.exists()
    assert "Something went wrong" in page(client, run).content.decode()
    assert "Which column holds what?" in page(client, run, step="columns").content.decode()
    post(client, "again", run)
    assert runs.work(run.pk, clock=clock.now)
    assert Contact.objects.count() == 2


def test_files_are_forgotten_after_thirty_days(client, ines):
    run = bring(client)
    done = save(client, bring(client, LIST.replace("Brume", "Embrun")))
    Import.objects.update(created_at=NOW - timedelta(days=31))
    runs.forget_old(NOW)
    assert not ImportData.objects.exists()
    assert list(Import.objects.all()) == [done]
    assert page(client, done).status_code == 200
    assert page(client, run).status_code == 404


# --- Telling ------------------------------------------------------------------------------------


def test_who_asked_for_it_is_told_and_no_longer_when_they_have_seen_it(client, ines):
    run = save(client, bring(client))
    notification = Notification.objects.get(kind="import_finished")
    assert (notification.recipient, notification.done_at) == (ines, None)
    page(client, run)
    notification.refresh_from_db()
    assert notification.done_at


# --- Who ----------------------------------------------------------------------------------------


def test_a_list_of_imports_with_their_undo(client, ines):
    empty = client.get(reverse("contacts:imports")).content.decode()
    assert "No list yet" in empty
    assert client.get(reverse("contacts:import_sample")).content.startswith(b"\xef\xbb\xbf")
    save(client, bring(client))
    given_up = bring(client, LIST.replace("Brume", "Embrun"), name="rien.csv")
    post(client, "discard", given_up)
    shown = client.get(reverse("contacts:imports")).content.decode()
    assert "Undo the import of liste.csv" in shown
    assert shown.count("rien.csv") == 1  # the status line alone: what was given up is not shown


def test_another_teams_lead_finds_nothing(client, ines):
    run = bring(client)
    other = Client()
    other.force_login(make_lead(make_team("Ailleurs"), "Olga Roc"))
    for what in ("columns", "read", "check", "save", "again", "discard", "undo"):
        assert post(other, what, run).status_code == 404
    assert page(other, run).status_code == 404
    assert other.get(reverse("contacts:import_rejected", args=[run.pk])).status_code == 404


@pytest.mark.parametrize(
    "junk", ["c-999999-0", "c-0-999", "same-999999", "skip-999999", "c-x-y", "c-00002-0"]
)
def test_a_form_that_was_tampered_with_changes_nothing(client, ines, junk):
    run = bring(client)
    before = dict(run.counts)
    assert post(client, "check", run, **{junk: "1", "policy": "nonsense"}).status_code == 302
    run.refresh_from_db()
    assert run.counts == before or junk == "c-00002-0"


def test_the_check_of_a_long_list_is_a_workers(client, ines, no_broker, monkeypatch):
    monkeypatch.setattr(runs, "AT_ONCE", 1)
    run = bring(client)
    assert (run.state, no_broker) == (State.WAITING, [run.pk])
    assert runs.work(run.pk, clock=clock.now)
    run.refresh_from_db()
    assert run.counts["new"] == 2


def test_queries_do_not_grow_with_rows(client, ines, django_assert_max_num_queries):
    run = bring(client, "Nom;Ville\n" + "".join(f"Brume {n};Caen\n" for n in range(60)))
    with django_assert_max_num_queries(16):
        page(client, run)
