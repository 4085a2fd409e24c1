"""The logbook: once per client id, never in the future, and last_met_at always what the rows say."""

import uuid
from datetime import date, timedelta

import pytest

from accounts import changes
from accounts.models import Operation
from contacts import logbook
from contacts.models import Contact, Participation, Promise, Touchpoint
from tests.cast import NOW, make_contact, make_lead, make_touchpoint, touchpoint_kind
from tests.contacts.cast import noted

pytestmark = pytest.mark.django_db


def test_a_meeting_is_noted_with_its_contacts_and_managers(team, lea, noe, jo):
    karim = make_contact(team, "Karim")
    touchpoint = noted(
        team, lea, [jo, karim, jo], managers=[noe], tags=["Rock", "rock"], place="La Cale"
    ).touchpoint
    assert set(touchpoint.contacts.all()) == {jo, karim}
    assert set(touchpoint.managers.all()) == {lea, noe}
    assert [tag.name for tag in touchpoint.tags.all()] == ["Rock"]
    assert touchpoint.is_real and not touchpoint.colleagues_only
    jo.refresh_from_db()
    assert jo.last_met_at == NOW


def test_sent_twice_it_exists_once_and_both_answers_are_the_same(team, lea, jo):
    client_id = uuid.uuid4()
    first = noted(team, lea, [jo], client_id=client_id, new_names=["Samira"])
    second = noted(team, lea, [jo], client_id=client_id, new_names=["Samira"])
    assert (first.created, second.created) == (True, False)
    assert first.touchpoint == second.touchpoint
    assert first.operation == second.operation
    assert Touchpoint.objects.count() == 1
    assert Contact.objects.filter(name="Samira").count() == 1
    assert Participation.objects.count() == 1


def test_two_people_may_use_the_same_client_id(team, lea, noe, jo):
    client_id = uuid.uuid4()
    noted(team, lea, [jo], client_id=client_id)
    assert noted(team, noe, [jo], client_id=client_id).created


def test_unknown_names_become_drafts_with_a_source(team, lea):
    touchpoint = noted(team, lea, [], new_names=["  Zine   Larsen ", "Zine Larsen", ""]).touchpoint
    draft = touchpoint.contacts.get()
    assert (draft.name, draft.is_draft, draft.sort_key) == ("Zine Larsen", True, "zine larsen")
    assert "Léa Martin" in draft.source
    assert draft.sourced_on == date(2026, 11, 24)
    assert draft.last_met_at == NOW


@pytest.mark.parametrize(
    ("ahead", "kept"), [(timedelta(0), True), (timedelta(minutes=2), True), (timedelta(minutes=3), False)]
)
def test_nothing_is_noted_before_it_happened(team, lea, jo, ahead, kept):
    if not kept:
        with pytest.raises(logbook.InTheFuture):
            noted(team, lea, [jo], met_at=NOW + ahead)
        assert not Touchpoint.objects.exists()
    else:
        assert noted(team, lea, [jo], met_at=NOW + ahead).touchpoint.met_at == NOW


def test_an_older_meeting_does_not_move_last_met(team, lea, jo):
    noted(team, lea, [jo])
    noted(team, lea, [jo], met_at=NOW - timedelta(days=9))
    jo.refresh_from_db()
    assert jo.last_met_at == NOW


def test_colleagues_only_is_about_who_was_met(team, lea, jo):
    sam = make_contact(team, "Sam", kind="colleague")
    assert noted(team, lea, [sam]).touchpoint.colleagues_only
    assert not noted(team, lea, [sam, jo]).touchpoint.colleagues_only
    assert not noted(team, lea, [sam], new_names=["Zoé"]).touchpoint.colleagues_only
    assert not noted(team, lea, []).touchpoint.colleagues_only


def test_re_kinding_a_contact_does_not_change_the_past(team, lea, jo):
    sam = make_contact(team, "Sam", kind="colleague")
    touchpoint = noted(team, lea, [sam]).touchpoint
    Contact.objects.filter(pk=sam.pk).update(kind=jo.kind)
    logbook.edit(
        touchpoint,
        kind=touchpoint.kind,
        met_at=NOW,
        contacts=[Contact.objects.get(pk=sam.pk)],
        by=lea,
        now=NOW,
    )
    touchpoint.refresh_from_db()
    assert touchpoint.colleagues_only
    logbook.edit(touchpoint, kind=touchpoint.kind, met_at=NOW, contacts=[sam, jo], by=lea, now=NOW)
    assert not touchpoint.colleagues_only


def test_editing_moves_last_met_of_those_who_leave_and_those_who_come(team, lea, noe, jo):
    karim = make_contact(team, "Karim")
    touchpoint = noted(team, lea, [jo]).touchpoint
    earlier = NOW - timedelta(days=3)
    logbook.edit(
        touchpoint,
        kind=touchpoint_kind("call"),
        met_at=earlier,
        contacts=[karim],
        by=lea,
        now=NOW,
        managers=[lea, noe],
    )
    jo.refresh_from_db()
    karim.refresh_from_db()
    assert (jo.last_met_at, karim.last_met_at) == (None, earlier)
    assert not touchpoint.is_real
    assert set(Participation.objects.values_list("manager", "met_at")) == {
        (lea.pk, earlier),
        (noe.pk, earlier),
    }
    logbook.edit(
        touchpoint, kind=touchpoint.kind, met_at=earlier, contacts=[karim], by=lea, now=NOW, managers=[lea]
    )
    assert list(touchpoint.managers.all()) == [lea]


def test_undo_takes_the_note_its_drafts_and_its_promise_back(team, lea, jo):
    done = noted(team, lea, [jo], new_names=["Zoé"], promise=("Send the link", date(2026, 12, 1)))
    logbook.take_back(done.operation, by=lea, now=NOW)
    jo.refresh_from_db()
    assert jo.last_met_at is None
    assert not Touchpoint.objects.kept().exists()
    assert Contact.objects.get(name="Zoé").binned_at == NOW
    assert Promise.objects.get().binned_at == NOW
    with pytest.raises(changes.CannotUndo):
        logbook.take_back(done.operation, by=lea, now=NOW)


def test_a_draft_met_again_survives_the_undo(team, lea, jo):
    done = noted(team, lea, [], new_names=["Zoé"])
    zoe = Contact.objects.get(name="Zoé")
    noted(team, lea, [zoe], met_at=NOW - timedelta(days=1))
    logbook.take_back(done.operation, by=lea, now=NOW)
    zoe.refresh_from_db()
    assert zoe.binned_at is None
    assert zoe.last_met_at == NOW - timedelta(days=1)


def test_a_note_edited_since_is_left_alone(team, lea, jo):
    done = noted(team, lea, [jo])
    touchpoint = Touchpoint.objects.get()
    logbook.edit(touchpoint, kind=touchpoint.kind, met_at=NOW, contacts=[jo], by=lea, now=NOW, note="A word")
    assert logbook.take_back(done.operation, by=lea, now=NOW).edited_since
    assert Touchpoint.objects.kept().exists()


def test_a_note_taken_back_and_sent_again_comes_back_as_it_was(team, lea, jo):
    client_id = uuid.uuid4()
    done = noted(team, lea, [jo], client_id=client_id, new_names=["Zoé"])
    logbook.take_back(done.operation, by=lea, now=NOW)
    again = noted(team, lea, [jo], client_id=client_id, new_names=["Zoé"])
    assert not again.created
    assert Touchpoint.objects.kept().count() == 1
    assert Contact.objects.get(name="Zoé").binned_at is None
    jo.refresh_from_db()
    assert jo.last_met_at == NOW
    logbook.take_back(Operation.objects.get(), by=lea, now=NOW)  # and it can be undone once more
    assert not Touchpoint.objects.kept().exists()


def test_binning_and_bringing_back(team, lea, jo):
    touchpoint = noted(team, lea, [jo]).touchpoint
    operation = logbook.bin_touchpoint(touchpoint, by=lea, now=NOW)
    jo.refresh_from_db()
    assert jo.last_met_at is None
    logbook.take_back(operation, by=lea, now=NOW)
    jo.refresh_from_db()
    assert jo.last_met_at == NOW


def test_joining_counts_for_both_and_twice_changes_nothing(team, lea, noe, jo):
    touchpoint = noted(team, lea, [jo]).touchpoint
    logbook.join(touchpoint, manager=noe, now=NOW)
    logbook.join(touchpoint, manager=noe, now=NOW)
    assert Participation.objects.get(manager=noe).met_at == NOW
    assert touchpoint.participations.count() == 2


def test_a_teammate_who_noted_the_same_contacts_that_day_is_found(team, lea, noe, jo):
    karim = make_contact(team, "Karim")
    theirs = noted(team, noe, [jo, karim], met_at=NOW - timedelta(hours=2)).touchpoint
    noted(team, noe, [karim])
    noted(team, noe, [jo], met_at=NOW - timedelta(days=1))
    day = date(2026, 11, 24)
    assert list(logbook.teammates_same_day(team=team, user=lea, contacts=[jo], day=day)) == [theirs]
    logbook.join(theirs, manager=lea, now=NOW)
    assert not logbook.teammates_same_day(team=team, user=lea, contacts=[jo], day=day)


def test_noting_costs_the_same_with_ten_meetings_or_a_hundred(team, lea, jo, django_assert_max_num_queries):
    make_lead(team)
    for number in range(100):
        make_touchpoint(team, lea, [jo], met_at=NOW - timedelta(days=number))
    with django_assert_max_num_queries(11):
        noted(team, lea, [jo])


def test_joining_adds_whom_and_what_the_teammate_noted(team, lea, noe, jo):
    sam = make_contact(team, "Sam", kind="colleague")
    touchpoint = noted(team, lea, [sam], note="Coffee").touchpoint
    for _twice in range(2):
        logbook.join(touchpoint, manager=noe, now=NOW, contacts=[sam, jo], note="And a walk")
    touchpoint.refresh_from_db()
    assert touchpoint.note == "Coffee\n\nNoé: And a walk"
    assert not touchpoint.colleagues_only
    jo.refresh_from_db()
    assert jo.last_met_at == NOW


def test_having_joined_is_taken_back_whole(team, lea, noe, jo):
    sam = make_contact(team, "Sam", kind="colleague")
    touchpoint = noted(team, lea, [sam], note="Coffee", tags=["rock"]).touchpoint
    joined = logbook.join(
        touchpoint, manager=noe, now=NOW, contacts=[sam, jo], note="And a walk", tags=["rock", "folk"]
    )
    logbook.take_back(joined.operation, by=noe, now=NOW)
    touchpoint.refresh_from_db()
    assert (touchpoint.note, touchpoint.colleagues_only) == ("Coffee", True)
    assert list(touchpoint.managers.all()) == [lea] and list(touchpoint.contacts.all()) == [sam]
    assert [tag.name for tag in touchpoint.tags.all()] == ["rock"]
    jo.refresh_from_db()
    assert jo.last_met_at is None


def test_a_note_that_was_written_on_since_stays_when_who_joined_leaves(team, lea, noe, jo):
    touchpoint = noted(team, lea, [jo], note="Coffee").touchpoint
    joined = logbook.join(touchpoint, manager=noe, now=NOW, note="And a walk")
    Touchpoint.objects.filter(pk=touchpoint.pk).update(note="Coffee, a walk and more")
    done = logbook.take_back(joined.operation, by=noe, now=NOW)
    touchpoint.refresh_from_db()
    assert touchpoint.note == "Coffee, a walk and more" and done.edited_since
    assert list(touchpoint.managers.all()) == [lea]


def test_whoever_joined_does_not_remove_the_author(team, lea, noe, jo):
    touchpoint = noted(team, lea, [jo]).touchpoint
    logbook.join(touchpoint, manager=noe, now=NOW)
    logbook.edit(touchpoint, kind=touchpoint.kind, met_at=NOW, contacts=[jo], by=noe, now=NOW, managers=[noe])
    assert set(touchpoint.managers.all()) == {lea, noe}


def test_what_is_a_week_old_is_no_longer_joined(team, lea, noe, jo):
    old = noted(team, lea, [jo], met_at=NOW - timedelta(days=7)).touchpoint
    with pytest.raises(logbook.TooLongAgo):
        logbook.join(old, manager=noe, now=NOW, contacts=[make_contact(team, "Karim")])
    assert list(old.managers.all()) == [lea] and list(old.contacts.all()) == [jo]
    logbook.join(old, manager=noe, now=NOW - timedelta(seconds=1))
    logbook.join(old, manager=noe, now=NOW)  # sent again: it is there already
    assert old.participations.count() == 2


def test_nothing_is_written_into_somebody_elses_private_note(team, lea, noe, jo):
    theirs = noted(team, noe, [jo], note="Between us", is_private=True).touchpoint
    assert not logbook.join(theirs, manager=lea, now=NOW, note="I was there").is_whole
    theirs.refresh_from_db()
    assert theirs.note == "Between us"
    assert set(theirs.managers.all()) == {lea, noe}
