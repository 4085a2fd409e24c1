"""The pages of an occurrence."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Operation
from contacts.models import Contact, Touchpoint
from events.models import Attendance, Occurrence, Outcome, Reply
from tests.cast import (
    NOW,
    make_admin,
    make_contact,
    make_lead,
    make_member,
    make_outsider,
    make_team,
    touchpoint_kind,
)
from tests.events.cast import make_occurrence

pytestmark = pytest.mark.django_db
YESTERDAY = NOW - timedelta(days=1)


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


@pytest.fixture
def jo(team):
    return make_contact(team)


def address(name, *args):
    return reverse(f"events:{name}", args=args)


def plan_data(**fields):
    data = {
        "client_id": str(uuid.uuid4()),
        "kind": touchpoint_kind("meeting").pk,
        "day": "2026-11-26",
        "at": "18:30",
        "minutes": "60",
    }
    return {**data, **fields}


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def said(response):
    return [str(message) for message in response.context["messages"]]


POSTED = ["occurrence_cancel", "occurrence_restore", "occurrence_move", "took_place", "nobody_came"]
POSTED += ["did_not_take_place", "ask_later", "reopen"]


def test_planning_starts_from_the_contact_with_everything_chosen(client, lea, jo):
    page = client.get(address("occurrence_new"), {"contact": jo.pk})
    html = page.content.decode()
    assert f'value="{jo.pk}" checked' in html
    assert 'value="2026-11-25" checked' in html  # tomorrow
    assert f'value="{touchpoint_kind("meeting").pk}" checked' in html


def test_the_form_as_it_stands_plans_the_meeting(client, lea, jo):
    page = client.get(address("occurrence_new"), {"contact": jo.pk})
    initial = page.context["form"].initial
    sent = {key: initial[key] for key in ("client_id", "kind", "day", "at", "minutes")}
    answer = client.post(address("occurrence_new"), {**sent, "contact": jo.pk, "host": lea.pk}, follow=True)
    occurrence = Occurrence.objects.get()
    assert list(occurrence.guests.all()) == [jo]
    assert list(occurrence.hosts.all()) == [lea]
    assert said(answer) == ["Planned: Jo Brume, Wednesday 25\u00a0November, 18:30."]
    assert answer.request["PATH_INFO"] == reverse("calendar")


def test_planning_goes_back_where_it_was_asked_from_and_nowhere_else(client, lea, jo):
    home = f"/contacts/{jo.pk}/"
    assert home in client.get(address("occurrence_new"), {"next": home}).content.decode()
    assert client.post(address("occurrence_new"), plan_data(next=home)).url == home
    assert client.post(address("occurrence_new"), plan_data(next="https://evil.example")).url == reverse(
        "calendar"
    )


def test_an_admin_who_only_looks_at_the_team_plans_nothing_in_it(client, team):
    client.force_login(make_admin())
    assert client.get(address("occurrence_new")).status_code == 403


def test_a_day_asked_for_and_a_teammate_are_chosen(client, lea, team):
    noe = make_member(team, "Noé Tessier")
    page = client.get(address("occurrence_new"), {"on": "2027-01-08", "with": noe.pk})
    assert page.context["form"].initial["day"] == "other"
    assert set(page.context["hosts"]) == {lea.pk, noe.pk}
    assert (
        client.get(address("occurrence_new"), {"on": "soon", "with": "x", "contact": "y"}).status_code == 200
    )


def test_sent_twice_it_is_planned_once(client, lea, jo):
    data = plan_data(contact=jo.pk, who="Zoé, Karim")
    for _ in range(2):
        assert client.post(address("occurrence_new"), data).status_code == 302
    assert Occurrence.objects.count() == 1
    assert Contact.objects.filter(is_draft=True).count() == 2


def test_a_name_already_in_the_book_is_that_contact(client, lea, jo):
    client.post(address("occurrence_new"), plan_data(who="jo brume", new_name=["Zoé"]))
    names = Occurrence.objects.get().guests.values_list("name", flat=True)
    assert sorted(names) == ["Jo Brume", "Zoé"]
    assert Contact.objects.count() == 2


def test_a_name_that_two_bear_is_asked_about(client, lea, jo, team):
    make_contact(team, "Jo Brume")
    page = client.post(address("occurrence_new"), plan_data(who="Jo Brume"))
    assert page.status_code == 422
    assert "Several contacts bear this name: Jo Brume" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"day": "other"}, "on"),
        ({"day": "soon"}, "day"),
        ({"at": "half six"}, "at"),
        ({"client_id": "x"}, "client_id"),
        ({"kind": "0"}, "kind"),
        ({"minutes": "7"}, "minutes"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_rest_stays(client, lea, fields, field):
    page = client.post(address("occurrence_new"), plan_data(place="Le Bocal", **fields))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert "Le Bocal" in page.content.decode()


def test_contacts_of_another_team_cannot_be_invited(client, lea):
    stranger = make_contact(make_team("Ailleurs"), "Ailleurs")
    assert client.post(address("occurrence_new"), plan_data(contact=stranger.pk)).status_code == 422


def test_the_edit_page_holds_what_was_planned(client, lea, jo, team):
    occurrence = make_occurrence(
        team, lea, (jo,), place="Le Bocal", ends_at=NOW + timedelta(days=2, minutes=45)
    )
    page = client.get(address("occurrence_edit", occurrence.pk))
    html = page.content.decode()
    assert "Le Bocal" in html
    assert f'value="{jo.pk}" checked' in html
    sent = plan_data(day="other", on="2026-12-24", minutes="45", contact=jo.pk)
    client.post(address("occurrence_edit", occurrence.pk), sent)
    occurrence.refresh_from_db()
    assert occurrence.starts_at.isoformat() == "2026-12-24T17:30:00+00:00"
    assert occurrence.ends_at - occurrence.starts_at == timedelta(minutes=45)


def test_the_page_says_who_where_and_takes_replies(client, lea, jo, team):
    occurrence = make_occurrence(team, lea, (jo,), place="Le Bocal")
    html = client.get(reverse("occurrence", args=[occurrence.pk])).content.decode()
    assert "Jo Brume" in html
    assert "Le Bocal" in html
    assert "Did it take place?" not in html
    invited = Attendance.objects.get()
    client.post(address("reply", occurrence.pk, invited.pk), {"reply": "coming"})
    client.post(address("reply", occurrence.pk, invited.pk), {"reply": "nonsense"})
    invited.refresh_from_db()
    assert invited.reply == Reply.COMING


def test_moved_cancelled_and_restored_with_undo(client, lea, team):
    occurrence = make_occurrence(team, lea)
    was = occurrence.starts_at
    answer = client.post(address("occurrence_move", occurrence.pk), {"days": 7}, follow=True)
    assert said(answer)[0].startswith("Moved to Thursday 3")
    assert "/undo/" in answer.content.decode()
    client.post(address("occurrence_move", occurrence.pk), {"days": 400})
    client.post(address("occurrence_cancel", occurrence.pk))
    again = client.post(address("occurrence_cancel", occurrence.pk), follow=True)
    assert said(again)[-1] == "It is cancelled already."
    client.post(address("occurrence_restore", occurrence.pk))
    occurrence.refresh_from_db()
    assert (occurrence.starts_at, occurrence.cancelled_at) == (was + timedelta(days=7), None)


def test_who_came_is_prechecked_and_saved_in_one_tap(client, lea, jo, team):
    absent = make_contact(team, "Karim")
    occurrence = make_occurrence(team, lea, (jo, absent), YESTERDAY)
    Attendance.objects.filter(contact=absent).update(reply=Reply.DECLINED)
    html = client.get(reverse("occurrence", args=[occurrence.pk])).content.decode()
    assert f'value="{jo.pk}" checked' in html
    assert f'value="{absent.pk}" checked' not in html
    answer = client.post(
        address("took_place", occurrence.pk), {"contact": jo.pk, "next": "/calendar/"}, follow=True
    )
    assert said(answer) == ["Noted: Jo Brume."]
    assert answer.request["PATH_INFO"] == "/calendar/"
    again = client.post(address("took_place", occurrence.pk), {"contact": jo.pk}, follow=True)
    assert said(again) == ["Already answered: It took place."]
    assert Touchpoint.objects.count() == 1
    assert "Who came" in client.get(reverse("occurrence", args=[occurrence.pk])).content.decode()


def test_nobody_named_is_asked_about(client, lea, team):
    occurrence = make_occurrence(team, lea, (), YESTERDAY)
    page = client.post(
        address("took_place", occurrence.pk), {"note": "Le son était bon", "next": "//evil.example"}
    )
    assert page.status_code == 422
    assert "Who came? Choose at least one name" in page.content.decode()
    assert "Le son était bon" in page.content.decode()
    assert "evil.example" not in page.content.decode()
    assert not Touchpoint.objects.exists()


def test_a_yes_is_undone_from_the_status_line(client, lea, jo, team):
    occurrence = make_occurrence(team, lea, (jo,), YESTERDAY)
    client.post(address("took_place", occurrence.pk), {"contact": jo.pk})
    operation = Operation.objects.get(kind="events.answer")
    assert said(client.post(address("undo_answer", operation.pk), follow=True))[-1] == "Undone."
    assert not Touchpoint.objects.kept().exists()
    assert client.post(address("undo_answer", operation.pk)).status_code == 404


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("nobody_came", Outcome.NOBODY_CAME), ("did_not_take_place", Outcome.DID_NOT), ("ask_later", "")],
)
def test_the_other_answers(client, lea, team, name, outcome):
    occurrence = make_occurrence(team, lea, (), YESTERDAY)
    client.post(address(name, occurrence.pk))
    occurrence.refresh_from_db()
    assert occurrence.outcome == outcome
    if outcome:
        client.post(address("reopen", occurrence.pk))
        occurrence.refresh_from_db()
        assert occurrence.outcome == ""
    else:
        assert occurrence.ask_again_at is not None


def test_before_it_begins_there_is_no_answer(client, lea, jo, team):
    occurrence = make_occurrence(team, lea, (jo,))
    answer = client.post(address("took_place", occurrence.pk), {"contact": jo.pk}, follow=True)
    assert said(answer) == ["It has not begun yet."]


def test_a_teammate_sees_it_and_may_not_change_it(client, lea, team):
    noe = make_member(team, "Noé Tessier")
    occurrence = make_occurrence(team, noe)
    assert client.get(reverse("occurrence", args=[occurrence.pk])).status_code == 200
    assert client.get(address("occurrence_edit", occurrence.pk)).status_code == 403
    for name in POSTED:
        assert client.post(address(name, occurrence.pk), {"days": 1}).status_code == 403


def test_a_lead_changes_it_but_does_not_answer_for_others(client, team):
    client.force_login(make_lead(team))
    occurrence = make_occurrence(team, make_member(team), (), YESTERDAY)
    assert client.get(address("occurrence_edit", occurrence.pk)).status_code == 200
    assert client.post(address("occurrence_move", occurrence.pk), {"days": 7}).status_code == 302
    assert client.post(address("nobody_came", occurrence.pk)).status_code == 403


def test_outsider_gets_404(client, team):
    occurrence = make_occurrence(team, make_member(team), (make_contact(team),))
    client.force_login(make_outsider())
    assert client.get(reverse("occurrence", args=[occurrence.pk])).status_code == 404
    assert client.get(address("occurrence_edit", occurrence.pk)).status_code == 404
    for name in POSTED:
        assert client.post(address(name, occurrence.pk)).status_code == 404
    assert client.post(address("reply", occurrence.pk, Attendance.objects.get().pk)).status_code == 404


def test_anonymous_is_sent_to_sign_in(client, team):
    occurrence = make_occurrence(team, make_member(team))
    for path in (address("occurrence_new"), reverse("occurrence", args=[occurrence.pk])):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))


def test_an_admin_without_a_team_is_told_so(client):
    client.force_login(make_admin())
    assert client.get(address("occurrence_new")).status_code == 403


@pytest.mark.parametrize("name", POSTED)
def test_what_changes_something_takes_a_post(client, lea, team, name):
    occurrence = make_occurrence(team, lea)
    assert client.get(address(name, occurrence.pk)).status_code == 405


@pytest.mark.parametrize("name", ["occurrence", "events:occurrence_edit"])
def test_queries_do_not_grow_with_guests(client, lea, team, name):
    few = make_occurrence(team, lea, tuple(make_contact(team, f"A{n}") for n in range(2)), YESTERDAY)
    many = make_occurrence(team, lea, tuple(make_contact(team, f"B{n}") for n in range(20)), YESTERDAY)
    assert queries(client, reverse(name, args=[many.pk])) <= queries(client, reverse(name, args=[few.pk]))


def test_a_long_list_of_guests_is_said_shortly(client, lea, team):
    guests = [make_contact(team, name).pk for name in ("Al", "Bo", "Cy", "Di")]
    answer = client.post(address("occurrence_new"), plan_data(contact=guests), follow=True)
    assert said(answer)[0].startswith("Planned: Al, Bo, 2 more, ")
    answer = client.post(address("occurrence_new"), plan_data(), follow=True)
    assert said(answer)[0].startswith("Planned: Meeting, ")


def test_what_was_answered_meanwhile_is_not_edited_or_taken_back_twice(client, lea, team):
    occurrence = make_occurrence(team, lea, (), YESTERDAY, outcome=Outcome.NOBODY_CAME)
    answer = client.post(address("occurrence_edit", occurrence.pk), plan_data(), follow=True)
    assert said(answer) == ["Already answered: Nobody came."]
    client.post(address("reopen", occurrence.pk))
    again = client.post(address("reopen", occurrence.pk), follow=True)
    assert said(again)[-1] == "It was changed meanwhile. Here is how it stands."


def test_a_yes_whose_note_was_edited_since_stays(client, lea, jo, team):
    occurrence = make_occurrence(team, lea, (jo,), YESTERDAY)
    client.post(address("took_place", occurrence.pk), {"contact": jo.pk})
    Touchpoint.objects.update(note="Two songs of the new record")
    operation = Operation.objects.get(kind="events.answer")
    answer = client.post(address("undo_answer", operation.pk), follow=True)
    assert said(answer)[-1] == "It was changed since, so it stays."
    assert Touchpoint.objects.kept().count() == 1
