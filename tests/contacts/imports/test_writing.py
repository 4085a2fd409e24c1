"""What an import writes, at once or at the end; and how it is taken back."""

import csv
import io
import os
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.changes import CannotUndo
from contacts.imports import writing
from contacts.imports.matching import Index
from contacts.models import Affiliation, Contact, ContactPoint
from tests.cast import NOW, make_contact, make_member, make_team, make_touchpoint
from tests.contacts.imports.cast import bring, counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


def test_people_join_the_groups_that_we_know(team):
    make_contact(team, "La Cale", "venue")
    bring(team, "Prénom;Nom;Société;Fonction\nJo;Brume;LA CALE;Programmation\nKim;Roc;Ailleurs;Accueil\n")
    belonging = Affiliation.objects.get()
    assert (belonging.person.name, belonging.group.name, belonging.role) == (
        "Jo Brume",
        "La Cale",
        "Programmation",
    )
    assert Contact.objects.get(name="Jo Brume").note == ""
    assert Contact.objects.get(name="Kim Roc").note == "Accueil, Ailleurs"
    assert Contact.objects.count() == 3


def test_people_join_a_group_that_stands_further_down_and_is_written_after_them(team, monkeypatch):
    for size in ("FIRST", "BATCH"):
        monkeypatch.setattr(writing, size, 1)
    bring(
        team,
        "Nom;Type;Société;Fonction\nJo Brume;personne;La Cale;Programmation\nKim;personne;;\nLa Cale;salle;;\n",
    )
    belonging = Affiliation.objects.get()
    assert (str(belonging.person), str(belonging.group), belonging.role) == (
        "Jo Brume",
        "La Cale",
        "Programmation",
    )


LISTS = st.lists(
    st.tuples(
        st.sampled_from(["", "Brume", "La Brume", "Embrun", "Roc", "Sel", "Vent", "!!!"]),  # name
        st.sampled_from(["", "Caen", "Ifs"]),
        st.sampled_from(["", "a@b.fr", "c@d.fr", "e@f.fr / a@b.fr", "aucun"]),
        st.sampled_from(["", "1", "2", "3"]),  # id
        st.sampled_from(["", "folk", "Folk, rock"]),  # tags
        st.sampled_from(["", "", "Brume", "Roc", "Nord"]),  # group
        st.sampled_from(["", "chant"]),  # role
        st.sampled_from(["", "band", "person"]),
        st.sampled_from(["", "note"]),
        st.sampled_from(["14000", "1400", "x"]),
    ),
    max_size=7,
)


def as_csv(rows):
    text = io.StringIO()
    head = [
        "Nom",
        "Ville",
        "E-mail",
        "id",
        "Tags",
        "Organisation",
        "Fonction",
        "Type",
        "Notes",
        "Code postal",
    ]
    csv.writer(text, delimiter=";").writerows([head, *rows])
    return text.getvalue()


def book(team):
    """All that a team holds, without the keys of its rows."""
    return sorted(
        (
            one.name, one.kind.code, one.is_group, one.sort_key, one.search_key, one.town, one.postcode, one.note,
            sorted(one.points.values_list("property", "key", "position")), sorted(map(str, one.external_ids.all())),
            sorted(one.tags.values_list("name", flat=True)),
            sorted(one.affiliations.values_list("group__name", "role")),
        )
        for one in Contact.objects.filter(team=team)
    )  # fmt: skip


@settings(
    max_examples=int(os.environ.get("LISTS", "25")),
    deadline=None,
    derandomize="LISTS" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(first=LISTS, second=LISTS)
def test_written_at_once_or_at_the_end_the_book_is_the_same(monkeypatch, first, second):
    """Two lists after each other: row by row as they are decided, and with nobody taken for alone."""
    found = []
    for at_once in (True, False):
        with transaction.atomic(), monkeypatch.context() as patched:
            patched.setattr(writing, "FIRST", 1)
            patched.setattr(writing, "BATCH", 2)
            if not at_once:
                patched.setattr(Index, "is_alone", lambda index, draft: False)
            team = make_team()
            outcomes = [bring(team, as_csv(rows)) for rows in (first, second)]
            found.append((book(team), [(one.as_json(), one.verdicts) for one in outcomes]))
            transaction.set_rollback(True)
    assert found[0] == found[1]


# --- Undo ---------------------------------------------------------------------------------------


def test_an_import_is_taken_back(team):
    lea = make_member(team)
    known = make_contact(team, "Embrun", "band")
    outcome = bring(team, "id;Nom;Ville;E-mail\n1;Brume;Caen;a@b.fr\n2;Embrun;;e@b.fr\n3;Roc;Ifs;\n", by=lea)
    assert counts(outcome) == (2, 1, 0, 0)
    make_touchpoint(team, lea, [Contact.objects.get(name="Roc")])
    Contact.objects.filter(name="Roc").update(last_met_at=NOW)
    undone = writing.take_back(outcome.operation, by=lea, now=NOW + timedelta(days=1))
    assert Contact.objects.get(name="Brume").binned_at
    assert Contact.objects.get(name="Roc").binned_at is None  # met since
    assert [label for label, _pk in undone.edited_since] == ["contacts.Contact"]
    assert not known.points.exists()
    assert not known.external_ids.exists()
    with pytest.raises(CannotUndo):
        writing.take_back(outcome.operation, by=lea, now=NOW)
    assert bring(team, "id;Nom;Ville\n1;Brume;Caen\n").created == 1


def test_completed_fields_are_empty_again_after_undo_however_many(team, monkeypatch):
    monkeypatch.setattr(writing, "_CHANGED", 2)
    lea = make_member(team)
    names = ["Brume", "Embrun", "Roc", "Sel", "Vent"]
    contacts = [make_contact(team, name, "band", town="Caen") for name in names]
    lines = "".join(f"{name};Caen;14000;{name}@b.fr\n" for name in names)
    outcome = bring(team, "Nom;Ville;Code postal;E-mail\n" + lines, by=lea)
    assert counts(outcome) == (0, 5, 0, 0)
    assert list(Contact.objects.values_list("postcode", flat=True)) == ["14000"] * 5
    assert ContactPoint.objects.count() == 5
    writing.take_back(outcome.operation, by=lea, now=NOW)
    for contact in contacts:
        contact.refresh_from_db()
        assert (contact.postcode, contact.town) == ("", "Caen")
    assert not ContactPoint.objects.exists()
