"""A person who is erased is in no file of ours either."""

import pytest

from contacts import suppression
from contacts.imports import runs, stores
from contacts.mentions import Person
from contacts.models import Contact, Import, ImportData
from contacts.points import Point
from foundation import clock
from tests.cast import NOW, make_lead, make_team
from tests.contacts.imports.cast import make_checked, make_finished, make_import

pytestmark = pytest.mark.django_db
CANARY = Point("email", "zoe@canari.example", "zoe@canari.example")
LIST = b"Nom;Ville;E-mail\nZo\xc3\xa9 Canari;Caen;zoe@canari.example\nBrume;Caen;\n"
ZOE = Person(contact_ids=(0,), names=("Zoé Canari",), points=(CANARY,))


@pytest.fixture
def ines():
    return make_lead(make_team())


def test_lists_on_their_way_that_name_the_person_are_forgotten(ines):
    team = ines.memberships.get().team
    make_import(team, ines, LIST)
    other = make_import(team, ines, b"Nom\nBrume\n", name="autre.csv")
    stores.forget(ZOE)
    assert list(Import.objects.all()) == [other]


def test_rows_that_were_not_taken_and_names_of_files_are_forgotten(ines):
    team = ines.memberships.get().team
    content = b"Nom;Ville;E-mail;Note\nBrume;Caen;;\n;Caen;;par Zo\xc3\xa9 Canari\n"
    run = make_finished(team, ines, content, name="Zoé Canari.csv")
    assert "Zoé Canari".encode() in bytes(ImportData.objects.get(of=run).rejected)
    stores.forget(ZOE)
    run.refresh_from_db()
    assert "Canari" not in run.name
    assert bytes(ImportData.objects.get(of=run).rejected) == b""


def test_who_asked_between_check_and_save_is_left_out_all_the_same(ines):
    team = ines.memberships.get().team
    run = make_checked(team, ines, LIST)
    assert run.counts["new"] == 2
    suppression.add([([CANARY], "Zoé Canari", "Caen")], day=NOW.date())
    runs.ask_to_save(run)
    assert runs.work(run.pk, clock=clock.now)
    run.refresh_from_db()
    assert (run.result["created"], run.result["held_back"], run.result["is_as_checked"]) == (1, 1, False)
    assert set(Contact.objects.values_list("name", flat=True)) == {"Brume"}
