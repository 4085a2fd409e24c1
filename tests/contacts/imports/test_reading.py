"""Files by strangers, read as tables or refused with a sentence."""

import csv
import io
import json
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.imports import reading, rows
from contacts.imports.errors import ReadingError
from tests.samples import SAMPLES, sample


def read(name, **options):
    path = sample(name)
    return reading.read(path.read_bytes(), path.name, **options)


@pytest.mark.parametrize(
    ("name", "encoding", "separator", "count", "headers"),
    [
        (
            "organisations/festivals_normandie_bretagne.csv",
            "utf-8",
            ";",
            394,
            ["Nom du festival", "Envergure territoriale"],
        ),
        (
            "organisations/panorama_festivals_305.csv",
            "utf-8",
            ";",
            305,
            ["Nom de la manifestation", "Région"],
        ),
        ("organisations/medias_francais.tsv", "utf-8", "\t", 218, ["Nom", "Type"]),
        ("organisations/rna_sample_import.csv", "utf-8", ";", 3, ["id", "id_ex"]),
        ("contacts/csv_semicolon.csv", "utf-8", ";", 2, ["Display Name", "First Name"]),
        ("contacts/quote.csv", "utf-8", ",", 1, ["First Name", "Last Name"]),
        ("contacts/utf16_addressbook.csv", "utf-16", ",", 1, ["First Name", "Last Name"]),
        ("contacts/thunderbird_export.csv", "utf-8", ",", 2, ["First Name", "Last Name"]),
        ("contacts/linkedin_connections.csv", "utf-8", ",", 10, ["First Name", "Last Name"]),
        ("contacts/outlook.csv", "utf-8", ",", 3, ["Action", "ID"]),
        ("contacts/chatwoot_existing_contacts.csv", "utf-8", ",", 3, ["id", "first_name"]),
        ("messy_csv/premiere.win1252.csv", "cp1252", ",", 1, ["première", "second"]),
        ("messy_csv/premiere.utf8bom.csv", "utf-8", ",", 1, ["première", "second"]),
        ("messy_csv/premiere.utf16lebom.csv", "utf-16", ",", 1, ["première", "second"]),
        ("messy_csv/premiere.utf8.csv", "utf-8", ",", 1, ["première", "second"]),
        ("messy_csv/prenoms_latin1.csv", "cp1252", ";", 10121, ["prenoms", "nombre"]),
        ("messy_csv/table_with_accents_cp1252.csv", "cp1252", ";", 638, ["Classement", "Quartier"]),
        ("messy_csv/nz_organisations.csv", "utf-8", ",", 507, ["id", "name"]),
        ("messy_csv/semicolon_separated.csv", "utf-8", ";", 2, ["This", "Are"]),
        ("messy_csv/bom.csv", "utf-8", ",", 2, ["id", "name"]),
        ("messy_csv/blank-headers.csv", "utf-8", ",", 2, ["id", ""]),
        ("messy_csv/duplicate-headers.csv", "utf-8", ",", 2, ["id", "name"]),
        ("messy_csv/blank-rows-multiple.csv", "utf-8", ",", 2, ["id", "name"]),
        ("messy_csv/mac_newlines.csv", "utf-8", ",", 2, ["a", "b"]),
        ("messy_csv/test_latin1.csv", "cp1252", ",", 2, ["a", "b"]),
        ("messy_csv/title-row.csv", "utf-8", ",", 2, ["Foo", "Bsr"]),
        ("messy_csv/inconsistent-line-endings.csv", "utf-8", ",", 2, ["Foo", "Bsr"]),
    ],
)
def test_real_files_are_understood(name, encoding, separator, count, headers):
    table = read(name)
    assert (table.encoding, table.separator, len(table.rows)) == (encoding, separator, count)
    assert table.headers[:2] == headers


@pytest.mark.parametrize(
    "path", sorted((SAMPLES / "messy_csv").glob("spectrum_*.csv")), ids=lambda path: path.stem
)
def test_csv_spectrum_gives_what_it_expects(path):
    table = reading.read(path.read_bytes(), path.name)
    expected = json.loads(path.with_suffix("").with_suffix(".expected.json").read_text())
    assert [dict(zip(table.headers, row.cells, strict=True)) for row in table.rows] == expected


def test_two_byte_order_marks_are_both_removed():
    assert read("organisations/festivals_normandie_bretagne.csv").headers[0] == "Nom du festival"


def test_lines_above_the_header_are_left_out_and_said():
    table = read("contacts/linkedin_connections.csv")
    assert table.header_line == 5
    assert table.rows[0].line == 6
    assert "5" in str(table.findings[0])


def test_headers_on_a_line_past_the_end_are_refused_with_the_last_line():
    content = b"Nom;Ville\nBrume;Caen\n\n"
    assert reading.read(content, "liste.csv", reading.Options(header=2)).headers == ["Brume", "Caen"]
    with pytest.raises(ReadingError) as refused:
        reading.read(content, "liste.csv", reading.Options(header=3))
    assert refused.value.said.values == {"line": 3, "last": 2}


def test_without_a_header_the_first_row_is_data():
    table = read("contacts/csv_no_header.csv")
    assert table.header_line is None
    assert table.headers == ["", "", "", ""]
    assert [row.line for row in table.rows] == [1, 2]


def test_lines_are_those_of_the_file():
    table = reading.read(b'a,b\n\n1,"two\nlines"\n,\n3,4\n')
    assert [(row.line, row.cells) for row in table.rows] == [(3, ["1", "two\nlines"]), (6, ["3", "4"])]


def test_short_rows_are_filled_and_long_ones_are_said():
    table = reading.read(b"a;b;c\n1\n1;2;3;4\n")
    assert [row.cells for row in table.rows] == [["1", "", ""], ["1", "2", "3", "4"]]
    assert [finding.values["line"] for finding in table.findings] == [3, 2]


def test_duplicate_headers_are_said():
    assert "id" in str(read("messy_csv/duplicate-headers.csv").findings[0])


def test_excel_says_its_separator():
    table = reading.read(b"sep=;\r\na;b,c\r\n1;2,5\r\n")
    assert (table.headers, table.rows[0].cells, table.rows[0].line) == (["a", "b,c"], ["1", "2,5"], 3)


def test_mac_roman_is_the_last_step_of_the_ladder():
    text = "Nom;Ville\nFête de la crèche;Évreux\n"
    table = reading.read(text.encode("mac_roman"))
    assert table.encoding == "mac_roman"
    assert table.rows[0].cells == ["Fête de la crèche", "Évreux"]
    assert table.findings


def test_formulas_are_text():
    payload = sample("messy_csv/csv_injection_payloads.txt").read_text().splitlines()[0]
    content = io.StringIO()
    csv.writer(content).writerows([["Nom", "Note"], [payload, "x"]])
    assert reading.read(content.getvalue().encode()).rows[0].cells[0] == payload


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), min_size=3, max_size=3
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from([";", ",", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_was_written_is_read(cells, separator, encoding):
    cells = [row for row in cells if any(cell.strip() for cell in row)]
    content = io.StringIO()
    csv.writer(content, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(
        [["un", "deux", "trois"], *cells]
    )
    table = reading.read(content.getvalue().encode(encoding), header=True)
    assert table.headers == ["un", "deux", "trois"]
    assert [row.cells for row in table.rows] == cells


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_sentence(content):
    try:
        table = reading.read(content, "x.csv")
    except ReadingError as error:
        assert str(error)
    else:
        assert all(len(row.cells) >= len(table.headers) for row in table.rows)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n \n",
        b";;\n;;\n",
        b"<!DOCTYPE html><html></html>",
        b"%PDF-1.7 ...",
        b"a\x00b\x00c\x01",
        b'a,b\n1,"never closed\n2,3\n',
    ],
)
def test_what_is_no_table_is_refused(content):
    with pytest.raises(ReadingError):
        reading.read(content, "x.csv")


def test_an_open_quote_is_named_by_its_line():
    with pytest.raises(ReadingError, match="2"):
        reading.read(b'a,b\n1,"never closed\n2,3\n', "x.csv")


def test_too_large_and_too_long_are_refused(monkeypatch):
    with pytest.raises(ReadingError, match="20"):
        reading.read(b"a" * (reading.MAX_BYTES + 1))
    monkeypatch.setattr(reading, "MAX_ROWS", 10)
    assert len(reading.read(b"a,b\n" + b"1,2\n" * 10).rows) == 10
    with pytest.raises(ReadingError):
        reading.read(b"a,b\n" + b"1,2\n" * 11)


# --- Workbooks ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "attack_billion_laughs.xlsx",
        "file_corrupted.xlsx",
        "one_sheet_with_invalid_xml_characters.xlsx",
        "two_sheets_one_hidden_one_not.xlsx",
    ],
)
def test_hostile_damaged_and_empty_workbooks_are_refused(name):
    with pytest.raises(ReadingError):
        read(f"xlsx/{name}")


@pytest.mark.parametrize(
    ("name", "sheet", "headers", "first"),
    [
        ("sheet2.xlsx", "Sheet2", ["id", "name"], ["1", "english"]),
        ("skip-rows.xlsx", "Sheet 1", ["A", "B"], ["8", "9"]),
        ("sheet_with_formulas.xlsx", "Sheet1", ["val1", "val2", "total1", "total2", "DateFunction", "Average"],
         ["10", "20", "30", "21", "2022-05-05", "1.5"]),
        ("one_sheet_with_shared_multiline_strings.xlsx", "Sheet1", ["s1 A1", "s1 B1", "s1 C1", "s1 D1", "s1 E1"],
         ["s1\nA2", "s1\nB2", "s1\nC2", "s1\nD2", "s1\nE2"]),
    ],
)  # fmt: skip
def test_workbooks_give_text(name, sheet, headers, first):
    table = read(f"xlsx/{name}")
    assert (table.sheet, table.headers, table.rows[0].cells) == (sheet, headers, first)


def test_dates_and_times_are_iso():
    table = read("xlsx/sheet_with_dates_and_times.xlsx")
    assert table.rows[0].cells[0] == "2016-01-13"
    assert table.rows[1].cells[0] == "04:43:25"
    assert table.rows[2].cells[0] == "1976-11-22 08:30:00"


def test_a_workbook_of_rows_numbers_them_as_the_sheet_does():
    table = read("xlsx/skip-rows.xlsx")
    assert (table.header_line, [row.line for row in table.rows]) == (2, [3, 4])


def workbook(*cells):
    book = openpyxl.Workbook()
    for at, value in cells:
        book.active[at] = value
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_cell_far_out_is_refused_instead_of_filling_memory():
    with pytest.raises(ReadingError):
        reading.read(workbook(("A1", "nom"), ("XFD1048576", "x")), "x.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch):
    from contacts.imports import archives

    monkeypatch.setattr(archives, "MAX_UNPACKED", 1000)
    with pytest.raises(ReadingError):
        reading.read(workbook(("A1", "nom"), ("A2", "Jo")), "x.xlsx")


def test_a_zip_that_is_no_workbook_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.txt", "bonjour")
    with pytest.raises(ReadingError):
        reading.read(content.getvalue(), "x.xlsx")


def test_a_workbook_under_another_name_is_read():
    assert reading.read(workbook(("A1", "nom"), ("A2", "Jo")), "liste.csv").rows == [rows.Row(2, ["Jo"])]
