"""Exports of address books under their own headers: each recognised as what it is, nobody asked about a column of them."""

import pytest

from contacts.imports import columns, headersets
from contacts.imports.reading import Table
from contacts.names import fold
from tests.samples import sample

GOOGLE_2024 = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,"
    "Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,"
    "Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Relation 1 - Label,Relation 1 - Value,"
    "Website 1 - Label,Website 1 - Value"
)
GOOGLE_BEFORE = (
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,Family Name Yomi,"
    "Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Billing Information,"
    "Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Language,Photo,Group Membership,"
    "E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Type,Organization 1 - Name,"
    "Organization 1 - Yomi Name,Organization 1 - Title,Organization 1 - Department"
)
OUTLOOK_FR = (
    "Titre,Prénom,Deuxième prénom,Nom,Suffixe,Société,Service,Titre,Rue (bureau),Rue (bureau) 2,Rue (bureau) 3,"
    "Ville (bureau),Dép/Région (bureau),Code postal (bureau),Pays/Région (bureau),Rue (domicile),Rue (domicile) 2,"
    "Rue (domicile) 3,Ville (domicile),Dép/Région (domicile),Code postal (domicile),Pays/Région (domicile),Rue (autre),"
    "Rue (autre) 2,Rue (autre) 3,Ville (autre),Dép/Région (autre),Code postal (autre),Pays/Région (autre),"
    "Téléphone de l'assistant(e),Télécopie (bureau),Téléphone (bureau),Téléphone 2 (bureau),Rappel,Téléphone (voiture),"
    "Téléphone société,Télécopie (domicile),Téléphone (domicile),Téléphone 2 (domicile),RNIS,Tél. mobile,"
    "Télécopie (autre),Téléphone (autre),Récepteur de radiomessagerie,Téléphone principal,Radiotéléphone,"
    "Téléphone TDD/TTY,Télex,Adresse de messagerie,Type de messagerie,Nom complet de l'adresse de messagerie,"
    "Adresse de messagerie 2,Type de messagerie 2,Nom complet de l'adresse de messagerie 2,Adresse de messagerie 3,"
    "Type de messagerie 3,Nom complet de l'adresse de messagerie 3,Anniversaire,Anniversaire de mariage ou fête,"
    "Autre boîte postale,B.P. professionnelle,Boîte postale du domicile,Bureau,Catégories,Code gouvernement,Compte,"
    "Conjoint(e),Critère de diffusion,Disponibilité Internet,Emplacement,Enfants,Informations facturation,Initiales,"
    "Kilométrage,Langue,Lieu,Mots clés,Nom de l'assistant(e),Notes,Numéro d'identification de l'organisation,Page Web,"
    "Passe-temps,Priorité,Privé,Profession,Responsable,Serveur d'annuaire,Sexe,Utilisateur 1,Utilisateur 2,Utilisateur 3,"
    "Utilisateur 4"
)
OUTLOOK_EN = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,"
    "Business State,Business Postal Code,Business Country/Region,Home Street,Home City,Home Postal Code,Business Fax,"
    "Business Phone,Home Phone,Mobile Phone,Categories,E-mail Address,E-mail Type,E-mail Display Name,Notes,Web Page"
)
HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lifecycle Stage,Associated Company,City,"
    "Postal Code,Create Date,Lead Status,Website URL"
)
MAILCHIMP = (
    "Email Address,First Name,Last Name,Address,Phone Number,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,LATITUDE,"
    "LONGITUDE,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
)
CIVICRM = (
    "Contact ID,Contact Type,Contact Subtype,Sort Name,Display Name,Do Not Email,First Name,Last Name,Street Address,"
    "City,Postal Code,Country,Email,Phone,Current Employer,Job Title,Groups"
)


def found(headers):
    headers = headers.split(",")
    table = Table(headers, [], 1)
    return columns.recognise(table)


def fields(headers):
    return {column.header: str(column.field) for column in found(headers) if column.field}


@pytest.mark.parametrize(
    ("headers", "name", "expected"),
    [
        (GOOGLE_2024, "Google Contacts", {
            "First Name": "first_name", "Last Name": "last_name", "Organization Name": "group",
            "Organization Title": "role", "Notes": "note", "Labels": "tags", "E-mail 1 - Value": "email",
            "E-mail 2 - Value": "email", "Phone 1 - Value": "phone", "Address 1 - Street": "street",
            "Address 1 - City": "town", "Address 1 - Postal Code": "postcode", "Website 1 - Value": "link"}),
        (GOOGLE_BEFORE, "Google Contacts", {
            "Name": "name", "Given Name": "first_name", "Family Name": "last_name", "Notes": "note",
            "Group Membership": "tags", "E-mail 1 - Value": "email", "Phone 1 - Value": "phone",
            "Organization 1 - Name": "group", "Organization 1 - Title": "role"}),
        (OUTLOOK_EN, "Outlook", {
            "First Name": "first_name", "Last Name": "last_name", "Company": "group", "Job Title": "role",
            "Business Street": "street", "Business City": "town", "Business Postal Code": "postcode",
            "Home Street": "street", "Home City": "town", "Home Postal Code": "postcode", "Business Phone": "phone",
            "Home Phone": "phone", "Mobile Phone": "phone", "Categories": "tags", "E-mail Address": "email",
            "Notes": "note", "Web Page": "link"}),
        (HUBSPOT, "HubSpot", {
            "Record ID": "external_id", "First Name": "first_name", "Last Name": "last_name", "Email": "email",
            "Phone Number": "phone", "Associated Company": "group", "City": "town", "Postal Code": "postcode",
            "Website URL": "link"}),
        (MAILCHIMP, "Mailchimp", {
            "Email Address": "email", "First Name": "first_name", "Last Name": "last_name", "Address": "street",
            "Phone Number": "phone", "NOTES": "note", "TAGS": "tags"}),
        (CIVICRM, "CiviCRM", {
            "Contact ID": "external_id", "Contact Type": "kind", "Display Name": "name", "First Name": "first_name",
            "Last Name": "last_name", "Street Address": "street", "City": "town", "Postal Code": "postcode",
            "Email": "email", "Phone": "phone", "Current Employer": "group", "Job Title": "role", "Groups": "tags"}),
    ],
    ids=["google", "google-before-2024", "outlook", "hubspot", "mailchimp", "civicrm"],
)  # fmt: skip
def test_each_column_is_what_the_product_means_by_it(headers, name, expected):
    assert headersets.known([fold(header) for header in headers.split(",")]).name == name
    assert fields(headers) == expected


def test_outlook_in_french_has_92_columns_and_a_title_twice():
    headers = OUTLOOK_FR.split(",")
    assert len(headers) == 92
    assert headersets.known([fold(header) for header in headers]).name == "Outlook"
    titles = [column.field for column in found(OUTLOOK_FR) if column.header == "Titre"]
    assert titles == [None, "role"]
    taken = fields(OUTLOOK_FR)
    assert (taken["Prénom"], taken["Nom"], taken["Société"]) == ("first_name", "last_name", "group")
    assert {header for header, field in taken.items() if field == "email"} == {
        "Adresse de messagerie", "Adresse de messagerie 2", "Adresse de messagerie 3",
    }  # fmt: skip
    assert {header for header, field in taken.items() if field == "phone"} == {
        "Téléphone (bureau)", "Téléphone 2 (bureau)", "Téléphone (voiture)", "Téléphone société",
        "Téléphone (domicile)", "Téléphone 2 (domicile)", "Tél. mobile", "Téléphone (autre)", "Téléphone principal",
    }  # fmt: skip
    assert [header for header, field in taken.items() if field == "street"][:3] == [
        "Rue (bureau)", "Rue (bureau) 2", "Rue (bureau) 3",
    ]  # fmt: skip
    assert not {"Lieu", "Nom de l'assistant(e)", "Télécopie (bureau)", "Type de messagerie"} & set(taken)


@pytest.mark.parametrize(
    ("name", "product"),
    [
        ("contacts/linkedin_connections.csv", "LinkedIn"),
        ("contacts/quote.csv", "Thunderbird"),
        ("contacts/thunderbird_export.csv", "Thunderbird"),
        ("organisations/rna_sample_import.csv", "Répertoire national des associations"),
    ],
)
def test_real_exports_are_named(name, product):
    from contacts.imports import reading

    table = reading.read(sample(name).read_bytes(), name)
    assert headersets.known([fold(header) for header in table.headers]).name == product


def test_a_list_of_ones_own_is_nobodys_product():
    assert headersets.known(["nom", "ville", "courriel"]) is None
