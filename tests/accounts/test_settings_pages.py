"""The settings: teams, members, invitations, people, the audit trail; and a person's own page."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import audit, invitations
from accounts.models import AuditEntry, Invitation, Membership, Role, Team, User
from accounts.words import ACTIONS
from foundation import clock
from tests.cast import NOW, make_admin, make_lead, make_member, make_team, make_user
from tests.samples import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team(slug="radio-bocage")


@pytest.fixture
def ada(client):
    ada = make_admin(language="en")
    client.force_login(ada)
    return ada


@pytest.fixture
def ines(client, team):
    ines = make_lead(team, language="en")
    client.force_login(ines)
    return ines


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


class TestTeams:
    def test_an_admin_sees_all_a_lead_their_own(self, client, team, ada):
        make_team("La Cale")
        assert {team.name for team in client.get("/settings/").context["teams"]} == {
            "Radio Bocage",
            "La Cale",
        }
        client.force_login(make_lead(team))
        assert [team.name for team in client.get("/settings/").context["teams"]] == ["Radio Bocage"]

    def test_members_are_counted_once_and_leavers_not(self, client, team, ada):
        lea = make_member(team)
        Membership.objects.filter(user=lea).update(until="2026-10-01")
        make_member(team, "Noé")
        make_lead(team)
        assert client.get("/settings/").context["teams"][0].members == 2

    def test_making_one(self, client, ada):
        response = client.post(
            "/settings/teams/new/", {"name": "La Cale", "time_zone": "UTC", "country": "fr"}
        )
        assert response.url == "/settings/teams/la-cale/" and Team.objects.get().country == "FR"
        assert AuditEntry.objects.get(action="team.created").actor == ada

    @pytest.mark.parametrize("wrong", [{"name": ""}, {"time_zone": "Paris"}, {"country": "XX"}])
    def test_a_wrong_field_is_said(self, client, ada, wrong):
        data = {"name": "La Cale", "time_zone": "UTC", "country": "FR", **wrong}
        response = client.post("/settings/teams/new/", data)
        assert response.status_code == 422 and list(wrong) == list(response.context["form"].errors)

    def test_editing_one(self, client, team, ada):
        client.post(
            f"/settings/teams/{team.slug}/edit/",
            {"name": "Bocage", "time_zone": "Europe/Brussels", "country": "BE"},
        )
        team.refresh_from_db()
        assert (team.name, team.country, team.slug) == ("Bocage", "BE", "radio-bocage")

    def test_an_old_alias_of_a_zone_can_stay(self, client, ada):
        team = make_team(time_zone="Asia/Calcutta")
        data = {"name": "X", "time_zone": "Asia/Calcutta", "country": "IN"}
        assert client.post(f"/settings/teams/{team.slug}/edit/", data).status_code == 302

    def test_another_teams_page_is_a_404_to_a_lead(self, client, ines):
        assert client.get(f"/settings/teams/{make_team().slug}/").status_code == 404

    def test_a_lead_of_one_team_who_manages_another_sees_only_the_one_they_lead(self, client, ines):
        other = make_team()
        ines.memberships.create(team=other, role=Role.MANAGER, since="2026-01-01")
        assert client.get(f"/settings/teams/{other.slug}/").status_code == 403

    def test_pages_cost_the_same_with_two_and_twenty(self, client, team, ada):
        def fill(count):
            for number in range(count):
                make_member(team, f"Person {number}")
                make_team()
                details = {
                    "email": f"i{Invitation.objects.count()}@example.org",
                    "role": Role.LEAD,
                    "is_admin": False,
                }
                invitations.invite(team=team, **details, by=ada, now=clock.now())

        urls = ["/settings/", "/settings/teams/radio-bocage/", "/settings/people/", "/settings/audit/"]
        fill(2)
        few = [queries(client, url) for url in urls]
        fill(18)
        assert [queries(client, url) for url in urls] == few


class TestInviting:
    def test_by_mail(self, client, team, ada):
        data = {"email": "sam@example.org", "role": "both", "is_admin": "on"}
        response = client.post("/settings/teams/radio-bocage/invite/", data)
        made = Invitation.objects.get()
        assert response.url == f"/settings/invitations/{made.pk}/" and (made.role, made.is_admin) == (
            "both",
            True,
        )
        assert f"http://testserver/join/{made.token}/" in mail.outbox[0].body
        assert "invites you to Radio Bocage" in mail.outbox[0].subject

    def test_by_a_link_to_copy(self, client, team, ada):
        page = client.post("/settings/teams/radio-bocage/invite/", {"role": "manager"}, follow=True)
        assert f"http://testserver/join/{Invitation.objects.get().token}/" in page.text and not mail.outbox

    def test_a_mail_that_could_not_leave_is_said(self, client, team, ada, monkeypatch):
        def refuse(*_, **__):
            raise OSError

        monkeypatch.setattr("django.core.mail.message.EmailMessage.send", refuse)
        page = client.post(
            "/settings/teams/radio-bocage/invite/", {"email": "s@example.org", "role": "lead"}, follow=True
        )
        assert "could not be sent" in page.text and Invitation.objects.count() == 1

    def test_a_lead_invites_a_manager_whatever_they_post(self, client, ines):
        data = {"email": "s@example.org", "role": "lead", "is_admin": "on"}
        client.post("/settings/teams/radio-bocage/invite/", data)
        made = Invitation.objects.get()
        assert (made.role, made.is_admin) == (Role.MANAGER, False)

    def test_somebody_who_is_there_is_said(self, client, team, ada):
        make_member(team, email="lea@example.org")
        response = client.post(
            "/settings/teams/radio-bocage/invite/", {"email": "LEA@example.org", "role": "lead"}
        )
        assert response.status_code == 422 and "email" in response.context["form"].errors

    def test_an_admin_without_a_team(self, client, ada):
        client.post("/settings/admins/invite/", {"email": "s@example.org"})
        made = Invitation.objects.get()
        assert (made.team, made.is_admin, made.role) == (None, True, "")

    def test_withdrawing(self, client, team, ines):
        made = invitations.invite(
            team=team, email="", role=Role.MANAGER, is_admin=False, by=ines, now=clock.now()
        )
        assert (
            client.post(f"/settings/invitations/{made.pk}/withdraw/").url == "/settings/teams/radio-bocage/"
        )
        made.refresh_from_db()
        assert made.withdrawn_at and client.get(f"/settings/invitations/{made.pk}/").status_code == 404

    def test_a_lead_does_not_touch_an_admins_invitation(self, client, team, ines):
        made = invitations.invite(
            team=team, email="", role=Role.LEAD, is_admin=False, by=make_admin(), now=clock.now()
        )
        assert client.post(f"/settings/invitations/{made.pk}/withdraw/").status_code == 404


class TestMembers:
    def test_a_new_role(self, client, team, ada):
        lea = make_member(team)
        response = client.post(f"/settings/members/{lea.memberships.get().pk}/role/", {"role": "both"})
        assert response.url == "/settings/teams/radio-bocage/"
        assert lea.memberships.current().get().role == Role.BOTH

    def test_one_that_cannot_be_is_a_sentence(self, client, team, ada):
        lea = make_member(make_team("La Cale"))
        here = lea.memberships.create(team=team, role=Role.LEAD, since="2026-01-01")
        response = client.post(f"/settings/members/{here.pk}/role/", {"role": "both"})
        assert response.status_code == 422 and "La Cale" in response.text

    def test_leaving_the_team(self, client, team, ada):
        lea = make_member(team)
        client.post(f"/settings/members/{lea.memberships.get().pk}/leave/")
        assert not lea.memberships.current().exists()

    def test_an_ended_membership_is_a_404(self, client, team, ada):
        lea = make_member(team)
        Membership.objects.update(until="2026-10-01")
        assert client.get(f"/settings/members/{lea.memberships.get().pk}/role/").status_code == 404

    def test_deactivating_asks_and_offers_undo(self, client, team, ada):
        lea = make_member(team)
        assert client.get(f"/settings/people/{lea.pk}/deactivate/").status_code == 200
        page = client.post(f"/settings/people/{lea.pk}/deactivate/", follow=True)
        lea.refresh_from_db()
        assert not lea.is_active and f"/settings/people/{lea.pk}/reactivate/" in page.text
        client.post(f"/settings/people/{lea.pk}/reactivate/")
        lea.refresh_from_db()
        assert lea.is_active and lea.memberships.current().exists()

    def test_nobody_deactivates_themselves(self, client, ada):
        make_admin("Second")
        assert client.post(f"/settings/people/{ada.pk}/deactivate/").status_code == 404

    def test_the_last_admin_keeps_the_keys(self, client, ada):
        page = client.post(f"/settings/people/{ada.pk}/unmake-admin/", follow=True)
        ada.refresh_from_db()
        assert ada.is_admin and "keep the keys" in page.text

    def test_giving_up_ones_own_keys_leads_to_ones_own_page(self, client, ada):
        make_admin("Second")
        assert client.post(f"/settings/people/{ada.pk}/unmake-admin/").url == "/me/"

    def test_making_an_admin(self, client, ada):
        lea = make_user()
        client.post(f"/settings/people/{lea.pk}/make-admin/")
        lea.refresh_from_db()
        assert lea.is_admin


class TestPeople:
    def test_are_found_by_name_and_address(self, client, ada):
        make_user("Noé Lefèvre", email="noe@example.org")
        for words in ("Lef", "noe@"):
            found = client.get("/settings/people/", {"q": words}).context["page"]
            assert [person.name for person in found] == ["Noé Lefèvre"]

    def test_pages_keep_the_search(self, client, ada):
        for number in range(51):
            make_user(f"Sam {number}")
        assert "?q=Sam&amp;page=2" in client.get("/settings/people/", {"q": "Sam"}).text


class TestTheTrail:
    def test_shows_the_last_two_hundred_in_pages(self, client, ada):
        for _ in range(205):
            audit.record(action="person.signed_in", actor=ada, now=NOW)
        page = client.get("/settings/audit/", {"page": 4}).context["page"]
        assert page.paginator.count == 200 and len(page) == 50

    def test_says_what_it_knows_in_words(self, client, ada):
        audit.record(action="team.created", actor=ada, now=NOW)
        audit.record(action="something.new", actor=ada, now=NOW)
        text = client.get("/settings/audit/").text
        assert str(ACTIONS["team.created"]) in text and "something.new" in text


def test_every_recorded_action_has_words():
    """Whoever records something new is told to say what it is."""
    rooms = ("accounts", "contacts", "events", "outreach", "ratio", "notifications", "communitycrm")
    sources = (file.read_text(encoding="utf-8") for room in rooms for file in (ROOT / room).rglob("*.py"))
    recorded = {name for text in sources for name in re.findall(r"\baction=\"([a-z_]+\.[a-z_]+)\"", text)}
    assert recorded - set(ACTIONS) == set()


class TestMyPage:
    MINE = {
        "name": "Léa M.",
        "language": "en",
        "time_zone": "Europe/Lisbon",
        "country": "pt",
        "theme": "dark",
    }

    def test_saves(self, client, team):
        lea = make_member(team)
        client.force_login(lea)
        page = client.post("/me/", self.MINE, follow=True)
        lea.refresh_from_db()
        assert (lea.name, lea.language, lea.time_zone, lea.country) == ("Léa M.", "en", "Europe/Lisbon", "PT")
        assert lea.theme == "dark" and not lea.shortcuts
        assert 'data-theme="dark"' in page.text and "Saved." in page.text

    def test_a_wrong_field_changes_nothing(self, client):
        lea = make_user()
        client.force_login(lea)
        response = client.post("/me/", {**self.MINE, "time_zone": "Caen", "theme": "dark"})
        assert response.status_code == 422 and 'data-theme="dark"' not in response.text

    def test_nobody_makes_themselves_admin(self, client):
        lea = make_user()
        client.force_login(lea)
        client.post("/me/", {**self.MINE, "is_admin": "on", "is_staff": "on", "email": "x@example.org"})
        kept = User.objects.get(pk=lea.pk)
        assert (kept.is_admin, kept.is_staff, kept.email) == (False, False, lea.email)


@pytest.mark.parametrize("model", ["membership", "team"])
def test_roles_and_teams_do_not_change_behind_the_audit_trail(client, model):
    staff = make_admin(is_staff=True, is_superuser=True)
    make_member(make_team())
    client.force_login(staff)
    assert client.get(f"/admin/accounts/{model}/").status_code == 200
    assert client.get(f"/admin/accounts/{model}/add/").status_code == 403
