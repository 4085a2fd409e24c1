"""Acts on many contacts: all of them, once, and taken back as one."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Operation
from contacts import bulk, bulk_runs, search, telling
from contacts.models import BulkRun, Contact
from contacts.models.bulk import UNDO
from foundation import leases
from notifications import sending
from notifications.models import Notification
from tests.cast import NOW, contact_kind, make_contact

pytestmark = pytest.mark.django_db
LIST = reverse("contacts:contact_list")


@pytest.fixture
def people(team):
    return [make_contact(team, name) for name in ("Jo", "Karim", "Samira")]


def act(team, by, contacts, token=None):
    ids = [contact.pk for contact in contacts]
    return bulk.Act(team=team, by=by, contact_ids=ids, token=token or uuid.uuid4(), now=NOW)


def names(contacts):
    return sorted(contacts.values_list("name", flat=True))


def test_owner_kind_and_bin_are_taken_back_as_one(team, lea, noe, people):
    people[0].owner = noe
    people[0].save()
    acts = [
        (lambda: bulk.set_owner(act(team, lea, people), noe), "owner", noe.pk, 2),
        (
            lambda: bulk.set_kind(act(team, lea, people), contact_kind("band")),
            "kind",
            contact_kind("band").pk,
            3,
        ),
        (lambda: bulk.bin_contacts(act(team, lea, people)), "binned_at", NOW, 3),
    ]
    for do, field, value, count in acts:
        before = dict(Contact.objects.values_list("pk", field))
        done = do()
        assert done.count == count
        assert set(Contact.objects.values_list(field, flat=True)) == {value}
        assert bulk.take_back(done.operation, by=lea, now=NOW).restored == count
        assert dict(Contact.objects.values_list("pk", field)) == before


def test_what_somebody_edited_since_is_left_by_the_undo(team, lea, noe, people):
    done = bulk.set_owner(act(team, lea, people), noe)
    Contact.objects.filter(pk=people[0].pk).update(owner=lea)
    undone = bulk.take_back(done.operation, by=lea, now=NOW)
    assert (undone.restored, len(undone.edited_since)) == (2, 1)
    people[0].refresh_from_db()
    assert people[0].owner == lea


def test_tags_are_added_taken_off_and_found(team, lea, people):
    bulk.add_tags(act(team, lea, people[:1]), ["Rock"])
    done = bulk.add_tags(act(team, lea, people), ["rock", "Presse locale"])
    everybody = Contact.objects.filter(team=team)
    assert done.count == 3
    assert names(search.find(everybody, "presse")) == ["Jo", "Karim", "Samira"]
    bulk.take_back(done.operation, by=lea, now=NOW)
    assert names(everybody.filter(tags__key="rock")) == ["Jo"], "had it before"
    assert names(search.find(everybody, "presse")) == []
    off = bulk.remove_tags(act(team, lea, people), ["ROCK", "unknown"])
    assert (off.count, names(search.find(everybody, "rock"))) == (1, [])
    bulk.take_back(off.operation, by=lea, now=NOW)
    assert names(search.find(everybody, "rock")) == ["Jo"]


def test_the_same_form_twice_does_it_once_and_says_so_twice(team, lea, noe, people):
    token = uuid.uuid4()
    first = bulk.set_owner(act(team, lea, people, token), noe)
    second = bulk.set_owner(act(team, lea, people, token), noe)
    assert (second.count, second.operation) == (first.count, first.operation)
    assert bulk.set_owner(act(team, lea, people), noe) == bulk.Done(0, None)
    bulk.take_back(first.operation, by=lea, now=NOW)
    assert bulk.set_owner(act(team, lea, people, token), noe).count == 3, "undone: it may be done again"


def test_another_teams_contacts_and_binned_ones_stay_as_they_are(team, lea, noe, oscar):
    theirs = make_contact(oscar.memberships.get().team, "Theirs")
    binned = make_contact(team, "Binned", binned_at=NOW)
    assert bulk.set_owner(act(team, lea, [theirs, binned]), noe).count == 0
    assert bulk.add_tags(act(team, lea, [theirs, binned]), ["rock"]).count == 0


def test_statements_are_bounded_however_many(team, lea, noe):
    def written(count):
        kind = contact_kind()
        many = Contact.objects.bulk_create(
            Contact(team=team, kind=kind, name="x", sort_key="x", search_key="x", created_at=NOW)
            for _ in range(count)
        )
        with CaptureQueriesContext(connection) as captured:
            bulk.set_owner(act(team, lea, many), noe)
            bulk.add_tags(act(team, lea, many), ["rock"])
        return len(captured)

    assert written(300) == written(3000) < 30


def post(client, name, **sent):
    return client.post(reverse(f"contacts:{name}"), {"token": uuid.uuid4(), **sent}, follow=True)


def test_those_picked_and_those_of_the_whole_list(as_lea, team, noe, people):
    make_contact(team, "La Cale", kind="venue")
    page = post(
        as_lea, "bulk_owner", pick=[people[0].pk, people[1].pk, "x"], to_owner=noe.pk, query="sort=-name"
    )
    assert "2 contacts were changed" in page.content.decode()
    assert page.redirect_chain[-1][0] == f"{LIST}?sort=-name"
    page = post(as_lea, "bulk_tag", everything="on", query="show=groups", tags="lieu, bar")
    assert "1 contact was changed" in page.content.decode()
    (undo,) = [
        part for part in page.content.decode().split('"') if part.endswith("/undo/") and "bulk" in part
    ]
    as_lea.post(undo)
    assert not Contact.objects.filter(tags__key="bar").exists()
    page = post(as_lea, "bulk_bin", everything="on", query="q=ka")
    assert "1 contact is in the bin" in page.content.decode()
    assert names(Contact.objects.of_team(team)) == ["Jo", "La Cale", "Samira"]


@pytest.mark.parametrize(
    ("name", "sent", "words"),
    [
        ("bulk_tag", {"tags": "rock"}, "Choose at least one contact."),
        ("bulk_tag", {"everything": "on", "tags": " "}, "Which tag?"),
        ("bulk_tag", {"everything": "on", "tags": " , ,"}, "Which tag?"),
        ("bulk_kind", {"everything": "on", "to_kind": "999"}, "Select a valid choice"),
        ("bulk_kind", {"everything": "on"}, "Which kind?"),
        ("bulk_owner", {"everything": "on", "to_owner": "x"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said_and_nothing_happens(as_lea, people, name, sent, words):
    before = list(Contact.objects.values())
    assert words in post(as_lea, name, **sent).content.decode()
    assert list(Contact.objects.values()) == before


def test_an_outsiders_pick_reaches_nobody(client, oscar, people):
    client.force_login(oscar)
    for name in ("bulk_bin", "bulk_tag", "export", "addresses"):
        post(client, name, pick=[one.pk for one in people], tags="x", format="csv")
    assert names(Contact.objects.filter(binned_at=None, tags=None)) == ["Jo", "Karim", "Samira"]


def ask_for_many(client, monkeypatch, people, name="bulk_tag"):
    """Something is asked of more than the person waits for; the row that it became."""
    monkeypatch.setattr("contacts.bulk.AT_ONCE", 2)
    sent = {"token": uuid.uuid4(), "everything": "on", "tags": "rock", "query": "sort=-name"}
    for _click in range(2):
        answer = client.post(reverse(f"contacts:{name}"), sent)
    run = BulkRun.objects.get()
    assert answer.url == reverse("contacts:bulk_run", args=[run.pk])
    return run, answer.url


def test_of_very_many_a_worker_does_it_once_and_the_page_shows_that(as_lea, monkeypatch, people):
    run, address = ask_for_many(as_lea, monkeypatch, people)
    assert "Waiting for its turn" in as_lea.get(address).content.decode()
    assert bulk_runs.work(run.pk, clock=lambda: NOW) and not bulk_runs.work(run.pk, clock=lambda: NOW)
    page = as_lea.get(address, follow=True)
    assert page.redirect_chain[-1][0] == f"{LIST}?sort=-name"
    assert "3 contacts were changed" in page.content.decode()
    asked = as_lea.get(address, headers={"HX-Request": "true"})
    assert asked.headers["HX-Redirect"] == f"{LIST}?sort=-name"


def test_a_worker_that_dies_leaves_nothing_and_the_next_does_it(as_lea, monkeypatch, people):
    run, _address = ask_for_many(as_lea, monkeypatch, people)
    assert leases.claim(BulkRun.objects.all(), run.pk, now=NOW)
    later = NOW + leases.LEASE + timedelta(seconds=1)
    assert bulk_runs.restart(later) == [run.pk]
    assert bulk_runs.work(run.pk, clock=lambda: later)
    assert Contact.objects.filter(tags__key="rock").count() == 3
    assert bulk_runs.restart(run.created_at + timedelta(days=31)) == [] and not BulkRun.objects.exists()


def ask_to_undo(client, monkeypatch, people):
    """Three were tagged by a worker; that is to be taken back. The row of that, and the address of its page."""
    run, _address = ask_for_many(client, monkeypatch, people)
    assert bulk_runs.work(run.pk, clock=lambda: NOW)
    undo = reverse("contacts:bulk_undo", args=[Operation.objects.get().pk])
    for _click in range(2):
        answer = client.post(undo)
    back = BulkRun.objects.get(act=UNDO)
    assert answer.url == reverse("contacts:bulk_run", args=[back.pk])
    return back, answer.url


def test_what_was_done_with_very_many_a_worker_takes_back_once(as_lea, monkeypatch, people):
    back, address = ask_to_undo(as_lea, monkeypatch, people)
    assert "Waiting for its turn" in as_lea.get(address).content.decode()
    assert Contact.objects.filter(tags__key="rock").count() == 3
    people[0].tags.clear()
    assert bulk_runs.work(back.pk, clock=lambda: NOW) and not bulk_runs.work(back.pk, clock=lambda: NOW)
    assert not Contact.objects.filter(tags__key="rock").exists()
    for _look in range(2):
        assert "Undone." in as_lea.get(address, follow=True).content.decode()
    back.refresh_from_db()
    assert (back.count, back.operation.undone_by) == (2, back.by)


def test_of_very_many_the_same_form_after_an_undo_does_it_again_and_each_is_undone_once(
    as_lea, monkeypatch, people
):
    monkeypatch.setattr("contacts.bulk.AT_ONCE", 2)
    sent = {"token": uuid.uuid4(), "everything": "on", "tags": "rock"}
    tagged = Contact.objects.filter(tags__key="rock")

    def worked(address, **data):
        """What the page says once a worker did what was asked of it there."""
        page = as_lea.post(address, data).url
        for run in BulkRun.objects.filter(state="waiting"):
            assert bulk_runs.work(run.pk, clock=lambda: NOW)
        return page, as_lea.get(page, follow=True).content.decode()

    for time in (1, 2):
        page, said = worked(reverse("contacts:bulk_tag"), **sent)
        assert "3 contacts were changed" in said and tagged.count() == 3
        undo = reverse("contacts:bulk_undo", args=[Operation.objects.latest("pk").pk])
        assert "Undone." in worked(undo)[1] and not tagged.exists()
        assert "already undone" in worked(undo)[1]
        assert "already undone" in as_lea.get(page, follow=True).content.decode()
        assert BulkRun.objects.count() == 2 * time


def test_a_large_number_is_grouped(as_lea, team, lea, monkeypatch):
    for act, said in (
        (bulk.TAG, "2,300 contacts were changed."),
        (bulk.BIN, "2,300 contacts are in the bin"),
    ):
        done = bulk.Done(2300, Operation.objects.create(team=team, by=lea, kind=act, at=NOW))
        monkeypatch.setattr("contacts.bulk.do", lambda *_said, done=done: done)
        name = act.removeprefix("contacts.")
        page = post(as_lea, name, everything="on", tags="x", pick=1)
        assert said in page.content.decode()


def test_an_undo_says_how_many_were_edited_since_and_when_it_came_too_late(
    as_lea, lea, noe, monkeypatch, people
):
    run, _address = ask_for_many(as_lea, monkeypatch, people, name="bulk_bin")
    bulk_runs.work(run.pk, clock=lambda: NOW)
    Contact.objects.filter(pk=people[0].pk).update(binned_at=NOW + timedelta(hours=1))
    asked = [bulk_runs.ask_undo(Operation.objects.get(), by=by, now=NOW) for by in (lea, noe)]
    for back, words in zip(asked, ("except one entry", "already undone"), strict=True):
        assert bulk_runs.work(back.pk, clock=lambda: NOW)
        as_lea.force_login(back.by)
        page = as_lea.get(reverse("contacts:bulk_run", args=[back.pk]), follow=True)
        assert words in page.content.decode()
    assert names(Contact.objects.filter(binned_at=None)) == ["Karim", "Samira"]


def test_an_undo_whose_worker_dies_or_fails_is_tried_again_whole(as_lea, monkeypatch, people):
    back, address = ask_to_undo(as_lea, monkeypatch, people)
    assert leases.claim(BulkRun.objects.all(), back.pk, now=NOW)
    later = NOW + leases.LEASE + timedelta(seconds=1)
    assert bulk_runs.restart(later) == [back.pk]

    def half(operation, whole=bulk.take_back, **said):
        whole(operation, **said)
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("contacts.bulk.take_back", half)
        assert not bulk_runs.work(back.pk, clock=lambda: later)
    assert "Nothing was changed: try again" in as_lea.get(address).content.decode()
    assert Contact.objects.filter(tags__key="rock").count() == 3
    as_lea.post(reverse("contacts:bulk_again", args=[back.pk]))
    assert bulk_runs.work(back.pk, clock=lambda: later)
    assert not Contact.objects.filter(tags__key="rock").exists()


def test_who_waited_long_is_told_that_it_is_done_until_they_look(
    as_lea, lea, monkeypatch, people, mailoutbox
):
    run, address = ask_for_many(as_lea, monkeypatch, people)
    done_at = run.created_at + timedelta(minutes=1)
    bulk_runs.work(run.pk, clock=lambda: done_at)
    notification = Notification.objects.get(kind="bulk_done")
    assert (notification.recipient, notification.done_at) == (lea, None)
    assert telling.is_news(notification, done_at)
    sending.drain(done_at)
    (letter,) = mailoutbox
    assert "Contacts changed: 3." in letter.body and address in letter.body
    as_lea.get(address)
    notification.refresh_from_db()
    assert notification.done_at
    Operation.objects.update(undone_at=done_at)
    assert not telling.is_news(notification, done_at)
    BulkRun.objects.update(act=UNDO)  # that it is taken back is news as well
    assert telling.is_news(notification, done_at)
    BulkRun.objects.update(result={"seconds": 2})
    assert not telling.is_news(notification, done_at)


def test_what_went_wrong_changed_nothing_is_said_and_may_be_tried_again(as_lea, monkeypatch, people):
    run, address = ask_for_many(as_lea, monkeypatch, people)

    def half(act, names, whole=bulk.add_tags):
        whole(act, names)
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("contacts.bulk.add_tags", half)
        assert not bulk_runs.work(run.pk, clock=lambda: NOW)
    assert "Nothing was changed: try again" in as_lea.get(address).content.decode()
    assert not Contact.objects.filter(tags__key="rock").exists()
    as_lea.post(reverse("contacts:bulk_again", args=[run.pk]))
    assert bulk_runs.work(run.pk, clock=lambda: NOW)
    assert Contact.objects.filter(tags__key="rock").count() == 3
