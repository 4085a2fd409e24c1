"""Each file by strangers with the count that its README promises, through the whole engine."""

import csv
import io

import pytest

from contacts.imports import applying
from contacts.imports.errors import ReadingError
from contacts.models import Contact
from tests.cast import NOW, make_team
from tests.samples import sample

pytestmark = pytest.mark.django_db

# What the READMEs count: (file, rows read, contacts made, rows that are not taken)
CONTACTS = [
    # organisations
    ("organisations/festivals_normandie_bretagne.csv", 394, 390, 0),  # four stand in it twice
    ("organisations/panorama_festivals_305.csv", 305, 305, 0),
    ("organisations/medias_francais.tsv", 218, 218, 0),
    ("organisations/rna_sample_import.csv", 3, 3, 0),
    # contacts
    ("contacts/csv_semicolon.csv", 2, 2, 0),
    ("contacts/quote.csv", 1, 1, 0),
    ("contacts/csv_no_header.csv", 2, 2, 0),
    ("contacts/utf16_addressbook.csv", 1, 1, 0),
    ("contacts/thunderbird_export.csv", 2, 2, 0),
    ("contacts/linkedin_connections.csv", 10, 10, 0),
    ("contacts/outlook.csv", 3, 3, 0),
    ("contacts/chatwoot_existing_contacts.csv", 3, 3, 0),
    ("contacts/dos_vcard_addressbook.vcf", 1, 1, 0),
    ("contacts/v3-binary-jpeg.vcf", 1, 1, 0),
    ("contacts/John_Doe_ANDROID.vcf", 6, 6, 0),
    ("contacts/John_Doe_BLACK_BERRY.vcf", 1, 1, 0),
    ("contacts/John_Doe_MS_OUTLOOK.vcf", 1, 1, 0),
    ("contacts/John_Doe_GMAIL.vcf", 1, 1, 0),
    ("contacts/John_Doe_EVOLUTION.vcf", 1, 1, 0),
    ("contacts/outlook-2003.vcf", 1, 1, 0),
    ("contacts/rfc6350-example.vcf", 1, 1, 0),
    ("contacts/rfc2426-example.vcf", 2, 2, 0),
    ("contacts/escape_semicolon.vcf", 1, 1, 0),
    ("contacts/vcard_grouped.vcf", 1, 0, 1),  # an address without a name
    ("contacts/issue64.vcf", 1, 0, 1),  # a picture without a name
    # messy_csv: those whose columns name somebody
    ("messy_csv/nz_organisations.csv", 507, 507, 0),
    ("messy_csv/prenoms_latin1.csv", 10121, None, 0),  # first names of a city, each many times
    ("messy_csv/bom.csv", 2, 2, 0),
    ("messy_csv/blank-rows-multiple.csv", 2, 2, 0),
    ("messy_csv/duplicate-headers.csv", 2, 2, 0),
    ("messy_csv/spectrum_comma_in_quotes.csv", 1, 1, 0),
    ("xlsx/sheet2.xlsx", 2, 2, 0),  # on its second sheet
]
# Tables of something else: read whole, and not taken for contacts before somebody says which column names them.
TABLES = {
    "messy_csv/premiere.win1252.csv": 1,
    "messy_csv/premiere.utf8bom.csv": 1,
    "messy_csv/premiere.utf16lebom.csv": 1,
    "messy_csv/premiere.utf8.csv": 1,
    "messy_csv/semicolon_separated.csv": 2,
    "messy_csv/table_with_accents_cp1252.csv": 638,
    "messy_csv/blank-headers.csv": 2,
    "messy_csv/mac_newlines.csv": 2,
    "messy_csv/test_latin1.csv": 2,
    "messy_csv/title-row.csv": 2,
    "messy_csv/inconsistent-line-endings.csv": 2,
    "messy_csv/spectrum_empty.csv": 2,
    "messy_csv/spectrum_escaped_quotes.csv": 2,
    "messy_csv/spectrum_json.csv": 1,
    "messy_csv/spectrum_utf8.csv": 2,
    "xlsx/sheet_with_missing_cell_reference.xlsx": 0,
    "xlsx/sheet_with_formulas.xlsx": 2,
    "xlsx/one_sheet_with_shared_multiline_strings.xlsx": 4,
    "xlsx/skip-rows.xlsx": 2,
}
REFUSED = {
    "xlsx/attack_billion_laughs.xlsx": "XML",
    "xlsx/file_corrupted.xlsx": "",
    "xlsx/one_sheet_with_invalid_xml_characters.xlsx": "",
    "xlsx/two_sheets_one_hidden_one_not.xlsx": "",
}


def bring(name):
    path = sample(name)
    incoming = applying.read(path.read_bytes(), path.name)
    come = applying.provenance(source=name, basis="public_task", day=NOW.date())
    return applying.apply(incoming, path.name, team=make_team(), come=come, by=None, now=NOW)


@pytest.mark.parametrize(("name", "read", "created", "rejected"), CONTACTS, ids=lambda value: str(value))
def test_a_list_of_contacts_has_the_count_its_readme_promises(name, read, created, rejected):
    outcome = bring(name)
    assert (outcome.read, len(outcome.rejected)) == (read, rejected)
    assert outcome.created == Contact.objects.count()
    assert created is None or outcome.created == created
    assert outcome.read == outcome.created + outcome.updated + outcome.unchanged + rejected


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_something_else_is_read_and_its_columns_are_asked_for(name):
    path = sample(name)
    assert applying.read(path.read_bytes(), path.name, names=False).found["count"] == TABLES[name]
    with pytest.raises(ReadingError):
        bring(name)
    assert not Contact.objects.exists()


def test_formulas_stay_text():
    payloads = sample("messy_csv/csv_injection_payloads.txt").read_text().splitlines()
    content = io.StringIO()
    csv.writer(content).writerows([["Nom"], *([payload] for payload in payloads)])
    come = applying.provenance(source="x", basis="public_task", day=NOW.date())
    incoming = applying.read(content.getvalue().encode(), "x.csv")
    assert applying.apply(incoming, "x.csv", team=make_team(), come=come, by=None, now=NOW).created == 6
    assert set(Contact.objects.values_list("name", flat=True)) == {
        " ".join(text.split()) for text in payloads
    }


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_and_damaged_ones_are_refused_with_a_sentence(name):
    with pytest.raises(ReadingError) as refused:
        bring(name)
    assert REFUSED[name] in str(refused.value)
    assert not Contact.objects.exists()


def test_a_sheet_of_dates_alone_names_nobody():
    with pytest.raises(ReadingError):
        bring("xlsx/sheet_with_dates_and_times.xlsx")
