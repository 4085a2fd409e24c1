"""A query that is written once answers for whichever ids come."""

from datetime import date

import pytest

from accounts.models import Membership, Role, Team, User
from foundation.statements import Statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea():
    return User.objects.create_user("lea@example.org", name="Léa")


@pytest.fixture
def team(lea):
    team = Team.objects.create(name="Caen", slug="caen")
    Membership.objects.create(team=team, user=lea, role=Role.MANAGER, since=date(2026, 1, 1))
    return team


def test_a_statement_is_written_once_and_asked_for_many(team, lea, django_assert_num_queries):
    written = []

    def memberships(team, user):
        written.append(team)
        return Membership.objects.filter(team=team, user=user).values_list("user__name", "role")

    of_both = Statement(memberships, Team, User)
    with django_assert_num_queries(1):
        assert of_both.rows(team.pk, lea.pk) == [("Léa", "manager")]
    assert of_both.rows(team.pk, lea.pk + 1) == [] == of_both.rows(team.pk + 1, lea.pk)
    assert len(written) == 1


def test_its_other_values_stay_as_they_are(team, lea):
    leads = Statement(lambda team: team.memberships.filter(role=Role.LEAD).values_list("user"), Team)
    managers = Statement(lambda team: team.memberships.filter(role=Role.MANAGER).values_list("user"), Team)
    assert (leads.rows(team.pk), managers.rows(team.pk)) == ([], [(lea.pk,)])
