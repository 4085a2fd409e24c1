"""The log page: note whom one just saw, with or without JavaScript, once however often it is sent."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from contacts import directory, merging
from contacts.models import Contact, Promise, Touchpoint
from events import planning
from events.models import Occurrence, Outcome
from tests.cast import (
    NOW,
    make_admin,
    make_contact,
    make_outsider,
    make_team,
    make_touchpoint,
    touchpoint_kind,
)
from tests.communitycrm.notes import data, log, undo_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def test_three_people_are_noted_and_today_says_so(as_lea, team, lea, jo):
    karim, samira = make_contact(team, "Karim"), make_contact(team, "Samira")
    page = log(as_lea, jo, karim, samira)
    assert page.url == reverse("today")
    touchpoint = Touchpoint.objects.get()
    assert set(touchpoint.contacts.all()) == {jo, karim, samira}
    assert (touchpoint.met_at, touchpoint.author, list(touchpoint.managers.all())) == (NOW, lea, [lea])
    html = as_lea.get(reverse("contacts:contact_list")).content.decode()
    assert "Noted: Jo Brume, Karim, Samira." in html
    assert "Undo" in html and f"/log/{touchpoint.pk}/#note" in html


def test_the_same_form_sent_twice_is_noted_once_and_answered_alike(as_lea, jo):
    sent = data(jo)
    answers = [as_lea.post(reverse("log"), sent, follow=True) for _twice in range(2)]
    assert Touchpoint.objects.count() == 1
    said = [[str(message) for message in answer.context["messages"]] for answer in answers]
    assert said[0] == said[1]
    assert undo_address(answers[0]) == undo_address(answers[1])


def test_sent_again_with_others_it_names_those_who_were_noted(as_lea, team, jo):
    sent = data(jo, note="A word")
    as_lea.post(reverse("log"), sent)
    karim = make_contact(team, "Karim Larsen")
    page = as_lea.post(reverse("log"), {**sent, "who": [karim.pk], "note": ""}, follow=True)
    assert [str(message) for message in page.context["messages"]][-1] == "Noted: Jo Brume."
    assert "#note" not in page.content.decode()
    assert set(Touchpoint.objects.get().contacts.all()) == {jo}


def test_undo_takes_it_back(as_lea, jo):
    page = as_lea.post(reverse("log"), data(jo), follow=True)
    as_lea.post(undo_address(page))
    assert not Touchpoint.objects.kept().exists()
    jo.refresh_from_db()
    assert jo.last_met_at is None


def test_another_persons_note_cannot_be_undone(as_lea, client, noe, jo):
    address = undo_address(as_lea.post(reverse("log"), data(jo), follow=True))
    client.force_login(noe)
    assert client.post(address).status_code == 404


def test_the_page_starts_with_those_in_the_address(as_lea, team, jo):
    karim = make_contact(team, "Karim")
    page = as_lea.get(f"{reverse('log')}?contact={jo.pk}&contact={karim.pk}&contact=999&contact=x").context[
        "page"
    ]
    assert page.chosen == [jo.pk, karim.pk]
    assert page.faces[:2] == [jo, karim]
    assert page.kind == touchpoint_kind("meeting").pk


def test_another_teams_contact_is_neither_offered_nor_taken(as_lea, team):
    stranger = make_contact(make_team("Ailleurs"), "Stranger")
    page = as_lea.get(f"{reverse('log')}?contact={stranger.pk}")
    assert "Stranger" not in page.content.decode()
    assert log(as_lea, stranger).status_code == 422
    assert not Touchpoint.objects.exists()


def test_who_was_merged_while_the_page_was_open_is_the_one_they_are_the_same_as(as_lea, team, lea, jo):
    double = make_contact(team, "Jo B.")
    merging.merge(kept=jo, merged=double, by=lea, now=NOW)
    assert as_lea.get(f"{reverse('log')}?contact={double.pk}").context["page"].chosen == [jo.pk]
    asked = as_lea.post(reverse("log"), data(double, when="other"))
    assert asked.status_code == 422 and asked.context["page"].chosen == [jo.pk]
    log(as_lea, double, jo)
    assert list(Touchpoint.objects.get().contacts.all()) == [jo]


def test_the_kind_last_noted_at_this_hour_is_chosen(as_lea, team, lea, jo):
    make_touchpoint(team, lea, [jo], met_at=NOW - timedelta(days=7), kind="call")
    make_touchpoint(team, lea, [jo], met_at=NOW - timedelta(days=1, hours=8), kind="apero")
    assert as_lea.get(reverse("log")).context["page"].kind == touchpoint_kind("call").pk


def test_nobody_chosen_is_said_and_what_was_typed_is_kept(as_lea):
    page = log(as_lea, note="A good talk")
    assert page.status_code == 422
    assert "Choose at least one" in page.content.decode()
    assert "A good talk" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "met_at"),
    [
        ({"when": "now"}, NOW),
        ({"when": "yesterday"}, NOW - timedelta(days=1)),
        ({"when": "other", "met_at": "2026-11-21T20:30"}, NOW.fromisoformat("2026-11-21T19:30:00+00:00")),
        ({"when": "other", "met_at": "2026-11-24T10:01"}, NOW),
        ({"when": "other", "met_at": "2026-11-24T10:05"}, None),
        ({"when": "other", "met_at": ""}, None),
        ({"when": "other", "met_at": "soon"}, None),
        ({"when": "never"}, None),
    ],
)
def test_when(as_lea, jo, fields, met_at):
    page = log(as_lea, jo, **fields)
    if met_at is None:
        assert page.status_code == 422
        assert not Touchpoint.objects.exists()
    else:
        assert Touchpoint.objects.get().met_at == met_at


def test_names_typed_without_javascript(as_lea, team, jo):
    log(as_lea, others="jo BRÛME, Zine Larsen ; zine larsen,  ")
    touchpoint = Touchpoint.objects.get()
    assert {contact.name for contact in touchpoint.contacts.all()} == {"Jo Brume", "Zine Larsen"}
    assert Contact.objects.get(name="Zine Larsen").is_draft


def test_nobody_of_many_who_are_new_is_left_out(as_lea, team):
    names = [f"Nouvelle {n}" for n in range(14)]
    log(as_lea, new=names)
    assert {contact.name for contact in Touchpoint.objects.get().contacts.all()} == set(names)


def test_more_names_than_can_be_looked_for_are_refused_and_kept(as_lea, team):
    typed = ", ".join(f"N{n}" for n in range(41))
    page = log(as_lea, others=typed)
    assert page.status_code == 422
    assert "At most 40 names at a time." in page.content.decode() and typed in page.content.decode()
    assert not Touchpoint.objects.exists()


def test_a_name_that_may_be_several_is_asked_about(as_lea, team, jo):
    other = make_contact(team, "Jo Martin")
    page = log(as_lea, others="Jo", note="Kept", place="La Cale")
    html = page.content.decode()
    assert page.status_code == 422
    assert "Who is “Jo”?" in html and "Kept" in html and "La Cale" in html
    assert 'name="as:jo"' in html and "Jo Martin" in html
    log(as_lea, others="Jo", **{"as:jo": other.pk})
    assert list(Touchpoint.objects.get().contacts.all()) == [other]


def test_somebody_new_may_bear_a_known_name(as_lea, team, jo):
    log(as_lea, others="Jo", **{"as:jo": "new"})
    assert Touchpoint.objects.get().contacts.get().name == "Jo"
    log(as_lea, new=["Jo Brume"])
    assert Contact.objects.filter(name="Jo Brume").count() == 2


def test_a_mistyped_name_is_asked_about_rather_than_doubled(as_lea, team):
    make_contact(team, "Samira Mansour")
    page = log(as_lea, others="Samria")
    assert "Samira Mansour" in page.content.decode()
    assert not Touchpoint.objects.exists()


def test_more(as_lea, team, lea, noe, jo):
    log(
        as_lea, jo, note="Secret", is_private="on", place="Home", managers=[noe.pk], tags="rock", minutes="30",
        promise_text="Send the link", promise_on="2026-12-01",
    )  # fmt: skip
    touchpoint = Touchpoint.objects.get()
    assert touchpoint.is_private and touchpoint.minutes == 30
    assert set(touchpoint.managers.all()) == {lea, noe}
    promise = Promise.objects.get()
    assert (promise.contact, promise.touchpoint, promise.manager) == (jo, touchpoint, lea)


@pytest.mark.parametrize("fields", [{"promise_text": "Link"}, {"promise_on": "2026-12-01"}])
def test_half_a_promise_is_asked_about(as_lea, jo, fields):
    assert log(as_lea, jo, **fields).status_code == 422


def test_a_teammates_meeting_with_the_same_people_is_offered_to_be_joined(as_lea, team, lea, noe, jo):
    karim = make_contact(team, "Karim")
    theirs = make_touchpoint(team, noe, [jo], met_at=NOW - timedelta(hours=1))
    page = log(as_lea, jo, karim, note="A word")
    assert "Was it the same meeting?" in page.content.decode()
    log(as_lea, jo, karim, note="A word", same=theirs.pk)
    assert Touchpoint.objects.get() == theirs
    assert set(theirs.managers.all()) == {lea, noe}
    assert set(theirs.contacts.all()) == {jo, karim}
    assert Touchpoint.objects.get().note == "Léa: A word"


def test_an_old_one_is_not_offered_and_cannot_be_joined(as_lea, team, lea, noe, jo):
    old = make_touchpoint(team, noe, [jo], met_at=NOW - timedelta(days=8))
    page = as_lea.post(reverse("log_join", args=[old.pk]), follow=True)
    assert "can no longer be joined" in page.content.decode()
    page = log(as_lea, jo, note="A word", same=old.pk)
    assert page.status_code == 422 and "can no longer be joined" in page.content.decode()
    assert list(old.managers.all()) == [noe]


def test_a_word_for_a_private_meeting_is_said_to_be_left_out(as_lea, team, lea, noe, jo):
    theirs = make_touchpoint(
        team, noe, [jo], met_at=NOW - timedelta(hours=1), note="Between us", is_private=True
    )
    page = as_lea.post(reverse("log"), data(jo, note="A word", same=theirs.pk), follow=True)
    assert "Your note was not added" in page.content.decode()
    theirs.refresh_from_db()
    assert theirs.note == "Between us"
    assert set(theirs.managers.all()) == {lea, noe}


def test_or_it_was_another_one(as_lea, team, noe, jo):
    make_touchpoint(team, noe, [jo], met_at=NOW - timedelta(hours=1))
    log(as_lea, jo, same="no")
    assert Touchpoint.objects.count() == 2


def test_a_note_sent_again_is_not_asked_about(as_lea, team, noe, jo):
    sent = data(jo)
    as_lea.post(reverse("log"), sent)
    make_touchpoint(team, noe, [jo], met_at=NOW - timedelta(hours=1))
    assert as_lea.post(reverse("log"), sent).status_code == 302


def plan(team, lea, guests, starts_at):
    occurrence, _operation = planning.plan(
        team=team, by=lea, client_id=uuid.uuid4(), kind=touchpoint_kind("apero"), starts_at=starts_at,
        now=starts_at - timedelta(days=2), contacts=guests, place="La Cale",
    )  # fmt: skip
    return occurrence


def test_an_occurrence_about_now_offers_its_guests_and_itself(as_lea, team, lea, jo):
    near = plan(team, lea, [jo], NOW - timedelta(hours=2))
    for number in range(9):
        make_contact(team, f"Contact {number}")
    page = as_lea.get(reverse("log")).context["page"]
    assert page.near == [near] and page.event is None
    assert page.faces[0] == jo
    page = as_lea.get(f"{reverse('log')}?event={near.pk}").context["page"]
    assert (page.event, page.chosen, page.kind) == (near.pk, [jo.pk], near.kind_id)


def test_attached_it_is_the_occurrences_and_undo_asks_again(as_lea, team, lea, jo):
    near = plan(team, lea, [jo], NOW - timedelta(hours=2))
    page = as_lea.post(reverse("log"), data(jo, event=near.pk), follow=True)
    near.refresh_from_db()
    assert (near.outcome, near.touchpoint) == (Outcome.TOOK_PLACE, Touchpoint.objects.get())
    as_lea.post(undo_address(page))
    near.refresh_from_db()
    assert (near.outcome, near.touchpoint) == ("", None)


def test_an_answered_occurrence_is_not_attached_twice(as_lea, team, lea, jo):
    near = plan(team, lea, [jo], NOW - timedelta(hours=2))
    log(as_lea, jo, event=near.pk)
    assert log(as_lea, jo, event=near.pk).status_code == 302
    assert Touchpoint.objects.count() == 2
    assert Occurrence.objects.get().touchpoint == Touchpoint.objects.earliest("pk")


def test_outsider_gets_404(client, team, lea, jo):
    touchpoint = make_touchpoint(team, lea, [jo])
    client.force_login(make_outsider())
    assert client.get(reverse("log_edit", args=[touchpoint.pk])).status_code == 404
    for name in ("log_bin", "log_join", "log_undo"):
        assert client.post(reverse(name, args=[touchpoint.pk])).status_code == 404


def test_anonymous_is_asked_to_sign_in_and_an_admin_without_a_team_may_not_note(client, team):
    for name, args in (("log", []), ("log_edit", [1])):
        assert "/auth/" in client.get(reverse(name, args=args)).url
    client.force_login(make_admin())
    assert client.get(reverse("log")).status_code == 403


def test_the_page_costs_the_same_with_few_contacts_and_with_many(
    as_lea, team, lea, django_assert_max_num_queries
):
    band = make_contact(team, "Band", kind="band")
    for number in range(30):
        person = make_contact(team, f"Person {number}")
        directory.affiliate(person=person, group=band)
        make_touchpoint(team, lea, [person], met_at=NOW - timedelta(days=number + 1))
    with django_assert_max_num_queries(12):
        as_lea.get(f"{reverse('log')}?contact={person.pk}")


def test_noting_costs_the_same_however_long_the_history(as_lea, team, lea, jo, django_assert_max_num_queries):
    for number in range(60):
        make_touchpoint(team, lea, [jo], met_at=NOW - timedelta(days=number + 1))
    sent = data(jo)
    with django_assert_max_num_queries(17):  # four of them savepoints
        as_lea.post(reverse("log"), sent)
