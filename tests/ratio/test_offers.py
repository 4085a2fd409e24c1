"""A lead offers a hand; the CM finds it on Today, answers, and may take a yes back."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from accounts.models import Membership, Operation, Role
from events.models import Occurrence
from ratio import offers
from ratio.models import Offer, Policy
from tests.cast import NOW, make_contact, make_lead, make_member, make_outsider, make_team
from tests.ratio.people import THIS_MONDAY, make_post, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def shown(team):
    Policy.objects.create(
        team=team,
        individual_view_since=THIS_MONDAY,
        individual_view_purpose="aider",
        people_informed_on=THIS_MONDAY,
    )


@pytest.fixture
def lead(team):
    return make_lead(team, language="en")


def address(name, team, person):
    return reverse(f"ratio:{name}", args=[team.slug, person.pk])


def propose(client, team, lead, lea, **changes):
    values = {"client_id": uuid.uuid4(), "day": "2026-11-26", "at": "18:30", "note": "", **changes}
    return signed_in(client, lead).post(address("help_meeting", team, lea), values)


def test_a_proposed_meeting_is_the_leads_until_the_cm_says_yes(client, team, lea, lead):
    jo = make_contact(team, "Karim Delaunay")
    page = signed_in(client, lead).get(address("help", team, lea)).content.decode()
    assert "2026-11-26" in page and f"mailto:{lea.email}" in page
    again = {"client_id": uuid.uuid4(), "contact": [jo.pk], "note": "Au bar"}
    for _twice in range(2):
        assert propose(client, team, lead, lea, **again).status_code == 302
    offer = Offer.objects.get()
    assert list(offer.occurrence.hosts.all()) == [lead]
    today = signed_in(client, lea).get("/").content.decode()
    assert "Inès Duval proposes to go together" in today and "Karim Delaunay" in today and "Au bar" in today
    client.post(reverse("ratio:offer_accept", args=[offer.pk]))
    assert set(offer.occurrence.hosts.all()) == {lead, lea}
    after = client.get("/").content.decode()
    assert "proposes to go together" not in after
    assert "It is in your calendar" in after or "it is in your calendar" in after


def test_a_yes_is_taken_back(client, team, lea, lead):
    propose(client, team, lead, lea)
    offer = Offer.objects.get()
    operation = offers.accept(offer, by=lea, now=NOW)
    with pytest.raises(offers.Answered):
        offers.accept(Offer.objects.get(), by=lea, now=NOW)
    signed_in(client, lea)
    for _twice in range(2):
        client.post(reverse("ratio:offer_take_back", args=[operation.pk]))
    offer.refresh_from_db()
    assert (offer.answer, list(offer.occurrence.hosts.all())) == ("", [lead])


def test_no_is_an_answer_and_late_ones_are_told(client, team, lea, lead):
    propose(client, team, lead, lea)
    offer = Offer.objects.get()
    signed_in(client, lea)
    client.post(reverse("ratio:offer_decline", args=[offer.pk]))
    for name in ("offer_accept", "offer_decline"):
        client.post(reverse(f"ratio:{name}", args=[offer.pk]))
    assert "answered already" in client.get("/").content.decode()
    offer.refresh_from_db()
    assert (offer.answer, offer.answered_at) == ("no", NOW)
    assert "Not this time" in signed_in(client, lead).get(address("help", team, lea)).content.decode()
    assert lea not in offer.occurrence.hosts.all()


def test_what_is_called_off_or_over_waits_for_no_answer(client, team, lea, lead):
    propose(client, team, lead, lea)
    assert offers.to_answer(lea, team, NOW)
    assert offers.to_answer(lea, team, NOW + 9 * DAY) == []
    Occurrence.objects.update(cancelled_at=NOW)
    assert offers.to_answer(lea, team, NOW) == []


@pytest.mark.parametrize("role", ["lead", "both"])
def test_posts_go_to_a_lead_who_is_a_cm_else_to_the_team(client, team, lea, role):
    lead = make_member(team, "Zoé Lead", role)
    post, out = make_post(team, lea, NOW + DAY), make_post(team, lea, NOW - DAY)
    where = address("help_posts", team, lea)
    signed_in(client, lead)
    client.post(where, {"post": [out.pk]})
    assert not Offer.objects.exists()
    client.post(where, {"post": [post.pk, out.pk]})
    offer = Offer.objects.get()
    assert "Ce soir au Brise-Lames" in signed_in(client, lea).get("/").content.decode()
    client.post(reverse("ratio:offer_accept", args=[offer.pk]))
    post.refresh_from_db()
    assert post.manager == (lead if role == "both" else None)
    assert offers.to_answer(lea, team, NOW) == []
    operation = offer.team and offers.Operation.objects.get(kind=offers.KIND)
    client.post(reverse("ratio:offer_take_back", args=[operation.pk]))
    post.refresh_from_db()
    assert post.manager == lea


def test_nobody_else_answers_and_nobody_is_offered_anything_with_the_view_off(client, team, lea, lead):
    propose(client, team, lead, lea)
    offer = Offer.objects.get()
    operation = offers.accept(offer, by=lea, now=NOW)
    for stranger in (make_member(team, "Noé"), make_outsider()):
        signed_in(client, stranger)
        for name in ("offer_accept", "offer_decline"):
            assert client.post(reverse(f"ratio:{name}", args=[offer.pk])).status_code == 404
        assert client.post(reverse("ratio:offer_take_back", args=[operation.pk])).status_code == 404
    Policy.objects.update(individual_view_since=None)
    assert propose(client, team, lead, lea).status_code == 404
    assert client.get(address("help", team, lea)).status_code == 404


@pytest.mark.parametrize("stays", ["", "lead"])
def test_whoever_is_no_cm_of_the_team_any_more_answers_nothing_there(client, team, lea, lead, stays):
    post = make_post(team, lea, NOW + DAY)
    handed = offers.propose_posts(manager=lea, team=team, by=lead, posts=[post], now=NOW)
    operation = offers.accept(handed, by=lea, now=NOW)
    propose(client, team, lead, lea)
    waiting = Offer.objects.get(answer="")
    lea.memberships.update(**({"role": stays} if stays else {"until": NOW.date() - DAY}))
    Membership.objects.create(user=lea, team=make_team("Ailleurs"), role=Role.MANAGER, since=NOW.date())
    signed_in(client, lea)
    for name, pk in [
        ("offer_accept", waiting.pk),
        ("offer_decline", waiting.pk),
        ("offer_take_back", operation.pk),
    ]:
        assert client.post(reverse(f"ratio:{name}", args=[pk])).status_code == 404
    waiting.refresh_from_db()
    post.refresh_from_db()
    assert (waiting.answer, list(waiting.occurrence.hosts.all()), post.manager) == ("", [lead], None)


def test_whoever_leads_another_team_answers_where_the_offer_is_shown(client, team, lea, lead):
    other = make_team("Ailleurs")
    Membership.objects.create(user=lea, team=other, role=Role.LEAD, since=THIS_MONDAY)
    propose(client, team, lead, lea)
    offer = Offer.objects.get()
    signed_in(client, lea)
    shown = client.get("/").content.decode()  # of the team where she is a CM, unless another is chosen
    assert reverse("ratio:offer_accept", args=[offer.pk]) in shown
    client.post(reverse("accounts:switch_team"), {"team": other.pk})
    assert reverse("ratio:offer_accept", args=[offer.pk]) not in client.get("/").content.decode()
    client.post(reverse("accounts:switch_team"), {"team": team.pk})
    assert client.post(reverse("ratio:offer_accept", args=[offer.pk])).status_code == 302
    assert set(offer.occurrence.hosts.all()) == {lead, lea}
    operation = Operation.objects.get(kind=offers.KIND)
    client.post(reverse("ratio:offer_take_back", args=[operation.pk]))
    client.post(reverse("ratio:offer_decline", args=[offer.pk]))
    offer.refresh_from_db()
    assert offer.answer == "no"


def test_a_day_that_was_not_offered_is_refused_and_oneself_is_sent_home(client, team, lea, lead):
    assert propose(client, team, lead, lea, day="2026-12-31").status_code == 422
    both = make_member(team, "Zoé", "both")
    assert signed_in(client, both).get(address("help", team, both)).url == reverse("ratio:presence")
