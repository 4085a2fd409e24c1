"""The first page: who was just seen, where one stands, what is due and coming."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from contacts.models import Promise
from contacts.rhythm_rules import set_rule
from events.models import Attendance, Occurrence
from outreach.models import Post
from ratio.models import Offer
from tests.cast import (
    NOW,
    contact_kind,
    make_admin,
    make_contact,
    make_lead,
    make_member,
    make_outsider,
    make_team,
    make_touchpoint,
    make_user,
    touchpoint_kind,
)
from tests.events.cast import make_occurrence, make_series
from tests.outreach.launches.cast import make_launch

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team, client):
    person = make_member(team, language="en")
    client.force_login(person)
    return person


def read(client):
    answer = client.get(reverse("today"))
    assert answer.status_code == 200
    return answer.content.decode()


def live_a_month(team, manager, size):
    """`size` contacts met, promises due, dates past and to come, posts to come."""
    for number in range(size):
        contact = make_contact(team, f"Contact {number}", rhythm_days=7, owner=manager)
        met_at = NOW - timedelta(days=9 + number % 15, minutes=number)
        make_touchpoint(team, manager, [contact], met_at)
        contact.last_met_at = met_at
        contact.save()
        Promise.objects.create(
            team=team,
            contact=contact,
            manager=manager,
            text=f"Promise {number}",
            due_on=NOW.date(),
            client_id=uuid.uuid4(),
            created_at=NOW,
        )
        Post.objects.create(
            team=team, manager=manager, text="Soon", publish_at=NOW + timedelta(days=2), created_at=NOW
        )
        for days in (-1, 2):
            starts_at = NOW + timedelta(days=days, minutes=number)
            occurrence = Occurrence.objects.create(
                team=team,
                kind=touchpoint_kind(),
                title=f"Date {days} {number}",
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=1),
                created_by=manager,
                client_id=uuid.uuid4(),
                created_at=NOW,
            )
            occurrence.hosts.add(manager)
            Attendance.objects.create(occurrence=occurrence, contact=contact)


def test_the_day_of_somebody_who_meets_people(client, team, lea):
    live_a_month(team, lea, 2)
    page = read(client)
    for words in ("Hello Léa", "Did it take place?", "Who did you just see?", "My presence", "Promise 1"):
        assert words in page
    assert "Date 2 0" in page and "Soon" in page and "To see again this week" in page


def offered(team, lea):
    """A lead proposes to go somewhere together, and to take posts over."""
    lead, jo = make_lead(team), make_contact(team, "Jo Brume")
    together = make_occurrence(team, lead, (jo,), kind="meeting")
    Offer.objects.create(team=team, manager=lea, by=lead, occurrence=together, created_at=NOW)
    posts = Offer.objects.create(team=team, manager=lea, by=lead, created_at=NOW)
    posts.posts.set(Post.objects.filter(manager=lea))


def test_the_fullest_day_costs_twelve_queries_however_much_there_is(client, team, lea):
    live_a_month(team, lea, 4)
    series = make_series(team, lea, title="Thursdays")
    series.occurrences.all().delete()
    make_launch(team, name="The fair")
    set_rule(team=team, kind=contact_kind("person"), weeks=1)
    offered(team, lea)
    read(client)
    for size in (4, 20):
        with CaptureQueriesContext(connection) as asked:
            page = read(client)
        shown = (
            "Thursdays",
            "The fair",
            "Jo Brume",
            "proposes to go together",
            "offers to take posts",
            "Soon",
        )
        assert all(words in page for words in shown)
        assert len(asked) == 12
        live_a_month(team, lea, size)


def test_on_the_first_day_it_says_how_to_begin(client, lea):
    page = read(client)
    assert "Add the people you see often" in page
    assert "My presence" not in page


def test_a_lead_reads_the_teams_figures_from_three_cms_on_and_no_single_person(client, team):
    lead = make_lead(team, language="en")
    people = [make_member(team, name) for name in ("Léa Martin", "Noé Tardif", "Camille Roy")]
    for person in people:
        make_touchpoint(team, person, [make_contact(team, f"Friend of {person}")])
    client.force_login(lead)
    page = read(client)
    assert "3 meetings" in page
    assert not any(person.name in page.split("To see again")[0] for person in people)


def test_the_figures_of_a_team_of_two_are_not_told(client, team):
    lead = make_lead(team, language="en")
    for name in ("Léa Martin", "Noé Tardif"):
        make_touchpoint(team, make_member(team, name), [make_contact(team, f"Friend of {name}")])
    client.force_login(lead)
    assert "2 meetings" not in read(client)


def test_another_teams_life_does_not_show(client, team, lea):
    oscar = make_outsider()
    live_a_month(oscar.memberships.get().team, oscar, 2)
    make_touchpoint(team, lea, [make_contact(team, "Jo Brume")])
    page = read(client)
    assert "Contact 0" not in page and "Date 2 0" not in page and "Promise 0" not in page


def test_before_anybody_exists_it_is_the_welcome_page(client):
    assert client.get("/").headers["Location"] == reverse("accounts:welcome")


def test_signed_out_it_is_the_sign_in(client, lea):
    client.logout()
    assert client.get("/").headers["Location"].startswith(reverse("account_login"))


def test_somebody_without_a_team_is_told_what_to_do(client):
    client.force_login(make_user(language="en"))
    assert "You belong to no team yet" in read(client)


def test_an_admin_of_no_team_is_shown_the_team_and_offered_nothing_they_may_not_do(client, team):
    client.force_login(make_admin(language="en"))
    page = read(client)
    assert f"You look after {team.name} without being part of it" in page
    assert reverse("accounts:team", args=[team.slug]) in page
    assert reverse("log") not in page


@pytest.fixture
def mail_in_a_folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path


@pytest.mark.usefixtures("mail_in_a_folder")
def test_an_admin_reads_the_mails_that_were_kept_newest_first(client, team):
    client.force_login(make_admin(language="en"))
    assert "No e-mail so far." in client.get(reverse("mailbox")).content.decode()
    for subject in ("Première", "Deuxième : l’été"):
        EmailMessage(
            subject, f"Bonjour,\n\n{subject}\nhttp://127.0.0.1/presence/", to=["lea@example.org"]
        ).send()
    page = client.get(reverse("mailbox")).content.decode()
    assert "Deuxième : l’été" in page and "Première" in page
    assert '<a href="http://127.0.0.1/presence/"' in page
    assert reverse("mailbox") in read(client)


def test_where_mail_really_leaves_there_is_no_mailbox(client, team):
    client.force_login(make_admin())
    assert client.get(reverse("mailbox")).status_code == 404


@pytest.mark.usefixtures("mail_in_a_folder")
def test_in_production_a_letter_is_its_readers_own(client, team, settings):
    settings.MODE = "production"
    client.force_login(make_admin())
    assert client.get(reverse("mailbox")).status_code == 404
    assert reverse("mailbox") not in read(client)


@pytest.mark.usefixtures("mail_in_a_folder")
def test_the_mailbox_is_for_admins_only(client, team):
    client.force_login(make_member(team, role=Role.BOTH))
    assert client.get(reverse("mailbox")).status_code == 403
