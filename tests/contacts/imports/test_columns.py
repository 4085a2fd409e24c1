"""Which column holds what."""

import pytest

from contacts.imports import columns, reading
from contacts.imports.reading import Table
from tests.samples import sample


def taken(name):
    table = reading.read(sample(name).read_bytes(), name)
    return {
        column.header or column.index: str(column.field)
        for column in columns.recognise(table)
        if column.field
    }


def of_headers(*headers):
    table = Table(list(headers), [], 1)
    return [str(column.field) if column.field else None for column in columns.recognise(table)]


def test_the_long_headers_of_the_ministry():
    assert taken("organisations/festivals_normandie_bretagne.csv") == {
        "Nom du festival": "name",
        "Commune principale de déroulement": "town",
        "Code postal (de la commune principale de déroulement)": "postcode",
        "Site internet du festival": "link",
        "Adresse postale": "street",
        "Adresse e-mail": "email",
        "Discipline dominante": "topic",
        "Identifiant": "external_id",
    }


def test_a_header_can_name_the_kind():
    table = reading.read(sample("organisations/festivals_normandie_bretagne.csv").read_bytes())
    assert columns.recognise(table)[0].detail == "festival"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("organisations/medias_francais.tsv", {"Nom": "name", "Type": "kind"}),
        ("organisations/panorama_festivals_305.csv",
         {"Nom de la manifestation": "name", "Domaine": "topic", "Site web": "link", "N° Identification": "external_id",
          "Commune principale": "town", "Code postal": "postcode", "Commentaires": "note"}),
        ("organisations/rna_sample_import.csv",
         {"id": "external_id", "titre": "name", "objet": "note", "adr1": "street", "adr2": "street", "adr3": "street", "adrs_codepostal": "postcode", "libcom": "town",
          "telephone": "phone", "siteweb": "link", "email": "email", "observation": "note"}),
        ("contacts/linkedin_connections.csv",
         {"First Name": "first_name", "Last Name": "last_name", "Email Address": "email", "Company": "group",
          "Position": "role", "URL": "link"}),
        ("contacts/chatwoot_existing_contacts.csv",
         {"id": "external_id", "first_name": "first_name", "last_name": "last_name", "email": "email",
          "phone_number": "phone"}),
        ("contacts/csv_no_header.csv", {0: "name", 3: "email"}),
    ],
)  # fmt: skip
def test_real_headers(name, expected):
    assert taken(name) == expected


def test_outlook_in_french():
    assert of_headers("Titre", "Prénom", "Nom", "Société", "Titre", "Ville (bureau)", "Code postal (bureau)",
                      "Téléphone (bureau)", "Tél. mobile", "Télécopie (bureau)", "Adresse de messagerie",
                      "Type de messagerie", "Nom complet de l'adresse de messagerie", "Page Web") == [
        None, "first_name", "last_name", "group", "role", "town", "postcode", "phone", "phone", None, "email", None,
        None, "link",
    ]  # fmt: skip


def test_google_contacts():
    assert of_headers("First Name", "Middle Name", "Last Name", "Organization Name", "Organization Title", "Labels",
                      "E-mail 1 - Label", "E-mail 1 - Value", "Phone 1 - Label", "Phone 1 - Value",
                      "Address 1 - City", "Address 1 - Postal Code", "Website 1 - Value") == [
        "first_name", None, "last_name", "group", "role", "tags", None, "email", None, "phone", "town", "postcode",
        "link",
    ]  # fmt: skip


def test_a_last_name_alone_is_a_name():
    assert of_headers("Nom de famille", "Courriel") == ["name", "email"]


def test_networks_say_where_handles_live():
    found = columns.recognise(Table(["Nom", "Instagram", "Page Facebook"], [], 1))
    assert [column.detail for column in found[1:]] == ["instagram", "facebook"]


def test_nameless_columns_show_what_they_are():
    table = reading.read(
        b"Nom,Ville,Note,Tags,,,\nJo,Caen,x,,jo@brume.org,02 31 00 00 00,14000\nKim,Ifs,y,,kim@b.fr,0231000001,14123\n"
    )
    found = columns.recognise(table)
    assert [str(column.field) for column in found] == [
        "name",
        "town",
        "note",
        "tags",
        "email",
        "phone",
        "postcode",
    ]
    assert [column.sure for column in found] == [True] * 4 + [False] * 3


def test_unknown_headers_are_guessed_by_their_values():
    table = reading.read(
        b"Nom;Joindre;Appeler;Ailleurs;Zone;Vu;Humeur\n"
        b"Jo;jo@brume.org;02 31 00 00 00;https://brume.org;14000;03/04/2026;vive\n"
        b"Kim;kim@b.fr;0231000001;www.b.fr;14123;2026-04-05;calme\n"
    )
    found = columns.recognise(table)
    assert [column.field for column in found] == ["name", "email", "phone", "link", "postcode", "note", None]
    assert [column.why for column in found[1:]] == [columns.Why.VALUES] * 5 + [columns.Why.UNKNOWN]
    assert found[5].label == "Vu"


def test_what_is_not_taken_is_listed():
    table = reading.read(sample("organisations/medias_francais.tsv").read_bytes(), "medias.tsv")
    assert columns.untaken(columns.recognise(table)) == ["Periodicite", "Echelle", "Prix", "Disparu"]
