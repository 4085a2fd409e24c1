import datetime as dt
from decimal import Decimal

import pytest
from django.core import management
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role
from notifications.models import Notification
from ratio import evaluations
from ratio.models import Episode, Evaluation, Leave, Policy
from tests.cast import make_lead, make_member, make_team, make_touchpoint
from tests.ratio.people import THIS_MONDAY, live, make_post, morning
from tests.ratio.weeks import at

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TUESDAY = THIS_MONDAY + DAY


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def online(team):
    """A CM who is mostly online: 4 of 40."""
    lea = make_member(team, "Léa Martin")
    live(team, lea, [(1, 9)] * 8)
    return lea


def run(first, last):
    """The evaluation of each day's morning."""
    day = first
    while day <= last:
        evaluations.evaluate(now=morning(day))
        day += DAY


def said(user):
    return list(
        Notification.objects.filter(recipient=user).order_by("created_at").values_list("kind", flat=True)
    )


def test_a_slot_is_due_from_seven_and_written_once(online):
    assert evaluations.evaluate(now=at(TUESDAY, 6, 59)) == 0
    assert evaluations.evaluate(now=at(TUESDAY, 7, 0)) == 1
    assert evaluations.evaluate(now=at(TUESDAY, 15, 0)) == 0
    row = Evaluation.objects.get()
    assert (row.slot, row.real, row.online, row.verdict, row.reason) == (TUESDAY, 4, 34, "MOSTLY_ONLINE", "")
    assert (row.target, row.forecast_verdict) == (Decimal("0.30"), "MOSTLY_ONLINE")


def test_it_reads_the_28_days_that_end_the_day_before(team, online):
    make_touchpoint(team, online, met_at=at(TUESDAY, 0, 1))
    make_touchpoint(team, online, met_at=at(THIS_MONDAY, 23, 59))
    make_post(team, online, at(TUESDAY, 0, 0))
    evaluations.evaluate(now=at(TUESDAY, 15, 0))
    row = Evaluation.objects.get()
    assert (row.real, row.online) == (5, 34)


def test_nothing_due_nothing_done(team):
    assert evaluations.evaluate(now=morning(TUESDAY)) == 0
    make_lead(team)
    make_member(team, "Parti", is_active=False)
    make_member(team, "Nouvelle", since=TUESDAY)
    assert evaluations.evaluate(now=morning(TUESDAY)) == 0


def test_two_days_mostly_online_open_an_episode_and_tell_the_person_once(online):
    run(TUESDAY, TUESDAY)
    assert said(online) == []
    run(TUESDAY + DAY, TUESDAY + DAY)
    run(TUESDAY + DAY, TUESDAY + DAY)
    assert said(online) == ["ratio_low"]
    episode = Episode.objects.get()
    notification = Notification.objects.get()
    assert notification.key == f"ratio_low:{episode.pk}:1"
    assert notification.context == {"team": episode.team_id, "episode": episode.pk}
    assert (episode.opened_on, episode.reminders_sent, episode.share_at_last_reminder) == (
        TUESDAY + DAY,
        1,
        "1/9",
    )
    assert Evaluation.objects.get(slot=TUESDAY + DAY).reminder == "ratio_low"


def test_a_missed_day_is_not_made_up_for(online):
    run(TUESDAY, TUESDAY)
    run(TUESDAY + 3 * DAY, TUESDAY + 3 * DAY)
    assert Evaluation.objects.count() == 2
    assert said(online) == ["ratio_low"]


def test_on_a_day_of_leave_nothing_is_said_though_it_is_evaluated(team, online):
    run(TUESDAY, TUESDAY)
    Leave.objects.create(team=team, manager=online, first_day=TUESDAY + DAY, last_day=TUESDAY + DAY)
    run(TUESDAY + DAY, TUESDAY + DAY)
    assert Evaluation.objects.count() == 2
    assert said(online) == []


def test_back_on_target_closes_it_in_the_app_only(team, online):
    run(TUESDAY, TUESDAY + DAY)
    for hours in range(14):
        make_touchpoint(team, online, met_at=at(TUESDAY - (hours // 3) * DAY, 9 + hours % 3))
    run(TUESDAY + 2 * DAY, TUESDAY + 4 * DAY)
    assert said(online) == ["ratio_low", "ratio_back"]
    assert Episode.objects.get().closed_on == TUESDAY + 3 * DAY


def test_the_second_reminder_has_its_own_key(team, online):
    live(team, online, [(1, 9)] * 2, last_monday=THIS_MONDAY + 7 * DAY)
    run(TUESDAY, TUESDAY + 9 * DAY)
    keys = list(Notification.objects.order_by("pk").values_list("key", flat=True))
    assert [key.rsplit(":", 1)[1] for key in keys] == ["1", "2"]


def test_the_lead_hears_of_it_when_the_team_wants_that(team, online):
    live(team, online, [(1, 9)] * 4, last_monday=THIS_MONDAY + 21 * DAY)
    lead = make_lead(team)
    Policy.objects.create(
        team=team,
        tell_lead=True,
        individual_view_since=THIS_MONDAY,
        individual_view_purpose="aider",
        people_informed_on=THIS_MONDAY,
    )
    run(TUESDAY, TUESDAY + 20 * DAY)
    assert said(lead) == ["ratio_low_lead"]
    episode = Episode.objects.get()
    assert episode.lead_due_on == episode.lead_told_on == TUESDAY + 15 * DAY


def test_a_heads_up_before_the_fall(team):
    noe = make_member(team, "Noé")
    live(team, noe, [(3, 6)] * 6)
    for number in range(9):  # with three meetings as usual, that will do
        make_post(team, noe, at(TUESDAY + DAY, 9, number))
    run(TUESDAY, TUESDAY)
    assert said(noe) == []
    Evaluation.objects.all().delete()
    for number in range(7):
        make_post(team, noe, at(TUESDAY + DAY, 10, number))
    run(TUESDAY, TUESDAY + DAY)
    assert said(noe) == ["ratio_heads_up"]
    assert Notification.objects.get().key == f"ratio_heads_up:{noe.pk}:{TUESDAY}"
    assert Evaluation.objects.get(slot=TUESDAY).reminder == "ratio_heads_up"


def test_who_changes_teams_begins_anew(team, online):
    run(TUESDAY, TUESDAY + DAY)
    Membership.objects.filter(user=online).update(until=TUESDAY + DAY)
    other = make_team("Ailleurs")
    Membership.objects.create(user=online, team=other, role=Role.MANAGER, since=TUESDAY + DAY)
    run(TUESDAY + 2 * DAY, TUESDAY + 2 * DAY)
    episode = Episode.objects.get()
    assert episode.closed_on == TUESDAY + 2 * DAY
    assert said(online) == ["ratio_low"]
    assert Evaluation.objects.get(team=other).reason == "new"


def test_one_persons_fault_does_not_cost_the_others_theirs(team, online, monkeypatch, caplog):
    make_member(team, "Noé")
    real = evaluations.evaluate_person

    def faulty(person, *args, **kwargs):
        if person.user == online:
            raise RuntimeError
        return real(person, *args, **kwargs)

    monkeypatch.setattr(evaluations, "evaluate_person", faulty)
    assert evaluations.evaluate(now=morning(TUESDAY)) == 1
    assert "evaluation failed" in caplog.text


def test_when_nothing_is_due_a_tick_is_cheap(team):
    for number in range(5):
        make_member(team, f"CM {number}")
    run(TUESDAY, TUESDAY)
    with CaptureQueriesContext(connection) as captured:
        evaluations.evaluate(now=at(TUESDAY, 12))
    assert len(captured) == 2


def test_migrations_are_complete():
    management.call_command("makemigrations", "ratio", "--check", "--dry-run", verbosity=0)
