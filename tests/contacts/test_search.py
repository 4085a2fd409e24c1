"""The search's contract, the same on both databases: this file runs on SQLite and on PostgreSQL."""

import pytest
from django.db import connection
from django.db.models import CharField

from contacts import directory, keys, search, tags
from contacts.models import Contact
from tests.cast import NOW, contact_kind, make_contact, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(team):
    names = [
        ("Élodie L’Été-Noïse", "Caen", "person"),
        ("Samira Mansour", "Évreux", "person"),
        ("M", "Rouen", "band"),
        ("AC/DC Tribute", "Le Havre", "band"),
        ("La Cale", "Caen", "venue"),
        ("Cœur de Loire", "Nantes", "association"),
        ("100% Vinyle_Club", "Bayeux", "association"),
        ("Maxime Roux", "", "person"),
    ]
    return {name: make_contact(team, name, kind=kind, town=town) for name, town, kind in names}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", 8),
        ("   ", 8),
        ("elodie", ["Élodie L’Été-Noïse"]),
        ("ÉLODIE", ["Élodie L’Été-Noïse"]),
        ("ete noise", ["Élodie L’Été-Noïse"]),
        ("été-noïse", ["Élodie L’Été-Noïse"]),
        ("lodi", ["Élodie L’Été-Noïse"]),
        ("noise elodie", ["Élodie L’Été-Noïse"]),
        ("caen", ["La Cale", "Élodie L’Été-Noïse"]),
        ("cale caen", ["La Cale"]),
        ("cale rouen", []),
        ("evreux", ["Samira Mansour"]),
        ("coeur", ["Cœur de Loire"]),
        ("M", ["M", "Maxime Roux", "Samira Mansour"]),
        ("ac", ["AC/DC Tribute"]),
        ("ca", ["La Cale", "Élodie L’Été-Noïse"]),
        ("100%", ["100% Vinyle_Club"]),
        ("%", []),
        ("_", []),
        ("vinyle_", ["100% Vinyle_Club"]),
        ("'; drop table", []),
        ("ale", ["La Cale"]),
    ],
)
def test_find(team, people, text, found):
    contacts = search.find(Contact.objects.filter(team=team), text)
    if isinstance(found, int):
        assert contacts.count() == found
    else:
        assert {contact.name for contact in contacts} == set(found)


def test_names_that_begin_so_come_first(team):
    for name in ("Zoé Bruma", "Le Bruit", "Brume", "La Grande Brume"):
        make_contact(team, name)
    ranked = search.ranked(Contact.objects.filter(team=team), "bru")
    assert [contact.name for contact in ranked] == ["Le Bruit", "Brume", "La Grande Brume", "Zoé Bruma"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("samria", "Samira Mansour"),
        ("Samirra", "Samira Mansour"),
        ("zamira", "Samira Mansour"),
        ("samira mansor", "Samira Mansour"),
        ("elodei", "Élodie L’Été-Noïse"),
        ("maxim rou", "Maxime Roux"),
        ("maxmie", "Maxime Roux"),
        ("evreaux", "Samira Mansour"),
    ],
)
def test_typing_mistakes_are_forgiven(team, people, typed, meant):
    assert [contact.name for contact in search.suggest(Contact.objects.filter(team=team), typed)] == [meant]


@pytest.mark.parametrize("typed", ["", "x", "xyz", "wolfgang", "qqqqqqqq"])
def test_nothing_alike_gives_nothing(team, people, typed):
    assert search.suggest(Contact.objects.filter(team=team), typed) == []


def test_named_knows_accents_case_and_articles(team, people):
    found = search.named(team, ["elodie l'ete noise", "cale", "LA CALE", "Nobody"])
    assert {name: [one.name for one in contacts] for name, contacts in found.items()} == {
        "elodie l'ete noise": ["Élodie L’Été-Noïse"],
        "cale": ["La Cale"],
        "LA CALE": ["La Cale"],
        "Nobody": [],
    }


def test_named_prefers_the_very_name(team):
    the_cale, cale = make_contact(team, "La Cale"), make_contact(team, "Cale")
    assert search.named(team, ["Cale", "La cale"]) == {"Cale": [cale], "La cale": [the_cale]}


def test_another_teams_contacts_are_not_named(team, people):
    assert search.named(make_team(), ["La Cale"]) == {"La Cale": []}


def test_tags_and_groups_are_found_too(team, people):
    samira = people["Samira Mansour"]
    samira.tags.set(tags.named(team, ["Presse rock"]))
    affiliation = directory.affiliate(person=samira, group=people["La Cale"])
    everybody = Contact.objects.filter(team=team)
    assert list(search.find(everybody, "presse")) == [samira]
    assert samira in search.find(everybody, "cale")
    directory.end_affiliation(affiliation, day=affiliation.person.created_at.date())
    samira.refresh_from_db()
    assert samira.search_key == "samira mansour evreux presse rock"
    assert samira not in search.find(everybody, "cale")


def test_keys_are_written_in_the_same_number_of_queries_for_two_and_for_forty(
    team, django_assert_num_queries
):
    group = make_contact(team, "Brume", kind="band")
    people = [make_contact(team, f"Person {number}") for number in range(40)]
    for person in people:
        directory.affiliate(person=person, group=group)
    Contact.objects.update(search_key="")
    with django_assert_num_queries(5):
        keys.refresh([group.pk])
    assert search.find(Contact.objects.filter(team=team), "brume").count() == 41


def test_each_database_has_its_index_of_trigrams():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'contact_search_trigram'")
            assert "gin_trgm_ops" in cursor.fetchone()[0]
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'contacts_search'")
            assert "tokenize='trigram'" in cursor.fetchone()[0]


def test_the_index_follows_what_is_renamed_erased_and_written_in_bulk(team):
    made = Contact.objects.bulk_create(
        Contact(team=team, kind=contact_kind(), name=name, search_key=name, sort_key=name, created_at=NOW)
        for name in ("brume", "ecume", "houle")
    )
    everybody = Contact.objects.filter(team=team)
    Contact.objects.filter(pk=made[0].pk).update(search_key="maree")
    made[1].delete()
    found = {
        text: [one.pk for one in search.find(everybody, text)] for text in ("brume", "maree", "ecume", "oul")
    }
    assert found == {"brume": [], "maree": [made[0].pk], "ecume": [], "oul": [made[2].pk]}


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_rebuilds_the_table_leaves_the_index_whole():
    """SQLite rebuilds a table to change a column, and its triggers are gone with the old one."""
    team = make_team()
    brume = make_contact(team, "Brume")
    old, new = CharField(max_length=200, blank=True), CharField(max_length=201, blank=True)
    for field in (old, new):
        field.set_attributes_from_name("street")
        field.model = Contact
    for before, after in ((old, new), (new, old)):
        with connection.schema_editor() as editor:
            editor.alter_field(Contact, before, after)
    search.install()
    ecume = make_contact(team, "Écume")
    everybody = Contact.objects.filter(team=team)
    assert [list(search.find(everybody, text)) for text in ("brume", "ecume")] == [[brume], [ecume]]


def test_among_very_many_alike_the_likest_is_found(team, monkeypatch):
    """However many share a piece of what was typed: those that share most are looked at."""
    monkeypatch.setattr(search, "CANDIDATES", 5)
    for number in range(30):
        make_contact(team, f"Sam Mira {number}")
    samira = make_contact(team, "Samira Mansour")
    assert search.suggest(Contact.objects.filter(team=team), "samirra mansur")[0] == samira
