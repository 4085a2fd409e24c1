"""Roles in time: one membership ends, another begins."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts import invitations, memberships
from accounts.models import AuditEntry, Membership, Role
from tests.cast import NOW, make_admin, make_lead, make_member, make_team, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def ada():
    return make_admin()


def test_a_membership_begins_on_the_teams_day(ada):
    team = make_team(time_zone="Australia/Sydney")
    late = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # the 25th in Sydney
    member = memberships.join(user=make_user(), team=team, role=Role.MANAGER, by=ada, now=late)
    assert member.since == date(2026, 11, 25)


def test_nobody_is_twice_in_a_team(ada):
    team = make_team()
    lea = make_member(team)
    with pytest.raises(memberships.AlreadyThere):
        memberships.join(user=lea, team=team, role=Role.LEAD, by=ada, now=NOW)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.BOTH])
def test_a_manager_works_in_one_team(ada, role):
    lea, there = make_member(make_team("Here")), make_team("There")
    with pytest.raises(memberships.ManagesElsewhere) as refused:
        memberships.join(user=lea, team=there, role=role, by=ada, now=NOW)
    assert refused.value.team.name == "Here"


def test_a_manager_may_lead_another_team(ada):
    lea, there = make_member(make_team()), make_team()
    assert memberships.join(user=lea, team=there, role=Role.LEAD, by=ada, now=NOW).is_lead


def test_the_constraint_speaks_the_same_sentence(ada, monkeypatch):
    lea = make_member(make_team())
    monkeypatch.setattr(memberships, "_check_manages_nowhere_else", lambda *_: None)
    with pytest.raises(memberships.ManagesElsewhere):
        memberships.join(user=lea, team=make_team(), role=Role.MANAGER, by=ada, now=NOW)


def test_a_new_role_ends_the_old_one_yesterday(ada):
    lea = make_member(make_team())
    new = memberships.change_role(lea.memberships.get(), role=Role.BOTH, by=ada, now=NOW)
    old = lea.memberships.get(role=Role.MANAGER)
    assert (old.until, new.since, new.until) == (TODAY - timedelta(days=1), TODAY, None)
    assert Membership.objects.on(TODAY).get(user=lea) == new
    entry = AuditEntry.objects.get(action="role.changed")
    assert entry.details == {"before": "manager", "after": "both"} and entry.subject == lea


def test_a_role_of_today_is_corrected_in_place(ada):
    lea = make_member(make_team(), since=TODAY)
    member = lea.memberships.get()
    assert memberships.change_role(member, role=Role.LEAD, by=ada, now=NOW).pk == member.pk
    assert lea.memberships.get().role == Role.LEAD


def test_the_same_role_changes_nothing(ada):
    lea = make_member(make_team())
    memberships.change_role(lea.memberships.get(), role=Role.MANAGER, by=ada, now=NOW)
    assert lea.memberships.count() == 1 and not AuditEntry.objects.filter(action="role.changed").exists()


def test_a_lead_who_manages_elsewhere_cannot_become_manager_here(ada):
    here, there = make_team("Here"), make_team("There")
    lea = make_member(there)
    lead = memberships.join(user=lea, team=here, role=Role.LEAD, by=ada, now=NOW)
    with pytest.raises(memberships.ManagesElsewhere):
        memberships.change_role(lead, role=Role.BOTH, by=ada, now=NOW)
    lead.refresh_from_db()
    assert lead.role == Role.LEAD and lead.until is None


def test_leaving_ends_today_and_keeps_the_row(ada):
    lea = make_member(make_team())
    memberships.end(lea.memberships.get(), by=ada, now=NOW)
    assert lea.memberships.get().until == TODAY
    assert AuditEntry.objects.filter(action="membership.ended", subject=lea).exists()


def test_leaving_on_the_first_day_in_a_zone_that_moved(ada):
    lea = make_member(make_team(), since=TODAY + timedelta(days=1))
    memberships.end(lea.memberships.get(), by=ada, now=NOW)
    assert lea.memberships.get().until == TODAY + timedelta(days=1)


def leave(membership, ada):
    memberships.end(membership, by=ada, now=NOW)


def lead_no_longer(membership, ada):
    memberships.change_role(membership, role=Role.MANAGER, by=ada, now=NOW)


def still_lead(membership, ada):
    memberships.change_role(membership, role=Role.BOTH, by=ada, now=NOW)


@pytest.mark.parametrize(
    ("what_happens", "here_stays"), [(leave, False), (lead_no_longer, False), (still_lead, True)]
)
def test_a_link_made_as_lead_works_as_long_as_its_maker_leads(ada, what_happens, here_stays):
    here, there = make_team("Here"), make_team("There")
    ines = make_lead(here)
    there_too = memberships.join(user=ines, team=there, role=Role.LEAD, by=ada, now=NOW)
    made = {"email": "", "role": Role.MANAGER, "is_admin": False, "by": ines, "now": NOW}
    of_here, of_there = (invitations.invite(team=team, **made) for team in (here, there_too.team))
    of_ada = invitations.invite(**{**made, "team": here, "by": ada})
    what_happens(ines.memberships.get(team=here), ada)
    for invitation in (of_here, of_there, of_ada):
        invitation.refresh_from_db()
    assert of_here.is_open(NOW) == here_stays
    assert of_there.is_open(NOW) and of_ada.is_open(NOW)


def test_an_admin_who_leaves_a_team_may_still_invite_to_it(ada):
    team = make_team()
    led = memberships.join(user=ada, team=team, role=Role.LEAD, by=ada, now=NOW)
    made = invitations.invite(team=team, email="", role=Role.MANAGER, is_admin=False, by=ada, now=NOW)
    memberships.end(led, by=ada, now=NOW)
    made.refresh_from_db()
    assert made.is_open(NOW)
