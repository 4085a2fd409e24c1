"""The wizard: File, Columns, Check, Result; from one to the next, and by whoever may."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from contacts import merging
from contacts.imports import runs
from contacts.models import Contact, Import
from foundation import clock
from foundation.leases import State
from notifications.models import Notification
from tests.cast import make_contact, make_lead, make_team
from tests.contacts.imports.wizard import LIST, answers, bring, page, post, save
from tests.samples import sample

pytestmark = pytest.mark.django_db


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


def test_the_undo_names_as_many_as_it_counts_also_who_was_merged_or_binned_meanwhile(client, ines, team):
    old = make_contact(team, "Vieille Brume", "band")
    run = save(client, bring(client, "Nom;Ville\nBrume;Caen\nLa Cale;Rouen\nSonik;Ifs\nAmarre;Dives\n"))
    brume, cale, sonik = (Contact.objects.get(name=name) for name in ("Brume", "La Cale", "Sonik"))
    merging.merge(kept=old, merged=brume, by=ines, now=clock.now())
    Contact.objects.filter(pk=cale.pk).update(town="Le Havre")
    Contact.objects.filter(pk=sonik.pk).update(town="Caen", binned_at=clock.now())
    address = reverse("contacts:import_undo", args=[run.pk])
    undone = client.post(address, follow=True).content.decode()
    assert "2 were changed or met since, and stay as they are." in undone
    named = undone.partition('id="left"')[2].partition("</section>")[0]
    assert "Vieille Brume" in named
    assert "La Cale" in named
    assert named.count("<li>") == 2


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
