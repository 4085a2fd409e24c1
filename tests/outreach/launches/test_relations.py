"""What of a launch hangs on a contact: united by a merge, unnamed or gone by an erasure, given to the person."""

import pytest

from accounts import changes
from contacts import references
from contacts.mentions import Person
from outreach.launches import planning
from outreach.launches.coverage import State, of_launch
from outreach.models import Approach, Relay, Told
from tests.cast import NOW, make_contact, make_member, make_team
from tests.outreach.launches.cast import approach, make_launch

pytestmark = pytest.mark.django_db
OURS = ("outreach.Approach.contact", "outreach.Relay.contact")


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    return make_member(team)


def entries():
    return [one for one in references.everything() if one.label in OURS]


def test_two_approaches_become_one_and_both_links_lead_on(team, lea):
    kept, double = make_contact(team, "Brume", "band"), make_contact(team, "Brume (bis)", "band")
    launch = make_launch(team, [kept, double], by=lea)
    for contact, state in ((kept, State.MET), (double, State.ON_BOARD)):
        planning.say(approach(launch, contact), state, by_meeting=False, by=lea, now=NOW)
    code = Relay.objects.get().code
    operation = changes.begin(team=team, by=lea, kind="contacts.test", now=NOW)
    for entry in entries():
        references.move(entry, kept=kept, merged=double, operation=operation)
    assert [(card.contact, card.state) for card in of_launch(launch).cards] == [(kept, State.ON_BOARD)]
    assert Relay.objects.get(code=code).contact == kept
    changes.undo(operation, by=lea, now=NOW)
    assert {card.contact: card.state for card in of_launch(launch).cards} == {
        kept: State.MET,
        double: State.ON_BOARD,
    }


def test_an_erased_persons_approach_goes_and_their_link_leads_on_without_a_name(team, lea):
    band = make_contact(team, "Brume Salée", "band")
    launch = make_launch(team, [band], by=lea)
    planning.say(approach(launch, band), State.ON_BOARD, by_meeting=False, by=lea, now=NOW)
    Told.objects.create(launch=launch, words="Par Brume Salée au concert", key="x", count=3)
    person = Person((band.pk,), names=("Brume Salée",))
    said = [list(entry.export(person)) for entry in entries()]
    assert said[0][0]["answer"]
    assert said[1][0]["code"] == Relay.objects.get().code
    for entry in entries():
        references.erase(entry, person)
    next(store for store in references.stores() if store.name == "outreach.told").erase(person)
    relay, told = Relay.objects.get(), Told.objects.get()
    assert not Approach.objects.exists()
    assert (relay.contact, relay.name) == (None, relay.code)
    assert "Brume" not in told.words
    assert told.count == 3
