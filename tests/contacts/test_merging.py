"""Two contacts that are one: nothing is lost, nobody becomes two, and it can be undone."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils.translation import override

from accounts import changes
from accounts.models import Operation
from contacts import directory, erasing, last_met, merging
from contacts.models import Affiliation, Contact, ContactPoint, Promise
from contacts.points import email
from tests.cast import NOW, contact_kind, make_contact, make_outsider, make_touchpoint

pytestmark = pytest.mark.django_db


def merge(kept, merged, by, now=NOW, **kwargs):
    return merging.merge(kept=kept, merged=merged, by=by, now=now, **kwargs)


def make_promise(team, contact, manager):
    return Promise.objects.create(
        team=team,
        contact=contact,
        manager=manager,
        text="The link",
        due_on=NOW.date(),
        client_id=uuid.uuid4(),
        created_at=NOW,
    )


@pytest.fixture
def double(team):
    return make_contact(team, "Jo B.", town="Caen", note="Plays the bass")


def test_the_kept_one_gets_what_it_lacked_and_what_was_chosen(team, lea, jo, double):
    jo.note = "Sings"
    jo.save()
    merge(jo, double, lea, choices={"name": "merged"})
    jo.refresh_from_db()
    assert (jo.name, jo.town, jo.note) == ("Jo B.", "Caen", "Sings\n\nPlays the bass")
    assert jo.search_key == "jo b caen"


def test_no_meeting_is_lost_or_changed_and_last_met_is_right(team, lea, jo, double):
    old = make_touchpoint(team, lea, [jo], met_at=NOW - timedelta(days=9))
    new = make_touchpoint(team, lea, [double], met_at=NOW - timedelta(days=2), colleagues_only=True)
    last_met.mend([jo.pk, double.pk])
    operation = merge(jo, double, lea)
    jo.refresh_from_db()
    new.refresh_from_db()
    assert list(jo.touchpoints.order_by("met_at")) == [old, new]
    assert jo.last_met_at == new.met_at and new.colleagues_only
    assert not last_met.wrong().exists()
    merging.take_back(operation, by=lea, now=NOW + timedelta(days=29))
    jo.refresh_from_db()
    double.refresh_from_db()
    assert (jo.last_met_at, double.last_met_at) == (old.met_at, new.met_at)
    assert not last_met.wrong().exists()


def test_what_is_noted_after_the_merge_stays_with_the_kept_one_when_undone(team, lea, jo, double):
    operation = merge(jo, double, lea)
    later = make_touchpoint(team, lea, [jo])
    merging.take_back(operation, by=lea, now=NOW)
    double.refresh_from_db()
    assert list(jo.touchpoints.all()) == [later] and double.binned_at is None


def test_a_meeting_noted_while_its_contact_was_merged_is_gathered(team, lea, jo, double):
    operation = merge(jo, double, lea)
    stray = make_touchpoint(team, lea, [double])
    assert merging.gather(NOW) == 1
    assert merging.gather(NOW) == 0
    jo.refresh_from_db()
    assert list(jo.touchpoints.all()) == [stray] and jo.last_met_at == stray.met_at
    merging.take_back(operation, by=lea, now=NOW)
    assert list(double.touchpoints.all()) == [stray]


def test_undone_both_are_who_they_were(team, lea, jo, double):
    ContactPoint.objects.create(team=team, contact=double, property="tel", value="06", key="+336")
    make_promise(team, double, lea)
    fields = ["name", "town", "note", "is_draft", "sort_key", "search_key", "informed_on", "objected_at"]
    before = [changes.values(contact, fields) for contact in (jo, double)]
    merging.take_back(merge(jo, double, lea), by=lea, now=NOW)
    jo.refresh_from_db()
    double.refresh_from_db()
    assert [changes.values(contact, fields) for contact in (jo, double)] == before
    assert double.points.count() == double.promises.count() == 1
    assert not jo.points.exists() and not jo.promises.exists()


def test_what_the_person_knows_and_asked_for_holds_for_the_one(team, lea, jo, double):
    jo.informed_on, double.informed_on = date(2026, 5, 1), date(2026, 3, 1)
    double.objected_at, double.heard_on = NOW, date(2026, 6, 1)
    jo.save(), double.save()
    merge(jo, double, lea)
    jo.refresh_from_db()
    assert (jo.informed_on, jo.objected_at, jo.heard_on) == (date(2026, 3, 1), NOW, date(2026, 6, 1))


def test_sent_twice_it_is_one_merge(team, lea, jo, double):
    assert merge(jo, double, lea) == merge(jo, double, lea, now=NOW + timedelta(minutes=1))
    assert Operation.objects.filter(kind=merging.KIND).count() == 1


def test_a_merge_that_is_forgotten_is_a_merge_still(team, lea, jo, double):
    merge(jo, double, lea)
    later = NOW + timedelta(days=40)
    changes.forget_old(later)
    assert not Operation.objects.exists() and merging.undoable(jo, now=later) == []
    assert merging.undoable(jo, now=NOW) == []  # a page that asked a moment before
    with pytest.raises(merging.CannotMerge, match="no longer in the book"), override("en"):
        merge(jo, double, lea, now=later)
    stray = make_touchpoint(team, lea, [double])
    assert merging.gather(later) == 1
    assert list(jo.touchpoints.all()) == [stray]


def test_a_chain_leads_to_the_last_and_is_undone_from_its_end(team, lea, jo, double):
    third = make_contact(team, "Joséphine")
    make_touchpoint(team, lea, [jo])
    first = merge(double, jo, lea)
    second = merge(third, double, lea, now=NOW + timedelta(hours=1))
    jo.refresh_from_db()
    assert jo.merged_into == third and third.touchpoints.count() == 1
    with pytest.raises(merging.CannotMerge):
        merging.take_back(first, by=lea, now=NOW + timedelta(hours=2))
    merging.take_back(second, by=lea, now=NOW + timedelta(hours=2))
    jo.refresh_from_db()
    assert jo.merged_into == double and double.touchpoints.count() == 1
    merging.take_back(first, by=lea, now=NOW + timedelta(hours=2))
    assert jo.touchpoints.count() == 1 and not double.touchpoints.exists()


def test_a_merge_is_undone_also_when_the_group_of_both_was_erased_since(team, lea, jo, double):
    brume, bocage = (make_contact(team, name, kind="band") for name in ("Brume", "Bocage"))
    for group in (brume, bocage):
        for person in (jo, double):
            directory.affiliate(person=person, group=group)
    operation = merge(jo, double, lea)
    erasing.purge([brume.pk], now=NOW)
    merging.take_back(operation, by=lea, now=NOW)
    assert [row.group for row in Affiliation.objects.filter(person=double)] == [bocage]
    connection.check_constraints()


def test_a_merge_cannot_be_undone_twice_or_after_30_days(team, lea, jo, double):
    operation = merge(jo, double, lea)
    with pytest.raises(changes.CannotUndo):
        merging.take_back(operation, by=lea, now=NOW + timedelta(days=31))
    merging.take_back(operation, by=lea, now=NOW)
    with pytest.raises(merging.CannotMerge):
        merging.take_back(operation, by=lea, now=NOW)


def test_one_edited_meanwhile_is_not_merged(team, lea, jo, double):
    seen = merging.fingerprint(jo, double)
    directory.edit(
        jo, details=directory.Details(name="Jo Brume", kind=contact_kind(), points=[email("a@b.org")])
    )
    jo = Contact.objects.get(pk=jo.pk)
    with pytest.raises(merging.ChangedMeanwhile):
        merge(jo, double, lea, seen=seen)
    assert merge(jo, double, lea, seen=merging.fingerprint(jo, double))


@pytest.mark.parametrize("case", ["same", "group", "binned", "other team"])
def test_what_cannot_be_one(team, lea, jo, case):
    other = {
        "same": lambda: jo,
        "group": lambda: make_contact(team, "Brume", "band"),
        "binned": lambda: make_contact(team, "Jo", binned_at=NOW),
        "other team": lambda: make_contact(make_outsider().memberships.get().team, "Jo"),
    }[case]()
    with pytest.raises(merging.CannotMerge):
        merge(jo, other, lea)
    assert not Operation.objects.exists()


def test_undoing_an_import_leaves_whom_somebody_was_merged_into(team, lea, jo, double):
    made = changes.begin(team=team, by=lea, kind="contacts.test", now=NOW)
    changes.created(made, [jo], fields=["name"])
    merge(jo, double, lea)
    done = changes.undo(made, by=lea, now=NOW)
    jo.refresh_from_db()
    assert jo.binned_at is None and done.edited_since


def test_a_form_sent_again_finds_whom_its_contact_became(team, lea, jo):
    line = directory.Details(name="Jo B.", kind=contact_kind())
    client_id = "7e8d1c5e-3a0f-4f6e-9d0c-2b1a00000001"
    added = directory.add(team=team, by=lea, details=line, client_id=client_id, now=NOW)
    merge(jo, added.contact, lea)
    again = directory.add(team=team, by=lea, details=line, client_id=client_id, now=NOW)
    added.contact.refresh_from_db()
    assert again.contact == jo and added.contact.binned_at


def test_people_of_two_groups_that_are_one_are_found_by_its_name(team, lea, jo):
    brume, double = make_contact(team, "Brume", "band"), make_contact(team, "Brume (groupe)", "band")
    directory.affiliate(person=jo, group=double)
    merge(brume, double, lea)
    jo.refresh_from_db()
    assert Affiliation.objects.get().group == brume
    assert jo.search_key == "jo brume brume"


def test_drafts_and_later_ones_are_merged_into_those_somebody_looked_at(team):
    draft, whole = make_contact(team, "Jo", is_draft=True), make_contact(team, "Jo Brume")
    assert merging.in_order(draft, whole) == merging.in_order(whole, draft) == (whole, draft)


def test_comparing_tells_what_moves_in_words(team, lea, jo, double, django_assert_max_num_queries):
    make_touchpoint(team, lea, [double])
    with django_assert_max_num_queries(22), override("en"):
        comparison = merging.compare(jo, double)
    assert comparison.moves == ["1 meeting"]
    assert [choice.name for choice in comparison.choices if choice.differs] == ["name"]
