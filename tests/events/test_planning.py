"""Planning a one-off occurrence."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts import changes
from contacts.models import Contact
from events import planning
from events.models import Attendance, Occurrence, Outcome, Reply
from tests.cast import NOW, make_contact, make_member, make_team, touchpoint_kind
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
    first, _ = plan(team, lea, client_id=sent, new_names=["Zoé", "zoe"])
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


def test_move_keeps_the_length_and_can_be_undone(team, lea):
    occurrence = make_occurrence(team, lea, starts_at=THURSDAY)
    operation = planning.move(occurrence=occurrence, days=7, by=lea, now=NOW)
    assert occurrence.starts_at == THURSDAY + timedelta(days=7)
    assert occurrence.ends_at == THURSDAY + timedelta(days=7, hours=1)
    changes.undo(operation, by=lea, now=NOW)
    occurrence.refresh_from_db()
    assert occurrence.starts_at == THURSDAY


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
