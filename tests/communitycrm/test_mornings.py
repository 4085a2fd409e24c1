"""What people are told in the morning, from rows to the mail in French."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone, translation

from accounts.models import AuditEntry, Membership
from communitycrm import mornings
from contacts.models import Promise
from notifications import agenda, sending
from notifications.models import Choice, How, Notification
from outreach.models import PostsKnownUntil
from ratio import evaluations
from ratio.models import Policy
from tests.cast import NOW, make_contact, make_lead, make_member, make_team, make_touchpoint
from tests.events.cast import make_occurrence
from tests.ratio.people import THIS_MONDAY, live
from tests.ratio.weeks import at

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
MONDAY, TUESDAY, FRIDAY = THIS_MONDAY, THIS_MONDAY + DAY, THIS_MONDAY + 4 * DAY


@pytest.fixture
def team():
    return make_team("Marée haute")


@pytest.fixture
def lea(team):
    return make_member(team, "Léa Martin", language="fr", email="lea@example.org")


@pytest.fixture
def letters(mailoutbox, settings):
    """`letters(TUESDAY)`: the morning of that day is looked at and its mail sent; the texts of these mails."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def of(day):
        mailoutbox.clear()
        mornings.go_round(at(day, 7, 30))
        sending.drain(at(day, 9))
        return [
            f"{mail.subject}\n{mail.body}\n{mail.alternatives[0][0]}".replace("\xa0", " ")
            for mail in mailoutbox
        ]

    return of


def promised(team, person, due_on, text="Envoyer le lien", **fields):
    return Promise.objects.create(
        team=team,
        contact=make_contact(team, "Jo Brume"),
        manager=person,
        text=text,
        due_on=due_on,
        client_id=uuid.uuid4(),
        created_at=NOW,
        **fields,
    )


def test_with_nothing_to_say_nothing_is_said(lea, letters):
    assert letters(TUESDAY) == letters(FRIDAY) == []
    assert not Notification.objects.exists()


def test_a_promise_is_said_on_its_day_and_once(team, lea, letters):
    promised(team, lea, TUESDAY)
    [letter] = letters(TUESDAY)
    assert letter.startswith("Promis à Jo Brume\n")
    assert "Promis à Jo Brume : Envoyer le lien\nC’est pour aujourd’hui." in letter
    assert letters(TUESDAY + DAY) == []


def test_a_promise_of_the_weekend_is_said_on_friday_and_of_a_leave_afterwards(team, lea, letters):
    promised(team, lea, FRIDAY + DAY, "Rappeler")
    [letter] = letters(FRIDAY)
    assert "Rappeler" in letter
    assert "C’est pour samedi 28 novembre." in letter
    promised(team, lea, FRIDAY + 2 * DAY)
    assert "C’était pour dimanche 29 novembre." in letters(FRIDAY + 3 * DAY)[0]


def test_a_promise_that_was_kept_before_the_mail_left_is_not_in_it(team, lea, letters):
    promise = promised(team, lea, TUESDAY)
    mornings.go_round(at(TUESDAY, 7, 30))
    Promise.objects.filter(pk=promise.pk).update(done_at=NOW)
    assert letters(TUESDAY) == []


def test_tomorrows_meeting_with_whom_and_where(team, lea, letters):
    guests = (make_contact(team, "La Cale"), make_contact(team, "Karim"))
    event = make_occurrence(
        team, lea, guests, starts_at=at(TUESDAY + DAY, 18, 30), title="Apéro", place="Le 88"
    )
    event.attendances.filter(contact=guests[1]).update(reply="declined")
    [letter] = letters(TUESDAY)
    assert letter.startswith("Mercredi 25 novembre, 18 h 30 : Apéro\n")
    assert "Mercredi 25 novembre, 18 h 30 : Apéro, Le 88.\nAvec La Cale." in letter
    assert "Karim" not in letter
    assert letters(TUESDAY + DAY) == []


def test_on_friday_the_meetings_up_to_monday_are_said_and_one_that_was_moved_again(team, lea, letters):
    event = make_occurrence(team, lea, starts_at=at(FRIDAY + 3 * DAY, 18), title="Café")
    assert "Lundi 30 novembre, 18 h : Café" in letters(FRIDAY)[0]
    event.starts_at = event.ends_at = at(FRIDAY + 4 * DAY, 11)
    event.save()
    assert "Mardi 1er décembre, 11 h : Café" in letters(FRIDAY + 3 * DAY)[0]


def long_ago(team, person, name, weeks=10):
    contact = make_contact(team, name, owner=person, rhythm_days=30, last_met_at=NOW - weeks * 7 * DAY)
    make_touchpoint(team, person, [contact], met_at=NOW - weeks * 7 * DAY)
    return contact


def test_people_to_see_are_named_once_in_four_weeks_and_not_those_met_meanwhile(team, lea, letters):
    booked = long_ago(team, lea, "Samira")
    make_occurrence(team, lea, (booked,), starts_at=at(TUESDAY + 9 * DAY, 18))
    met = long_ago(team, lea, "Karim")
    long_ago(team, lea, "La Cale")
    mornings.go_round(at(TUESDAY, 7, 30))
    met.last_met_at = at(TUESDAY, 8)
    met.save()
    [letter] = letters(TUESDAY)
    assert "- La Cale, dernière rencontre il y a 10 semaines" in letter
    assert "Karim" not in letter and "Samira" not in letter
    assert letters(TUESDAY + DAY) == []
    long_ago(team, lea, "Papier bruit")
    [second] = letters(TUESDAY + 7 * DAY)
    assert "Papier bruit" in second and "La Cale" not in second


def test_single_names_wait_for_a_third_or_a_week_to_pass(team, lea, letters):
    long_ago(team, lea, "La Cale")
    assert len(letters(TUESDAY)) == 1
    long_ago(team, lea, "Papier bruit")
    long_ago(team, lea, "Karim")
    assert letters(TUESDAY + DAY) == []
    long_ago(team, lea, "Samira")
    [letter] = letters(TUESDAY + 2 * DAY)
    assert all(f"- {name}" in letter for name in ("Papier bruit", "Karim", "Samira"))


@pytest.mark.parametrize("day", [TUESDAY + DAY, FRIDAY])
def test_a_mail_says_once_where_one_stands_and_whom_to_see(team, lea, letters, day):
    """On a day on which the ratio says it, neither the daily list nor the Friday’s digest does."""
    samira = long_ago(team, lea, "Samira")
    live(team, lea, [(1, 9)] * 8)
    for before in (day - DAY, day):
        evaluations.evaluate(now=at(before, 7, 10))
    [letter] = letters(day)
    text = letter.split("<!doctype html>")[0]
    assert "Sous l’objectif depuis" in text and text.count("Samira") == 1
    assert text.partition("Bonjour")[2].count(", objectif ") == 1 and ("Ces sept jours" in text) == (
        day == FRIDAY
    )
    assert Notification.objects.filter(kind="people_to_see").count() == 0
    if day != FRIDAY:
        Notification.objects.update(done_at=NOW)
        [after] = letters(day + DAY)
        assert f"- {samira.name}" in after


def test_a_week_that_is_told_on_monday_names_whom_to_see_for_both(team, lea, letters):
    long_ago(team, lea, "Samira")
    mornings.go_round(at(FRIDAY, 20))
    [letter] = letters(FRIDAY + 3 * DAY)
    assert "Ces sept jours" in letter and letter.split("<!doctype html>")[0].count("- Samira") == 1


def test_posts_that_nobody_brought_in_are_asked_for_after_ten_days_and_every_four_weeks(team, lea, letters):
    live(
        team, lea, [(3, 6)] * 5, last_monday=THIS_MONDAY - 3 * 7 * DAY
    )  # the last one on Saturday 7 November
    assert letters(MONDAY - 6 * DAY) == []  # Tuesday 17
    [letter] = letters(MONDAY - 5 * DAY)
    assert letter.startswith("Vos publications sont connues jusqu’au 7 novembre\n")
    assert letters(MONDAY - 4 * DAY) == []
    assert any("7 novembre" in letter for letter in letters(MONDAY + 23 * DAY))
    PostsKnownUntil.objects.create(team=team, manager=lea, day=MONDAY + 60 * DAY, said_by=lea, said_at=NOW)
    assert not any("7 novembre" in letter for letter in letters(MONDAY + 51 * DAY))


def test_in_the_app_each_says_who_or_what_it_is_about_while_one_is_of_the_team(team, lea):
    jo, _ = promised(team, lea, TUESDAY).contact, long_ago(team, lea, "Samira")
    make_occurrence(team, lea, (jo,), starts_at=at(TUESDAY + DAY, 18), title="Apéro")
    mornings.go_round(at(TUESDAY, 7, 30))

    def about():
        with timezone.override(lea.zone), translation.override("fr"):
            [day] = agenda.waiting(lea, at(TUESDAY, 9))
        return {line.about.replace("\xa0", " ") for line in day.lines}

    assert about() == {f"{jo.name} · Envoyer le lien", "Samira", "Apéro · mercredi 25 novembre, 18 h"}
    Membership.objects.filter(user=lea).update(until=TUESDAY)
    assert about() == {""}


def test_on_friday_the_week_in_a_mail(team, lea, letters):
    live(team, lea, [(3, 6)] * 5, last_monday=THIS_MONDAY)
    promised(team, lea, FRIDAY + 3 * DAY, "Rappeler Jo")
    make_occurrence(team, lea, starts_at=at(FRIDAY + 5 * DAY, 18), title="Apéro")
    [letter] = letters(FRIDAY)
    assert letter.startswith("Votre semaine : ")
    for words in (
        "Dans l’objectif : ",
        "objectif 30 %",
        "mercredi 2 décembre, 18 h : Apéro",
        "Rappeler Jo (Jo Brume)",
    ):
        assert words in letter
    assert not any("Votre semaine" in letter for letter in letters(FRIDAY + 3 * DAY))


def test_who_does_not_want_the_digest_finds_it_in_the_app_alone(team, lea, letters):
    live(team, lea, [(3, 6)] * 5)
    Choice.objects.create(user=lea, kind="digest_week", how=How.OFF)
    assert letters(FRIDAY) == []
    assert Notification.objects.get().kind == "digest_week"


def four_people(team):
    for name in ("Zoé", "Ana", "Noé", "Éva"):
        live(team, make_member(team, name, language="fr"), [(3, 6)] * 5)


def test_on_monday_the_team_in_a_mail_collective_only_while_the_individual_view_is_off(team, letters):
    make_lead(team, "Inès Duval", language="fr")
    four_people(team)
    [letter] = letters(MONDAY)
    assert letter.startswith("Marée haute, ce lundi : présence 34 %\n")
    assert "L’équipe ensemble : 48 rencontres, 92 publications parues" in letter
    assert "Zoé" not in letter
    assert not AuditEntry.objects.filter(action="presence.viewed").exists()
    assert letters(TUESDAY) == []


def test_with_the_individual_view_on_people_stand_by_the_alphabet_and_can_see_that_it_was_sent(team, letters):
    lead = make_lead(team, "Inès Duval", language="fr")
    four_people(team)
    Policy.objects.create(
        team=team, individual_view_since=MONDAY, individual_view_purpose="aider", people_informed_on=MONDAY
    )
    [letter] = letters(MONDAY)
    places = [letter.index(f"{name} : Dans l’objectif") for name in ("Ana", "Éva", "Noé", "Zoé")]
    assert places == sorted(places)
    looks = AuditEntry.objects.filter(action="presence.viewed", actor=lead)
    assert looks.count() == 4


def test_of_two_people_without_the_individual_view_a_lead_gets_nothing(team, letters):
    make_lead(team)
    live(team, make_member(team), [(3, 6)] * 5)
    assert letters(MONDAY) == []


def test_in_english_too(team, letters):
    noe = make_member(team, "Noé", language="en")
    live(team, noe, [(3, 6)] * 5, last_monday=THIS_MONDAY)
    promised(team, noe, FRIDAY)
    long_ago(team, noe, "La Cale")
    make_occurrence(team, noe, starts_at=at(FRIDAY + DAY, 18), title="Apéro")
    [letter] = letters(FRIDAY)
    assert letter.startswith("3 things to know: ")  # whom to see stands in the week, not by itself
    for words in (
        "Promised to Jo Brume: Envoyer",
        "Saturday 28 November, 18:00: Apéro",
        "last met 10 weeks ago",
    ):
        assert words in letter
