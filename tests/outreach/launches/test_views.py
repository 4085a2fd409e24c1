"""The pages of a launch before its day."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import SESSION_KEY
from accounts.models import Membership, Role
from contacts import promises
from contacts.models import Touchpoint
from outreach.launches import planning
from outreach.launches.coverage import State, of_launch
from outreach.models import Launch
from tests.cast import contact_kind, make_contact, make_member, make_outsider, make_team, touchpoint_kind
from tests.outreach.launches.cast import approach, make_launch, meet

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team, client):
    user = make_member(team, language="en")
    client.force_login(user)
    return user


@pytest.fixture
def launch(team, lea):
    contacts = [make_contact(team, "Brume", "band"), make_contact(team, "La Cale", "association")]
    now = timezone.now()
    return make_launch(
        team, contacts, by=lea, day=now.date() + timedelta(days=21), now=now - timedelta(days=35)
    )


def page(launch):
    return reverse("outreach:launch", args=[launch.pk])


def say(client, launch, contact, state):
    address = reverse("outreach:approach_say", args=[launch.pk, approach(launch, contact).pk])
    return client.post(address, {"state": state}, follow=True)


def new(**fields):
    return {"client_id": uuid.uuid4(), "name": "Ouverture", "day": "2027-01-15", "goal": "6000", **fields}


def test_a_launch_is_made_with_all_of_some_kinds_some_by_name_and_the_first_circle(client, team, lea):
    for n in range(3):
        make_contact(team, f"Band {n}", "band")
    make_contact(team, "La Cale", "association", town="Caen")
    make_contact(team, "Samira", "colleague")
    jo = make_contact(team, "Jo")
    sent = new(kind=[contact_kind("band").pk], who=[jo.pk], others="la cale", colleagues="on")
    response = client.post(reverse("outreach:launch_new"), sent, follow=True)
    assert "Prepared: 6 contacts to meet." in response.content.decode()
    found = of_launch(Launch.objects.select_related("team").get())
    assert [card.contact.name for card in found.cards] == [
        "Band 0",
        "Band 1",
        "Band 2",
        "La Cale",
        "Jo",
    ] or len(found.cards) == 5
    assert [card.contact.name for card in found.circle] == ["Samira"]


def test_kind_tag_and_town_narrow_each_other_down(client, team, lea):
    in_caen, elsewhere = (
        make_contact(team, name, "band", town=town) for name, town in (("A", "Caen"), ("B", "Flers"))
    )
    client.post(reverse("outreach:launch_new"), new(kind=[contact_kind("band").pk], town="Caen"))
    contacts = set(Launch.objects.get().approaches.values_list("contact", flat=True))
    assert in_caen.pk in contacts
    assert elsewhere.pk not in contacts


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " , "}, "Please give a name."),
        ({"day": "soon"}, "Enter a valid date."),
        ({"goal": "0"}, "greater than or equal to 1"),
        ({"address": "javascript:alert(1)"}, "This is no web address."),
        ({"address": "https://me:secret@radio.example/"}, "does not belong into a public address"),
        ({"others": ", ".join(f"N{n}" for n in range(31))}, "At most 30 names at a time."),
        ({"others": "Nobody, Brume"}, "Not found under exactly this name, or several times: Nobody."),
        ({"name": "Été"}, "There is or was a launch of this name."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, team, lea, fields, said):
    make_contact(team, "Brume", "band")
    make_launch(team, by=lea, name="ete")
    response = client.post(
        reverse("outreach:launch_new"), new(what="Une radio", **{"name": "Neuf", **fields})
    )
    assert response.status_code == 422
    assert said in response.content.decode()
    assert "Une radio" in response.content.decode()


def test_an_address_typed_without_its_beginning_is_completed(client, lea):
    client.post(reverse("outreach:launch_new"), new(address="radio.example/ouverture"))
    assert Launch.objects.get().address == "https://radio.example/ouverture"


def test_the_page_says_how_many_were_met_and_how_much_time_is_left(client, launch, lea):
    band = launch.approaches.first().contact
    text = client.get(page(launch)).content.decode()
    assert "0 of 2 groups met" in text
    assert "3 weeks left" in text
    say(client, launch, band, "met")
    assert "1 of 2 groups met" in client.get(page(launch)).content.decode()


def test_one_tap_says_where_a_contact_stands_and_undo_takes_it_back(client, launch, lea):
    band = launch.approaches.first().contact
    response = say(client, launch, band, "on_board")
    assert "Brume: On board." in response.content.decode()
    undo = next(iter(response.context["messages"]), None)
    assert undo is not None
    assert approach(launch, band).answer == "on_board"
    assert say(client, launch, band, "nonsense").status_code == 200
    assert approach(launch, band).answer == "on_board"


def test_a_meeting_noted_for_the_launch_makes_its_contacts_met(client, launch, lea):
    band = launch.approaches.first().contact
    form = client.get(reverse("log"), {"contact": band.pk, "launch": launch.pk}).content.decode()
    assert f'name="launch" value="{launch.pk}" checked' in form
    sent = {
        "client_id": uuid.uuid4(),
        "who": [band.pk],
        "kind": touchpoint_kind().pk,
        "when": "now",
        "launch": [launch.pk],
        "tags": "répétition",
    }
    client.post(reverse("log"), sent)
    touchpoint = Touchpoint.objects.get()
    assert {tag.name for tag in touchpoint.tags.all()} == {"Ouverture", "répétition"}
    assert [card.state for card in of_launch(launch).cards] == [State.MET, State.TO_MEET]
    edit = client.get(reverse("log_edit", args=[touchpoint.pk])).content.decode()
    assert "Ouverture" in edit  # among the tags: it can be taken off there
    response = say(client, launch, band, "to_meet")
    assert "A noted meeting says you met" in response.content.decode()


def test_joining_a_teammates_meeting_for_the_launch_tags_it(client, launch, lea, team):
    noe, band = make_member(team, "Noé"), launch.approaches.first().contact
    theirs = meet(launch, noe, [band], met_at=timezone.now() - timedelta(minutes=20))
    theirs.tags.clear()
    sent = {
        "client_id": uuid.uuid4(),
        "who": [band.pk],
        "kind": touchpoint_kind().pk,
        "when": "now",
        "launch": [launch.pk],
        "same": theirs.pk,
    }
    client.post(reverse("log"), sent)
    assert [tag.name for tag in theirs.tags.all()] == ["Ouverture"]


def test_another_teams_launch_cannot_be_noted_for(client, launch, lea):
    outsider = make_outsider()
    client.force_login(outsider)
    theirs = make_contact(outsider.memberships.get().team, "Autre")
    sent = {"client_id": uuid.uuid4(), "who": [theirs.pk], "kind": touchpoint_kind().pk, "when": "now"}
    client.post(reverse("log"), {**sent, "launch": [launch.pk]})
    assert Touchpoint.objects.get().tags.count() == 0


def test_promises_made_to_its_contacts_show_on_the_page(client, launch, lea):
    band = launch.approaches.first().contact
    promises.add(
        team=launch.team,
        contact=band,
        manager=lea,
        text="Envoyer l’affiche",
        due_on=launch.day,
        client_id=uuid.uuid4(),
        now=timezone.now(),
    )
    assert "Envoyer l’affiche" in client.get(page(launch)).content.decode()


def test_who_meets_whom_by_when_is_said_in_one_form(client, launch, lea, team):
    noe = make_member(team, "Noé Roux")
    one, two = launch.approaches.order_by("contact__sort_key")
    sent = {
        f"manager-{one.pk}": noe.pk,
        f"due-{one.pk}": "2026-12-01",
        f"manager-{two.pk}": "",
        f"due-{two.pk}": "",
    }
    address = reverse("outreach:launch_plan", args=[launch.pk])
    assert "Noé Roux" in client.get(address).content.decode()
    client.post(address, sent)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.manager, str(one.due_on)) == (noe, "2026-12-01")
    assert (two.manager, two.due_on) == (None, None)
    wrong = client.post(address, {**sent, f"due-{one.pk}": "soon"})
    assert wrong.status_code == 422


def test_contacts_are_added_and_left_out(client, launch, lea, team):
    more = make_contact(team, "Sillon", "webzine")
    sent = {"kind": [contact_kind("webzine").pk], "others": "Brume"}
    response = client.post(reverse("outreach:launch_choose", args=[launch.pk]), sent, follow=True)
    assert "1 contact added." in response.content.decode()
    out = reverse("outreach:approach_leave_out", args=[launch.pk, approach(launch, more).pk])
    assert "Left out: Sillon." in client.post(out, follow=True).content.decode()
    assert client.post(out).status_code == 404


@pytest.fixture
def elsewhere(client, lea):
    """Léa leads another team too, and looks at that one while she opens the launch by its address."""
    other = make_team("Ailleurs")
    Membership.objects.create(user=lea, team=other, role=Role.LEAD, since="2026-01-01")
    session = client.session
    session[SESSION_KEY] = other.pk
    session.save()
    return other


@pytest.mark.parametrize(
    "sent",
    [{"others": "Secret"}, {"kind": "band"}, {"town": "Caen"}, {"colleagues": "on"}, {"who": "Secret"}],
)
def test_a_launch_takes_contacts_of_its_own_team_alone(client, launch, lea, elsewhere, sent):
    theirs = make_contact(elsewhere, "Secret", "band", town="Caen")
    make_contact(elsewhere, "Samira", "colleague")
    ids = {"kind": contact_kind("band").pk, "who": theirs.pk}
    sent = {name: ids.get(name, value) for name, value in sent.items()}
    client.post(reverse("outreach:launch_choose", args=[launch.pk]), sent)
    assert launch.approaches.count() == 2
    assert not launch.approaches.filter(contact__team=elsewhere).exists()


def test_a_launch_offers_what_its_own_team_has(client, launch, lea, elsewhere, team):
    make_contact(elsewhere, "Secret", "webzine", town="Flers")
    make_contact(team, "Samira", "colleague", town="Caen")
    page = client.get(reverse("outreach:launch_choose", args=[launch.pk])).content.decode()
    assert "Caen" in page and "Flers" not in page
    assert f"?team={team.pk}" in page  # whom the people field suggests
    client.post(reverse("outreach:launch_choose", args=[launch.pk]), {"colleagues": "on"})
    assert launch.approaches.filter(contact__name="Samira").exists()


def test_contacts_are_shared_out_among_the_people_of_the_launchs_team(client, launch, lea, elsewhere, team):
    make_member(elsewhere, "Oscar Blanc")
    make_member(team, "Noé Roux")
    page = client.get(reverse("outreach:launch_plan", args=[launch.pk])).content.decode()
    assert "Noé Roux" in page and "Oscar Blanc" not in page


def test_a_contact_that_is_not_the_teams_is_said_to_be_none(client, launch, lea, elsewhere):
    theirs = make_contact(elsewhere, "Secret")
    answer = client.post(reverse("outreach:launch_choose", args=[launch.pk]), {"who": theirs.pk})
    assert answer.status_code == 422
    assert "is not one of the available choices" in answer.content.decode()


def test_the_list_says_how_each_launch_stands_and_invites_when_there_is_none(client, team, lea):
    assert "pick five" in client.get(reverse("outreach:launch_list")).content.decode()
    make_launch(
        team, [make_contact(team, "Brume", "band")], by=lea, day=timezone.now().date() - timedelta(days=36)
    )
    text = client.get(reverse("outreach:launch_list")).content.decode()
    assert "0 of 1 group met before the day" in text
    assert "how many came in the first week is not known yet" in text
    assert "out for 5 weeks" in text


def test_a_binned_launch_is_gone_until_it_is_brought_back(client, launch, lea):
    client.post(reverse("outreach:launch_bin", args=[launch.pk]))
    assert client.get(page(launch)).status_code == 404


def test_pages_cost_the_same_with_two_and_with_twenty(
    client, launch, lea, team, django_assert_max_num_queries
):
    def grow(count):
        bands = [make_contact(team, f"Band {count}-{n}", "band") for n in range(count)]
        planning.add(launch, contacts=bands, by=lea, now=timezone.now())
        for band in bands[: count // 2]:
            meet(launch, lea, [band], met_at=timezone.now())
        make_launch(team, bands, by=lea, name=f"Autre {count}")

    addresses = [
        page(launch),
        reverse("outreach:launch_list"),
        reverse("outreach:launch_plan", args=[launch.pk]),
        reverse("outreach:launch_choose", args=[launch.pk]),
    ]
    for address in addresses:
        client.get(address)
    grow(2)

    def costs():
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            found.append(len(captured))
        return found

    few = costs()
    grow(20)
    assert costs() == few
    assert max(few) <= 14
