"""People: made with a verified address, deactivated, brought back; the organisation's keys."""

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts import invitations, memberships, people, places, teams
from accounts.models import AuditEntry, Membership, Role, User, validate_country, validate_time_zone
from tests.cast import NOW, make_admin, make_member, make_team, make_user

pytestmark = pytest.mark.django_db
DETAILS = {
    "email": "Ada@Example.org",
    "name": "Ada Petit",
    "password": "une longue phrase",
    "language": "fr",
    "time_zone": "Europe/Paris",
}


def test_a_person_comes_with_a_verified_address_and_a_password_kept_by_argon2(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = people.create_person(**DETAILS)
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == ("ada@example.org", True, True)
    assert user.check_password("une longue phrase") and user.password.startswith("argon2")


@pytest.mark.parametrize("email", ["ada@example.org", "ADA@EXAMPLE.ORG"])
def test_an_address_belongs_to_one_person(email):
    people.create_person(**DETAILS)
    with pytest.raises(people.EmailTaken):
        people.create_person(**{**DETAILS, "email": email})


def test_an_address_somebody_has_just_confirmed_is_taken():
    EmailAddress.objects.create(user=make_user(), email="ada@example.org", verified=True)
    with pytest.raises(people.EmailTaken):
        people.create_person(**DETAILS)


def test_a_superuser_of_the_command_line_can_sign_in_at_once():
    user = User.objects.create_superuser("root@example.org", "une longue phrase", name="Root")
    assert user.is_admin and user.is_staff and user.emailaddress_set.get().verified


class TestTheFirst:
    def make(self, **changes):
        return people.make_first(**{**DETAILS, "team_name": "Radio Bocage", "now": NOW, **changes})

    def test_makes_admin_team_and_membership(self):
        assert people.nobody_yet()
        user = self.make()
        membership = Membership.objects.get(user=user)
        assert user.is_admin and user.is_staff and not people.nobody_yet()
        assert (membership.team.slug, membership.role) == ("radio-bocage", Role.BOTH)

    def test_may_take_no_part_in_the_team(self):
        assert not Membership.objects.filter(user=self.make(role="")).exists()

    def test_happens_once(self):
        self.make()
        with pytest.raises(people.SomebodyIsHere):
            self.make(email="eve@example.org")


class TestLeavers:
    def test_memberships_end_and_history_stays(self):
        team, admin = make_team(), make_admin()
        leaver = make_member(team)
        people.deactivate(leaver, by=admin, now=NOW)
        leaver.refresh_from_db()
        assert not leaver.is_active and leaver.deactivated_at == NOW
        assert leaver.memberships.get().until == date(2026, 11, 24)
        assert AuditEntry.objects.get(action="person.deactivated").subject == leaver

    def test_back_on_the_same_day_is_as_if_nothing_was(self):
        team, admin = make_team(), make_admin()
        leaver = make_member(team)
        people.deactivate(leaver, by=admin, now=NOW)
        people.reactivate(leaver, by=admin, now=NOW + timedelta(hours=3))
        assert leaver.memberships.get().until is None and leaver.is_active

    def test_back_later_begins_anew_in_the_same_role(self):
        team, admin = make_team(), make_admin()
        leaver = make_member(team, role=Role.BOTH)
        people.deactivate(leaver, by=admin, now=NOW)
        people.reactivate(leaver, by=admin, now=NOW + timedelta(days=40))
        again = leaver.memberships.get(until=None)
        assert (again.role, again.since) == (Role.BOTH, date(2027, 1, 3)) and leaver.memberships.count() == 2

    def test_a_membership_that_had_ended_before_does_not_come_back(self):
        team, other, admin = make_team(), make_team(), make_admin()
        leaver = make_member(team)
        memberships.end(leaver.memberships.get(), by=admin, now=NOW - timedelta(days=9))
        memberships.join(user=leaver, team=other, role=Role.MANAGER, by=admin, now=NOW - timedelta(days=8))
        people.deactivate(leaver, by=admin, now=NOW)
        people.reactivate(leaver, by=admin, now=NOW)
        assert [membership.team for membership in leaver.memberships.current()] == [other]

    def test_bringing_back_somebody_active_does_nothing(self):
        user, admin = make_user(), make_admin()
        people.reactivate(user, by=admin, now=NOW)
        assert not AuditEntry.objects.filter(action="person.reactivated").exists()

    def test_sessions_of_before_stay_dead(self, client):
        team, admin = make_team(), make_admin()
        leaver = make_member(team)
        client.force_login(leaver)
        assert client.get("/me/").status_code == 200
        people.deactivate(leaver, by=admin, now=NOW)
        assert client.get("/me/").status_code == 302
        people.reactivate(leaver, by=admin, now=NOW)
        assert client.get("/me/").status_code == 302

    def test_a_session_opened_and_then_a_leaver_back_next_month(self, client):
        leaver, admin = make_member(make_team()), make_admin()
        client.force_login(leaver)
        people.deactivate(leaver, by=admin, now=NOW)
        people.reactivate(leaver, by=admin, now=NOW + timedelta(days=30))
        assert client.get("/me/").status_code == 302


class TestTheKeys:
    def test_are_given_and_taken(self):
        ada, user = make_admin(), make_user()
        people.make_admin(user, by=ada, now=NOW)
        user.refresh_from_db()
        assert user.is_admin and not user.is_staff
        people.unmake_admin(user, by=ada, now=NOW)
        user.refresh_from_db()
        assert not user.is_admin

    def test_stay_with_the_last_one(self):
        ada = make_admin()
        make_admin("Gone", is_active=False)
        for act in (people.unmake_admin, people.deactivate):
            with pytest.raises(people.LastAdmin):
                act(ada, by=ada, now=NOW)
        ada.refresh_from_db()
        assert ada.is_admin and ada.is_active


class TestTeams:
    @pytest.mark.parametrize(
        ("name", "slug"), [("Été à la Cale", "ete-a-la-cale"), ("日本", "team"), ("New", "new-2")]
    )
    def test_an_address_is_made_of_the_name(self, name, slug):
        assert teams.create(name=name, time_zone="UTC", country="FR", by=make_admin(), now=NOW).slug == slug

    def test_two_of_one_name(self):
        made = [
            teams.create(name="Radio", time_zone="UTC", country="FR", by=make_admin(), now=NOW).slug
            for _ in range(3)
        ]
        assert made == ["radio", "radio-2", "radio-3"]

    def test_an_address_taken_at_the_same_moment_is_tried_again(self, monkeypatch):
        """Two admins make a team of one name: both found the address free, one wrote first."""
        make_team("Radio", slug="radio")
        found = iter(["radio", "radio-2"])
        monkeypatch.setattr(teams, "free_slug", lambda name: next(found))
        made = teams.create(name="Radio", time_zone="UTC", country="FR", by=make_admin(), now=NOW)
        assert made.slug == "radio-2"

    def test_it_does_not_try_for_ever(self, monkeypatch):
        make_team("Radio", slug="radio")
        monkeypatch.setattr(teams, "free_slug", lambda name: "radio")
        with pytest.raises(IntegrityError):
            teams.create(name="Radio", time_zone="UTC", country="FR", by=make_admin(), now=NOW)

    def test_the_address_stays_when_the_name_changes(self):
        team = make_team()
        teams.edit(team, name="Other", time_zone="UTC", country="BE", by=make_admin(), now=NOW)
        slug = team.slug
        team.refresh_from_db()
        assert (team.name, team.country, team.slug) == ("Other", "BE", slug)


def test_zones_and_countries():
    assert places.zone_choices()[0][0] == "Europe" and "FR" in places.countries()
    validate_time_zone("Europe/Paris")
    validate_country("BE")
    for refuse, word in ((validate_time_zone, "Paris"), (validate_country, "XX")):
        with pytest.raises(ValidationError):
            refuse(word)


def test_a_link_kept_in_a_pocket_lets_nobody_in_again():
    ada, noe = make_admin(), make_admin("Noé Thomas")
    link = {"team": None, "email": "", "role": "", "is_admin": True, "now": NOW}
    one, other = invitations.invite(by=ada, **link), invitations.invite(by=noe, **link)
    people.deactivate(ada, by=noe, now=NOW)
    one.refresh_from_db(), other.refresh_from_db()
    assert not one.is_open(NOW) and other.is_open(NOW)
    third = make_admin("Inès Duval")
    people.unmake_admin(noe, by=third, now=NOW)
    other.refresh_from_db()
    assert not other.is_open(NOW)
