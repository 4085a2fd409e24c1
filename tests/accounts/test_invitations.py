"""Invitations: once, for 14 days, by e-mail or by a link."""

from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core import mail

from accounts import invitations, memberships, people
from accounts.models import AuditEntry, Invitation, Role
from tests.cast import NOW, make_admin, make_lead, make_member, make_outsider, make_team, make_user

pytestmark = pytest.mark.django_db
NEW = {"name": "Sam Roche", "password": "une longue phrase", "language": "en"}


@pytest.fixture
def ada():
    return make_admin(language="fr")


@pytest.fixture
def team():
    return make_team(time_zone="America/New_York")


@pytest.fixture
def invite(ada, team):
    def invite(**changes):
        details = {
            "team": team,
            "email": "sam@example.org",
            "role": Role.MANAGER,
            "is_admin": False,
            "by": ada,
        }
        return invitations.invite(**{**details, "now": NOW, **changes})

    return invite


def test_a_new_person_comes_in(invite, team):
    invitation = invite()
    sam = invitations.accept_as_new(invitation, email="ignored@example.org", now=NOW, **NEW)
    member = sam.memberships.get()
    assert (sam.email, sam.language, sam.time_zone) == ("sam@example.org", "en", "America/New_York")
    assert (member.team, member.role) == (team, Role.MANAGER) and sam.emailaddress_set.get().verified
    invitation.refresh_from_db()
    assert invitation.accepted_by == sam and not invitation.is_open(NOW)
    assert AuditEntry.objects.filter(action="invitation.accepted", actor=sam).exists()


def test_a_link_takes_the_address_that_is_typed(invite):
    sam = invitations.accept_as_new(invite(email=""), email="Sam@Else.org", now=NOW, **NEW)
    assert sam.email == "sam@else.org"


def test_it_works_once(invite):
    invitation = invite(email="")
    invitations.accept_as_new(invitation, email="a@example.org", now=NOW, **NEW)
    with pytest.raises(invitations.Closed) as refused:
        invitations.accept_as_new(invitation, email="b@example.org", now=NOW, **NEW)
    assert refused.value.reason == "used" and not people.is_taken("b@example.org")


@pytest.mark.parametrize(("days", "reason"), [(13, ""), (14, "expired")])
def test_fourteen_days(invite, days, reason):
    invitation = invite()
    assert invitations.why_closed(invitation, NOW + timedelta(days=days)) == reason


def test_withdrawn(invite, ada):
    invitation = invite()
    invitations.withdraw(invitation, by=ada, now=NOW)
    with pytest.raises(invitations.Closed) as refused:
        invitations.accept(invitation, user=make_user(), now=NOW)
    assert refused.value.reason == "withdrawn"


def test_a_second_invitation_replaces_the_first(invite):
    first, second = invite(), invite(role=Role.LEAD)
    assert list(Invitation.objects.open(NOW)) == [second] != [first]


def test_somebody_who_is_there_already_is_not_invited(invite, team):
    make_member(team, email="sam@example.org")
    with pytest.raises(invitations.AlreadyThere):
        invite(email="SAM@example.org")


def test_an_existing_person_joins(invite, team):
    sam = make_user(email="sam@example.org")
    invitations.accept(invite(), user=sam, now=NOW)
    assert sam.memberships.get().team == team


def test_a_manager_of_another_team_keeps_the_invitation_open(invite):
    oscar, invitation = make_outsider(), invite(email="")
    with pytest.raises(memberships.ManagesElsewhere):
        invitations.accept(invitation, user=oscar, now=NOW)
    invitation.refresh_from_db()
    assert invitation.is_open(NOW)


def test_an_admin_without_a_team(invite):
    sam = invitations.accept_as_new(invite(team=None, is_admin=True, role=""), email="", now=NOW, **NEW)
    sam.refresh_from_db()
    assert sam.is_admin and not sam.is_staff and not sam.memberships.exists()


def test_it_is_for_the_address_it_names(invite):
    sam, other = make_user(email="sam@example.org"), make_user()
    assert [invitations.is_for(invite(), person) for person in (sam, other)] == [True, False]
    assert invitations.is_for(invite(email=""), other)


def test_the_mail_is_in_the_inviters_language_with_the_link(invite, rf):
    from allauth.core import context

    with context.request_context(rf.get("/")):
        assert invitations.send(invite(), link="https://crm.example/join/x/")
    (sent,) = mail.outbox
    assert sent.to == ["sam@example.org"] and "https://crm.example/join/x/" in sent.body
    assert "8\xa0décembre 2026" in sent.body and "Radio Bocage" in sent.subject


def test_a_mail_server_that_refuses_is_said(invite, monkeypatch):
    def refuse(*_):
        raise SMTPException

    monkeypatch.setattr("accounts.adapter.AccountAdapter.send_mail", refuse)
    assert invitations.send(invite(), link="https://crm.example/") is False


def test_who_may_invite_whom(team, ada):
    lead, member, outsider = make_lead(team), make_member(team), make_outsider()
    may = invitations.may_invite
    assert may(ada, None, "", is_admin=True) and may(ada, team, Role.BOTH, is_admin=True)
    assert may(lead, team, Role.MANAGER, is_admin=False)
    assert not may(lead, team, Role.LEAD, is_admin=False)
    assert not may(lead, team, Role.MANAGER, is_admin=True)
    assert not may(lead, make_team(), Role.MANAGER, is_admin=False)
    assert not may(member, team, Role.MANAGER, is_admin=False)
    assert not may(outsider, team, Role.MANAGER, is_admin=False)


def test_a_lead_sees_the_invitations_they_could_have_made(invite, team):
    lead = make_lead(team)
    manager = invite()
    invite(email="lead@example.org", role=Role.LEAD)
    invite(email="keys@example.org", is_admin=True)
    assert list(Invitation.objects.visible_to(lead)) == [manager]
