"""Planning a one-off occurrence."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts import changes, memberships
from contacts import directory
from contacts.models import Contact
from events import attendance, planning
from events.models import Attendance, Occurrence, Outcome, Reply
from tests.cast import NOW, contact_kind, make_contact, make_member, make_team, touchpoint_kind
from tests.events.cast import make_occurrence

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
THURSDAY = datetime(2026, 11, 26, 17, 30, tzinfo=UTC)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team)


def plan(team, by, **fields):
    defaults = {
        "kind": touchpoint_kind("apero"),
        "starts_at": THURSDAY,
        "now": NOW,
        "client_id": uuid.uuid4(),
    }
    return planning.plan(team=team, by=by, **{**defaults, **fields})


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (date(2026, 11, 26), time(18, 30), datetime(2026, 11, 26, 17, 30, tzinfo=UTC)),
        (date(2026, 7, 1), time(18, 30), datetime(2026, 7, 1, 16, 30, tzinfo=UTC)),
        # 02:30 does not exist on the spring night: an hour later it is.
        (date(2027, 3, 28), time(2, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        # and comes twice in autumn: the first.
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_wall_clock_reading_is_one_instant(day, at, expected):
    assert planning.instant(day, at, PARIS) == expected


def test_a_week_later_is_the_same_local_time_across_the_clock_change():
    before = datetime(2026, 10, 22, 16, 30, tzinfo=UTC)  # 18:30 in summer time
    assert planning.days_later(before, 7, PARIS) == datetime(2026, 10, 29, 17, 30, tzinfo=UTC)


def test_a_plan_is_hosted_by_the_person_and_lasts_an_hour(team, lea):
    jo = make_contact(team)
    occurrence, operation = plan(team, lea, contacts=[jo], place=" Le Bocal ")
    assert list(occurrence.hosts.all()) == [lea]
    assert list(occurrence.guests.all()) == [jo]
    assert occurrence.ends_at == THURSDAY + timedelta(hours=1)
    assert occurrence.place == "Le Bocal"
    assert operation is not None


def test_sent_twice_it_is_planned_once_and_makes_its_drafts_once(team, lea):
    sent = uuid.uuid4()
    first, _ = plan(team, lea, client_id=sent, new_names=["Zoé"])
    second, operation = plan(team, lea, client_id=sent, new_names=["Zoé"])
    assert first == second
    assert operation is None
    assert Occurrence.objects.count() == 1
    assert list(Contact.objects.values_list("name", "is_draft")) == [("Zoé", True)]


def test_a_plan_taken_back_is_in_the_bin(team, lea):
    _, operation = plan(team, lea)
    changes.undo(operation, by=lea, now=NOW)
    assert not Occurrence.objects.visible_to(lea).exists()


def test_guests_who_stay_keep_their_reply(team, lea):
    jo, karim, zoe = (make_contact(team, name) for name in ("Jo", "Karim", "Zoé"))
    occurrence = make_occurrence(team, lea, (jo, karim))
    Attendance.objects.filter(contact=jo).update(reply=Reply.COMING)
    planning.edit(
        occurrence=occurrence,
        by=lea,
        now=NOW,
        kind=occurrence.kind,
        starts_at=THURSDAY,
        minutes=120,
        contacts=[jo, zoe],
        hosts=[],
        title="Apéro des webzines",
        place="",
        note="",
    )
    assert dict(occurrence.attendances.values_list("contact__name", "reply")) == {
        "Jo": "coming",
        "Zoé": "invited",
    }
    assert occurrence.ends_at - occurrence.starts_at == timedelta(hours=2)
    assert str(occurrence) == "Apéro des webzines"


def edit(occurrence, by, **said):
    """As the form sends it, with nobody invited."""
    nothing = {"title": "", "place": "", "note": "", "contacts": [], "hosts": [by], "minutes": 60}
    planning.edit(occurrence=occurrence, by=by, now=NOW, kind=occurrence.kind, **{**nothing, **said})


@pytest.mark.parametrize(
    ("starts_at", "is_all_day"),
    [
        (datetime(2026, 12, 9, 23, tzinfo=UTC), True),  # as it was
        (datetime(2026, 12, 11, 23, tzinfo=UTC), True),  # another midnight in Paris
        (datetime(2026, 12, 10, 17, 30, tzinfo=UTC), False),
    ],
)
def test_what_took_all_day_and_is_given_a_time_takes_it_no_longer(team, lea, starts_at, is_all_day):
    occurrence = make_occurrence(team, lea, starts_at=datetime(2026, 12, 9, 23, tzinfo=UTC), is_all_day=True)
    edit(occurrence, lea, starts_at=starts_at)
    assert (occurrence.starts_at, occurrence.is_all_day) == (starts_at, is_all_day)


def test_a_guest_who_lies_in_the_bin_is_still_invited_when_they_come_back(team, lea):
    jo, zoe = make_contact(team, "Jo"), make_contact(team, "Zoé")
    occurrence = make_occurrence(team, lea, (jo, zoe))
    Attendance.objects.filter(contact=jo).update(reply=Reply.COMING)
    binned = directory.bin_contact(jo, by=lea, now=NOW)
    # What the form has shown: nobody could have left Jo chosen.
    shown = [one.contact for one in Occurrence.objects.with_guests().get(pk=occurrence.pk).invited]
    assert shown == [zoe]
    edit(occurrence, lea, starts_at=THURSDAY)
    changes.undo(binned, by=lea, now=NOW)
    assert dict(occurrence.attendances.values_list("contact__name", "reply")) == {"Jo": "coming"}


def test_move_keeps_the_length_and_can_be_undone(team, lea):
    occurrence = make_occurrence(team, lea, starts_at=THURSDAY)
    operation = planning.move(occurrence=occurrence, days=7, by=lea, now=NOW)
    assert occurrence.starts_at == THURSDAY + timedelta(days=7)
    assert occurrence.ends_at == THURSDAY + timedelta(days=7, hours=1)
    changes.undo(operation, by=lea, now=NOW)
    occurrence.refresh_from_db()
    assert occurrence.starts_at == THURSDAY


def test_a_date_answered_since_stays_when_it_was(team, lea):
    occurrence = make_occurrence(team, lea, starts_at=NOW - timedelta(days=2))
    moved = planning.move(occurrence=occurrence, days=1, by=lea, now=NOW - timedelta(days=3))
    noted = attendance.took_place(occurrence=occurrence, contacts=[make_contact(team)], by=lea, now=NOW)
    assert len(changes.undo(moved, by=lea, now=NOW).edited_since) == 1
    occurrence.refresh_from_db()
    assert occurrence.starts_at == noted.touchpoint.met_at == NOW - timedelta(days=1)


def test_a_date_answered_since_it_was_on_again_is_not_called_off_by_undo(team, lea):
    occurrence = make_occurrence(team, lea, starts_at=NOW - timedelta(days=1))
    planning.cancel(occurrence=occurrence, by=lea, now=NOW)
    restored = planning.restore(occurrence=occurrence, by=lea, now=NOW)
    attendance.nobody_came(occurrence=occurrence, by=lea, now=NOW)
    changes.undo(restored, by=lea, now=NOW)
    occurrence.refresh_from_db()
    assert occurrence.cancelled_at is None and occurrence.outcome == Outcome.NOBODY_CAME


def test_two_tabs_that_move_it_move_it_once(team, lea):
    occurrence = make_occurrence(team, lea, starts_at=THURSDAY)
    other_tab = Occurrence.objects.get(pk=occurrence.pk)
    planning.move(occurrence=occurrence, days=1, by=lea, now=NOW)
    with pytest.raises(planning.CannotChange):
        planning.move(occurrence=other_tab, days=1, by=lea, now=NOW)


def test_cancelled_once_restored_and_undone(team, lea):
    occurrence = make_occurrence(team, lea)
    planning.cancel(occurrence=occurrence, by=lea, now=NOW)
    assert not Occurrence.objects.upcoming(NOW).exists()
    with pytest.raises(planning.CannotChange):
        planning.cancel(occurrence=occurrence, by=lea, now=NOW)
    operation = planning.restore(occurrence=occurrence, by=lea, now=NOW)
    assert Occurrence.objects.upcoming(NOW).exists()
    with pytest.raises(planning.CannotChange):
        planning.restore(occurrence=occurrence, by=lea, now=NOW)
    changes.undo(operation, by=lea, now=NOW)
    assert not Occurrence.objects.upcoming(NOW).exists()


def test_what_was_answered_is_not_changed_any_more(team, lea):
    occurrence = make_occurrence(team, lea, outcome=Outcome.NOBODY_CAME)
    for act in (planning.cancel, planning.restore):
        with pytest.raises(planning.CannotChange):
            act(occurrence=occurrence, by=lea, now=NOW)
    with pytest.raises(planning.CannotChange):
        planning.move(occurrence=occurrence, days=1, by=lea, now=NOW)


def test_undo_of_a_plan_takes_the_people_it_made_along(team, lea):
    sent = {"team": team, "by": lea, "client_id": uuid.uuid4(), "kind": touchpoint_kind(), "now": NOW}
    starts_at = NOW + timedelta(days=2)
    _plan, operation = planning.plan(**sent, starts_at=starts_at, new_names=["Zine Larsen", "Sam Doe"])
    directory.edit(
        Contact.objects.get(name="Sam Doe"), details=directory.Details("Sam Doe", contact_kind("person"))
    )
    changes.undo(operation, by=lea, now=NOW)
    assert [contact.name for contact in Contact.objects.filter(binned_at=None)] == ["Sam Doe"]


def test_where_nobody_is_said_to_host_it_is_who_does_and_is_still_there(team, lea):
    noe = make_member(team, "Noé")
    plan = make_occurrence(team, lea, others=(noe,))
    memberships.end(lea.memberships.get(), by=noe, now=NOW)
    edit(plan, noe, starts_at=plan.starts_at, hosts=[])
    assert list(plan.hosts.all()) == [noe]
    plan.hosts.set([lea])
    edit(plan, noe, starts_at=plan.starts_at, hosts=[])
    assert list(plan.hosts.all()) == [noe]
