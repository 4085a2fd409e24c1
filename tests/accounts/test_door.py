"""Coming in: the first start, signing in, invitations, and the team one looks at."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache

from accounts import invitations, people
from accounts.models import AuditEntry, Invitation, Role, Team, User
from foundation import clock
from tests.cast import PASSWORD, make_admin, make_lead, make_member, make_outsider, make_team, make_user

pytestmark = pytest.mark.django_db
FIRST = {
    "team_name": "Radio Bocage",
    "name": "Ada Petit",
    "role": "both",
    "email": "ada@example.org",
    "password": PASSWORD,
    "language": "en",
    "time_zone": "Europe/London",
}


@pytest.fixture(autouse=True)
def no_limits_left_over():
    cache.clear()


@pytest.fixture
def ada():
    return people.create_person(
        email="ada@example.org",
        name="Ada Petit",
        password=PASSWORD,
        language="fr",
        time_zone="Europe/Paris",
        is_admin=True,
    )


def sign_in(client, email="ada@example.org", password=PASSWORD, **headers):
    return client.post("/auth/login/", {"login": email, "password": password}, headers=headers)


class TestTheFirstStart:
    def test_every_way_leads_to_the_welcome_page(self, client):
        assert client.get("/", follow=True).redirect_chain[-1][0] == "/welcome/"
        assert client.get("/contacts/", follow=True).redirect_chain[-1][0] == "/welcome/"

    def test_speaks_the_browsers_language(self, client):
        for language in ("fr", "en"):
            page = client.get("/welcome/", headers={"accept-language": language})
            assert f'lang="{language}"' in page.text
            assert page.context["form"]["language"].value() == language

    def test_makes_admin_and_team_and_signs_in(self, client):
        response = client.post("/welcome/", FIRST)
        ada = User.objects.get()
        assert response.url == "/" and client.get("/me/").status_code == 200
        assert ada.is_admin and ada.language == "en" and Team.objects.get().slug == "radio-bocage"
        assert AuditEntry.objects.filter(action="person.signed_in", actor=ada).exists()

    def test_a_weak_password_is_said_and_nothing_is_made(self, client):
        response = client.post("/welcome/", {**FIRST, "password": "12345"})
        assert response.status_code == 422 and "password" in response.context["form"].errors
        assert people.nobody_yet()

    def test_taking_no_part_in_the_team(self, client):
        client.post("/welcome/", {**FIRST, "role": "none"})
        assert not User.objects.get().memberships.exists()

    def test_closes_for_ever(self, client):
        make_user()
        assert client.get("/welcome/").url == "/auth/login/"
        client.post("/welcome/", FIRST)
        assert User.objects.count() == 1

    def test_somebody_faster_wins(self, client, monkeypatch):
        def too_late(**_):
            raise people.SomebodyIsHere

        monkeypatch.setattr(people, "make_first", too_late)
        assert client.post("/welcome/", FIRST).url == "/auth/login/"


class TestSigningIn:
    def test_by_e_mail_in_any_case(self, client, ada):
        assert sign_in(client, "ADA@example.org").url == "/"
        assert AuditEntry.objects.get(action="person.signed_in").actor == ada

    def test_the_same_words_for_a_wrong_password_and_an_unknown_person(self, client, ada):
        said = {
            str(sign_in(client, email, "wrong").context["form"].non_field_errors())
            for email in ("ada@example.org", "nobody@example.org")
        }
        assert len(said) == 1

    def test_goes_where_one_wanted_to_and_nowhere_else(self, client, ada):
        data = {"login": ada.email, "password": PASSWORD}
        assert client.post("/auth/login/?next=/me/", {**data, "next": "/me/"}).url == "/me/"
        client.logout()
        assert client.post("/auth/login/", {**data, "next": "https://evil.example/"}).url == "/"

    def test_a_deactivated_person_is_told_so_only_with_the_right_password(self, client, ada):
        ada.is_active = False
        ada.save()
        assert sign_in(client).url == "/auth/inactive/"
        assert sign_in(client, password="wrong").status_code == 200
        assert "_auth_user_id" not in client.session

    def test_five_wrong_tries_close_the_account_for_a_while(self, client, ada):
        for _ in range(5):
            sign_in(client, password="wrong")
        assert sign_in(client).status_code == 200 and "_auth_user_id" not in client.session

    def test_the_limit_counts_the_client_behind_the_proxy(self, client, ada, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
        assert [
            sign_in(client, f"a{n}@example.org", **{"x-forwarded-for": "1.2.3.4, 9.9.9.9"}).status_code
            for n in range(3)
        ] == [200, 200, 429]
        assert sign_in(client, **{"x-forwarded-for": "1.2.3.4, 8.8.8.8"}).status_code == 302

    def test_there_is_no_signing_up(self, client, ada):
        client.post("/auth/signup/", {"email": "eve@example.org", "password1": PASSWORD})
        assert User.objects.count() == 1

    def test_signing_out_is_a_form(self, client, ada):
        client.force_login(ada)
        client.get("/auth/logout/")
        assert client.get("/me/").status_code == 200
        assert client.post("/auth/logout/").url == "/auth/login/"
        assert client.get("/me/").status_code == 302

    def test_djangos_admin_has_the_same_door(self, client, ada):
        assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/auth/login/?next=")
        client.force_login(ada)
        assert client.get("/admin/login/").status_code == 403  # an organisation admin is not staff

    def test_the_language_of_the_page_is_kept(self, client, ada):
        client.post("/language/", {"language": "en", "next": "/auth/login/"})
        assert "Sign in" in client.get("/auth/login/", headers={"accept-language": "fr"}).text


class TestPasswordsAndAddresses:
    def test_a_new_password_by_mail(self, client, ada):
        client.post("/auth/password/reset/", {"email": ada.email})
        (sent,) = mail.outbox
        address = re.search(r"http://testserver(/auth/\S+)", sent.body).group(1)
        page = client.get(address, follow=True)
        new = {"password1": "une autre longue phrase", "password2": "une autre longue phrase"}
        assert client.post(page.redirect_chain[-1][0], new).url == "/auth/password/reset/key/done/"
        assert sign_in(client, password="une autre longue phrase").status_code == 302
        assert AuditEntry.objects.filter(action="person.set_password").exists()
        assert client.get(address, follow=True).context["token_fail"]

    def test_an_unknown_address_gets_the_same_answer(self, client, ada):
        answers = {
            client.post("/auth/password/reset/", {"email": email}).url
            for email in (ada.email, "x@example.org")
        }
        assert len(answers) == 1 and [sent.to for sent in mail.outbox] == [[ada.email], ["x@example.org"]]

    def test_mails_speak_the_persons_language(self, client, ada):
        ada.language = "en"
        ada.save()
        client.post("/auth/password/reset/", {"email": ada.email}, headers={"accept-language": "fr"})
        assert mail.outbox[0].subject == "Choose a new password"

    def test_changing_the_password_ends_other_sessions(self, client, ada, django_user_model):
        from django.test import Client

        elsewhere = Client()
        elsewhere.force_login(ada)
        sign_in(client)
        new = {"oldpassword": PASSWORD, "password1": "une autre phrase", "password2": "une autre phrase"}
        assert client.post("/auth/password/change/", new).url == "/me/"
        assert client.get("/me/").status_code == 200 and elsewhere.get("/me/").status_code == 302

    def test_changing_the_address_asks_for_the_password_and_a_confirmation(self, client, ada):
        client.force_login(ada)
        assert client.post("/auth/email/", {"action_add": "1", "email": "new@example.org"}).url.startswith(
            "/auth/reauthenticate/"
        )
        client.post("/auth/reauthenticate/", {"password": PASSWORD})
        client.post("/auth/email/", {"action_add": "1", "email": "new@example.org"})
        ada.refresh_from_db()
        assert ada.email == "ada@example.org"
        address = re.search(r"http://testserver(/auth/confirm-email/\S+)", mail.outbox[-1].body).group(1)
        assert client.post(address).url == "/me/"
        ada.refresh_from_db()
        assert ada.email == "new@example.org"
        assert EmailAddress.objects.get(user=ada).verified
        assert mail.outbox[-1].to == ["ada@example.org"]  # the old address hears of it


class TestJoining:
    @pytest.fixture
    def team(self):
        return make_team()

    def invite(self, team, ada, **changes):
        details = {
            "email": "sam@example.org",
            "role": Role.MANAGER,
            "is_admin": False,
            "team": team,
            "by": ada,
        }
        return invitations.invite(**{**details, "now": clock.now(), **changes})

    def test_somebody_new_names_themselves_and_is_in(self, client, team, ada):
        link = f"/join/{self.invite(team, ada).token}/"
        assert "sam@example.org" in client.get(link).text
        response = client.post(
            link, {"name": "Sam Roche", "password": PASSWORD}, headers={"accept-language": "en"}
        )
        sam = User.objects.get(email="sam@example.org")
        assert response.url == "/" and client.get("/me/").status_code == 200
        assert sam.language == "en" and sam.memberships.get().team == team
        client.logout()
        assert sign_in(client, "sam@example.org").status_code == 302

    def test_by_link_with_an_address_that_is_taken(self, client, team, ada):
        link = f"/join/{self.invite(team, ada, email='').token}/"
        response = client.post(link, {"name": "Sam", "email": "ADA@example.org", "password": PASSWORD})
        assert response.status_code == 422 and "email" in response.context["form"].errors

    def test_somebody_with_an_account_signs_in_and_joins(self, client, team, ada):
        sam = people.create_person(
            email="sam@example.org", name="Sam", password=PASSWORD, language="fr", time_zone="UTC"
        )
        link = f"/join/{self.invite(team, ada).token}/"
        assert f"/auth/login/?next={link}" in client.get(link).text
        client.force_login(sam)
        assert client.get(link).status_code == 200 and not sam.memberships.exists()
        assert client.post(link).url == "/" and sam.memberships.get().team == team

    def test_somebody_else_cannot_take_it(self, client, team, ada):
        link = f"/join/{self.invite(team, ada).token}/"
        client.force_login(make_user())
        assert client.post(link).status_code == 200
        assert Invitation.objects.get().accepted_at is None

    def test_a_manager_of_another_team_gets_a_sentence(self, client, team, ada):
        oscar = make_outsider()
        client.force_login(oscar)
        response = client.post(f"/join/{self.invite(team, ada, email='').token}/")
        assert response.status_code == 422 and "Ailleurs" in response.context["problem"]

    @pytest.mark.parametrize("how", ["used", "withdrawn", "expired"])
    def test_a_closed_one_says_why(self, client, team, ada, how):
        made, now = self.invite(team, ada), clock.now()
        changes = {
            "used": {"accepted_at": now},
            "withdrawn": {"withdrawn_at": now},
            "expired": {"expires_at": now - timedelta(days=1)},
        }
        Invitation.objects.update(**changes[how])
        response = client.get(f"/join/{made.token}/")
        assert response.status_code == 410 and response.context["closed"] == how

    def test_an_unknown_token_is_a_404(self, client, ada):
        assert client.get("/join/00000000-0000-4000-8000-000000000000/").status_code == 404


class TestWhichTeam:
    def test_a_person_of_two_teams_chooses(self, client):
        here, there = make_team("Here"), make_team("There")
        ines = make_lead(here)
        ines.memberships.create(team=there, role=Role.LEAD, since="2026-01-01")
        client.force_login(ines)
        assert client.get("/me/").wsgi_request.team == here
        assert client.post("/team/switch/", {"team": there.pk}).url == "/"
        assert client.get("/me/").wsgi_request.team == there

    @pytest.mark.parametrize("chosen", ["other", "", "x"])
    def test_not_a_team_of_others(self, client, chosen):
        lea = make_member(make_team())
        client.force_login(lea)
        pk = make_team().pk if chosen == "other" else chosen
        assert client.post("/team/switch/", {"team": pk}).status_code == 404

    def test_an_admin_looks_at_any(self, client):
        team = make_team()
        make_team()
        client.force_login(make_admin())
        client.post("/team/switch/", {"team": team.pk})
        assert client.get("/me/").wsgi_request.team == team

    def test_a_managers_own_team_comes_first(self, client):
        leads, manages = make_team("A"), make_team("B")
        lea = make_member(manages)
        lea.memberships.create(team=leads, role=Role.LEAD, since="2026-01-01")
        client.force_login(lea)
        assert client.get("/me/").wsgi_request.team == manages
