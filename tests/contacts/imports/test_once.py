"""An import is made once and whole, whoever clicks how often and whichever worker dies."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Operation
from contacts.imports import runs
from contacts.models import Contact, Import, ImportData
from foundation import clock, leases
from foundation.leases import State
from tests.cast import NOW, make_admin
from tests.contacts.imports.wizard import LIST, bring, page, post, save, upload

pytestmark = pytest.mark.django_db


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
    assert "Nothing new came in." in page(client, run).content.decode()  # one row is to fix


def test_nothing_can_be_changed_while_a_worker_is_at_it(client, ines):
    run = bring(client)
    post(client, "save", run)
    post(client, "check", run, policy="overwrite")
    post(client, "columns", run, c0="name")
    post(client, "read", run, header="0")
    post(client, "discard", run)
    run.refresh_from_db()
    assert (run.policy, run.state, run.closed_at) == ("complete", State.WAITING, None)


@pytest.mark.parametrize("ended", ["saved", "given up"])
def test_tabs_of_an_import_that_is_over_lead_to_its_result(client, ines, ended):
    run = bring(client)
    tabs = [
        ("columns", {"c0": "name"}),
        ("read", {"header": "0"}),
        ("read", {"header": "nonsense"}),
        ("check", {"c-2-0": "Ifs Sonore", "show": "to_fix"}),
        ("check", {"policy": "overwrite"}),
        ("again", {}),
        ("save", {}),
        ("discard", {}),
    ]
    if ended == "saved":
        save(client, run)
    else:
        post(client, "discard", run)
    run = Import.objects.get()
    for what, said in tabs:
        answer = post(client, what, run, **said)
        assert (answer.status_code, answer.url) == (302, reverse("contacts:import", args=[run.pk])), what
    before = run.__dict__ | {"_state": None}
    assert Import.objects.get().__dict__ | {"_state": None} == before
    assert page(client, run, step="columns").status_code == 200
    address = reverse("contacts:import_read", args=[run.pk])
    swapped = client.post(address, {"header": "0"}, headers={"HX-Request": "true"})
    assert swapped.headers["HX-Redirect"] == reverse("contacts:import", args=[run.pk])


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

    monkeypatch.setattr("contacts.telling.tell", stolen)
    assert not runs.work(run.pk, clock=clock.now)
    assert not Contact.objects.exists()


def test_an_error_writes_nothing_says_so_and_can_be_tried_again(client, ines, monkeypatch):
    run = bring(client)
    post(client, "save", run)
    with monkeypatch.context() as broken:
        broken.setattr("contacts.imports.writing._complete", lambda *args: 1 / 0)
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
