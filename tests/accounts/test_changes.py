"""Taking acts back: values put back, made rows binned, edited ones left alone, once, within 30 days."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts import changes
from accounts.models import Change, Operation
from contacts.models import BulkRun, Contact, ContactPoint
from tests.cast import NOW, make_admin, make_contact, make_lead, make_member, make_outsider, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def manager(team):
    return make_member(team)


def begin(team, manager, **kwargs):
    return changes.begin(team=team, by=manager, kind="contacts.test", now=NOW, **kwargs)


def test_a_row_that_was_made_is_binned(team, manager):
    operation, contact = begin(team, manager), make_contact(team)
    changes.created(operation, [contact], fields=["name"])
    done = changes.undo(operation, by=manager, now=NOW + timedelta(hours=1))
    contact.refresh_from_db()
    assert done.restored == 1 and contact.binned_at == NOW + timedelta(hours=1)


def made_in_bulk(team, manager, *contacts):
    operation, fields = begin(team, manager), ["name", "owner", "last_met_at"]
    digests = {row.pk: changes.digest(changes.values(row, fields).values()) for row in contacts}
    changes.created_in_bulk(operation, Contact, digests, fields)
    return operation


def test_of_rows_made_in_bulk_the_untouched_are_binned_and_the_edited_named(team, manager, monkeypatch):
    monkeypatch.setattr(changes, "BATCH", 2)
    jo, karim, lou = (make_contact(team, name, last_met_at=NOW) for name in ("Jo", "Karim", "Lou"))
    operation = made_in_bulk(team, manager, jo, karim, lou)
    assert operation.creations.count() == 2
    Contact.objects.filter(pk=karim.pk).update(owner=manager)
    done = changes.undo(operation, by=manager, now=NOW)
    assert done.edited_since == [("contacts.Contact", karim.pk)] and done.restored == 2
    assert Contact.objects.get(binned_at=None) == karim


def test_what_became_more_than_it_was_made_is_kept_and_of_what_is_forgotten_nothing_is_left(team, manager):
    united, erased, jo, one = (make_contact(team, name) for name in ("Brume", "Canari", "Jo", "Lou"))
    bulk, single = made_in_bulk(team, manager, united, erased, jo), begin(team, manager)
    changes.created(single, [one], fields=["name"])
    changes.keep(Contact, [united.pk, one.pk])
    changes.forget(Contact, [erased.pk])
    assert set(bulk.creations.get().rows) == {str(united.pk), str(jo.pk)}
    assert changes.undo(bulk, by=manager, now=NOW).edited_since == [("contacts.Contact", united.pk)]
    assert changes.undo(single, by=manager, now=NOW).edited_since == [("contacts.Contact", one.pk)]
    assert set(Contact.objects.filter(binned_at=NOW)) == {jo}


def test_values_come_back_days_instants_and_foreign_keys(team, manager):
    contact = make_contact(team, owner=manager, town="Caen", last_met_at=NOW)
    fields = ["owner", "town", "last_met_at"]
    before = changes.values(contact, fields)
    other = make_member(make_team(), "Noé")
    contact.owner, contact.town = other, "Flers"
    contact.last_met_at = NOW + timedelta(microseconds=7)
    contact.save()
    operation = begin(team, manager)
    changes.changed(operation, contact, before)
    changes.undo(operation, by=manager, now=NOW)
    contact.refresh_from_db()
    assert (contact.owner, contact.town, contact.last_met_at) == (manager, "Caen", NOW)


def test_an_instant_in_another_zone_is_the_same_instant(team, manager):
    contact = make_contact(team, last_met_at=datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Paris")))
    operation = begin(team, manager)
    changes.created(operation, [contact], fields=["last_met_at"])
    assert not changes.undo(operation, by=manager, now=NOW).edited_since


def test_what_was_edited_since_is_left_and_named(team, manager):
    kept, edited = make_contact(team, "Jo"), make_contact(team, "Karim")
    operation = begin(team, manager)
    changes.created(operation, [kept, edited], fields=["name"])
    Contact.objects.filter(pk=edited.pk).update(name="Karim D.")
    done = changes.undo(operation, by=manager, now=NOW)
    edited.refresh_from_db()
    assert done.edited_since == [("contacts.Contact", edited.pk)] and done.restored == 1
    assert edited.binned_at is None


def test_an_edit_of_another_field_does_not_stand_in_the_way(team, manager):
    contact = make_contact(team, town="Caen")
    before = changes.values(contact, ["town"])
    contact.town = "Flers"
    contact.save()
    operation = begin(team, manager)
    changes.changed(operation, contact, before)
    Contact.objects.filter(pk=contact.pk).update(name="Another name")
    changes.undo(operation, by=manager, now=NOW)
    contact.refresh_from_db()
    assert (contact.town, contact.name) == ("Caen", "Another name")


def test_an_erased_row_is_passed_over(team, manager):
    operation, contact = begin(team, manager), make_contact(team)
    changes.created(operation, [contact])
    contact.delete()
    assert changes.undo(operation, by=manager, now=NOW) == changes.Undone()


def test_what_was_removed_comes_back_unless_what_it_needs_was_erased_since(
    team, manager, django_assert_max_num_queries
):
    jo, erased = make_contact(team, "Jo"), make_contact(team, "Canari")
    for contact in (jo, erased):
        ContactPoint.objects.create(team=team, contact=contact, property="tel", value="06", key="+336")
    operation, points = begin(team, manager), list(ContactPoint.objects.order_by("pk"))
    changes.removed(operation, points)
    ContactPoint.objects.all().delete()
    erased.delete()
    # Its own, those changed and made in bulk, the two foreign keys, the insert, and what is there now.
    with django_assert_max_num_queries(10):
        done = changes.undo(operation, by=manager, now=NOW)
    assert done.restored == 1 and done.edited_since == [("contacts.ContactPoint", points[1].pk)]
    assert ContactPoint.objects.get().contact == jo
    connection.check_constraints()  # the tests' transaction never ends, which is when they would be looked at


def test_it_works_once(team, manager):
    operation = begin(team, manager)
    changes.undo(operation, by=manager, now=NOW)
    with pytest.raises(changes.CannotUndo):
        changes.undo(operation, by=manager, now=NOW)
    operation.refresh_from_db()
    assert (operation.undone_at, operation.undone_by) == (NOW, manager)


@pytest.mark.parametrize(
    ("later", "works"), [(timedelta(days=30), True), (timedelta(days=30, seconds=1), False)]
)
def test_thirty_days(team, manager, later, works):
    operation = begin(team, manager)
    if works:
        changes.undo(operation, by=manager, now=NOW + later)
    else:
        with pytest.raises(changes.CannotUndo):
            changes.undo(operation, by=manager, now=NOW + later)


def test_many_rows_cost_no_query_each(team, manager, django_assert_max_num_queries):
    operation = begin(team, manager)
    made = [make_contact(team, f"Contact {number}") for number in range(40)]
    changes.created(operation, made, fields=["name"])
    with django_assert_max_num_queries(8):
        assert changes.undo(operation, by=manager, now=NOW).restored == 40


def test_a_failure_after_it_takes_the_undo_back_with_it(team, manager):
    from django.db import transaction

    operation, contact = begin(team, manager), make_contact(team)
    changes.created(operation, [contact])
    with pytest.raises(RuntimeError), transaction.atomic():
        changes.undo(operation, by=manager, now=NOW)
        raise RuntimeError
    contact.refresh_from_db()
    operation.refresh_from_db()
    assert contact.binned_at is None and operation.undone_at is None


@pytest.mark.parametrize(("days", "is_forgotten"), [(30, False), (31, False), (32, True)])
def test_what_nobody_can_take_back_any_more_is_forgotten(team, manager, days, is_forgotten):
    jo, operation = make_contact(team, note="Once"), begin(team, manager)
    changes.changed(operation, jo, {"note": "Once"})
    bulk, now = made_in_bulk(team, manager, make_contact(team)), NOW + timedelta(days=days)
    fresh = changes.begin(team=team, by=manager, kind="contacts.test", now=now)
    changes.changed(fresh, jo, {"note": "Once"})
    assert changes.forget_old(now) == (4 if is_forgotten else 0)
    assert set(Operation.objects.all()) == ({fresh} if is_forgotten else {operation, bulk, fresh})
    assert Change.objects.filter(operation=fresh).exists() and changes.forget_old(now) == 0


def test_an_operation_that_another_row_points_at_stays_without_what_it_did(team, manager):
    operation = made_in_bulk(team, manager, make_contact(team))
    changes.changed(operation, make_contact(team), {"note": "Once"})
    act = {"act": "contacts.bulk_tag", "count": 1, "created_at": NOW}
    run = BulkRun.objects.create(team=team, by=manager, token=uuid4(), operation=operation, **act)
    assert changes.forget_old(NOW + timedelta(days=40)) == 2
    assert not operation.changes.exists() and not operation.creations.exists()
    run.refresh_from_db()
    assert run.operation == operation
    run.delete()
    assert changes.forget_old(NOW + timedelta(days=40)) == 1


def test_so_many_are_forgotten_a_pass_and_the_rest_by_the_next(
    team, manager, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(changes, "BATCH", 2)
    monkeypatch.setattr(
        changes, "FORGOTTEN", tuple((model, when, 4) for model, when, _most in changes.FORGOTTEN)
    )
    jo = make_contact(team)
    many = [begin(team, manager) for _number in range(3)]
    for operation in many:
        changes.changed_many(operation, [(row, {"note": ""}) for row in (jo, make_contact(team))])
    now = NOW + timedelta(days=40)
    assert changes.forget_old(now) == 4 + 2  # four changes, and the operations of which nothing is left
    with django_assert_max_num_queries(16):
        assert changes.forget_old(now) == 2 + 1
    with django_assert_max_num_queries(3):
        assert changes.forget_old(now) == 0


def test_who_may_take_it_back(team, manager):
    operation = begin(team, manager)
    teammate, lead, admin, outsider = (
        make_member(team, "Noé"),
        make_lead(team),
        make_admin(),
        make_outsider(),
    )
    may = {
        person.name
        for person in (manager, teammate, lead, admin, outsider)
        if Operation.objects.undoable_by(person, now=NOW).filter(pk=operation.pk).exists()
    }
    assert may == {manager.name, lead.name, admin.name}


class TestTheSharedAddress:
    def undo(self, client, operation, **data):
        return client.post(f"/undo/{operation.pk}/", data)

    def test_a_plain_operation_is_undone_and_one_goes_back(self, client, team, manager):
        now = datetime.now(tz=NOW.tzinfo)
        operation = changes.begin(team=team, by=manager, kind="x.y", now=now, plain=True)
        contact = make_contact(team)
        changes.created(operation, [contact])
        client.force_login(manager)
        response = self.undo(client, operation, next="/me/")
        contact.refresh_from_db()
        assert response.url == "/me/" and contact.binned_at

    def test_another_site_is_no_place_to_go_back_to(self, client, team, manager):
        operation = begin(team, manager, plain=True)
        client.force_login(manager)
        assert self.undo(client, operation, next="https://evil.example/").url == "/"

    def test_an_operation_of_an_app_with_more_to_do_is_a_404(self, client, team, manager):
        client.force_login(manager)
        assert self.undo(client, begin(team, manager)).status_code == 404

    @pytest.mark.parametrize("who", ["teammate", "outsider"])
    def test_others_get_a_404(self, client, team, manager, who):
        person = make_member(team, "Noé") if who == "teammate" else make_outsider()
        client.force_login(person)
        assert self.undo(client, begin(team, manager, plain=True)).status_code == 404

    def test_twice_is_said(self, client, team, manager):
        now = datetime.now(tz=NOW.tzinfo)
        operation = changes.begin(team=team, by=manager, kind="x.y", now=now, plain=True)
        client.force_login(manager)
        self.undo(client, operation, next="/me/")
        self.undo(client, operation, next="/me/")
        messages = [str(message) for message in client.get("/me/").context["messages"]]
        assert len(messages) == 2 and messages[0] != messages[1]
