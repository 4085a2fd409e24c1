"""A word when a launch is behind, to those who could see somebody; no longer when it has caught up."""

from datetime import timedelta

import pytest
from django.utils import translation

from communitycrm import mornings
from notifications import kinds
from notifications.models import Notification
from outreach.launches import planning
from outreach.launches.coverage import of_launch
from outreach.launches.telling import BEHIND
from outreach.models import Launch
from tests.cast import NOW, make_contact, make_lead, make_member, make_team
from tests.outreach.launches.cast import approach, make_launch, meet

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea():
    return make_member(make_team(), language="en")


@pytest.fixture
def launch(lea):
    """Prepared five weeks ago, three weeks ahead: an even pace has met five of eight."""
    team = lea.memberships.get().team
    return make_launch(team, [make_contact(team, f"Band {n}", "band") for n in range(8)], by=lea)


def told():
    return list(Notification.objects.filter(kind=BEHIND).order_by("pk"))


def test_once_a_week_and_again_the_next(launch, lea):
    for days in (0, 1, 2, 7, 8):
        mornings.go_round(NOW + timedelta(days=days))
    assert [one.recipient for one in told()] == [lea, lea]


def test_nothing_is_said_when_the_pace_is_kept_or_the_launch_is_out(launch, lea):
    bands = [one.contact for one in launch.approaches.all()]
    meet(launch, lea, bands[:4])
    mornings.go_round(NOW)
    assert told() == []
    Launch.objects.update(day=NOW.date())
    mornings.go_round(NOW + timedelta(days=1))
    assert told() == []


def test_leads_and_those_with_nobody_to_see_are_left_in_peace(launch, lea):
    noe, _lead = make_member(launch.team, "Noé"), make_lead(launch.team)
    rows = launch.approaches.select_related("launch__team", "contact")
    planning.share_out(launch, plan={row: (noe, row.due_on) for row in rows}, by=lea, now=NOW)
    mornings.go_round(NOW)
    assert [one.recipient for one in told()] == [noe]


def test_it_says_how_things_stand_when_it_leaves_and_not_what_is_over(launch, lea):
    mornings.go_round(NOW)
    (notification,) = told()
    kind = kinds.get(BEHIND)
    band = launch.approaches.first().contact
    meet(launch, lea, [band])
    with translation.override("en"):
        said = kind.context(notification, NOW)
        assert said["met"] == "1 of 8 groups met"
        assert said["pace"] == "At an even pace 5 would be met by now, 4 more."
        assert said["names"] == ["Band 1", "Band 2", "Band 3"]
    assert kind.still_true(notification, NOW)
    for card in of_launch(launch).cards[1:5]:
        planning.leave_out(approach(launch, card.contact), by=lea, now=NOW)
    assert not kind.still_true(notification, NOW)
    assert str(launch.pk) in kind.url(notification)
