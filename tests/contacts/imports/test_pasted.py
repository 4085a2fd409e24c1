"""Lists without columns, and texts in the wrong letters."""

import pytest

from contacts.imports import pasted, reading
from contacts.imports.decoding import decode
from contacts.imports.reading import Options


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jo Brume <jo@brume.org>", [["Jo Brume", "jo@brume.org"]]),
        ('"Brume, Jo" <jo@brume.org>; kim@roc.fr', [["Brume, Jo", "jo@brume.org"], ["", "kim@roc.fr"]]),
        (
            "Brume, Jo <jo@brume.org>, Kim <kim@roc.fr>",
            [["Brume, Jo", "jo@brume.org"], ["Kim", "kim@roc.fr"]],
        ),
        ("À : a@b.fr, c@d.fr\nCc: <e@f.fr>\n", [["", "a@b.fr"], ["", "c@d.fr"], ["", "e@f.fr"]]),
        ("a@b.fr\r\nc@d.fr", [["", "a@b.fr"], ["", "c@d.fr"]]),
        ("Jo Brume\n\n- La Cale\n  Sonik  \n", [["Jo Brume"], ["La Cale"], ["Sonik"]]),
        ("M\n!!!\nAC/DC", [["M"], ["!!!"], ["AC/DC"]]),
    ],
)
def test_recipients_and_names(text, found):
    assert [row.cells for row in pasted.read(text)[1]] == found


@pytest.mark.parametrize("text", ["Nom;Ville\nBrume;Caen\n", "Brume\tCaen\nRoc\tIfs\n", "a,b\nc,d\n"])
def test_what_has_columns_is_a_table(text):
    assert pasted.read(text) is None


def test_cells_out_of_a_spreadsheet_are_a_table():
    table = reading.read(b"Nom\tVille\nBrume\tCaen\n", "Pasted list", Options(pasted=True))
    assert (table.form, table.separator, table.rows[0].cells) == ("text", "\t", ["Brume", "Caen"])


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Évreux".encode(), "utf-8"),
        ("Fête à Évreux, Œuvre".encode("cp1252"), "cp1252"),
        ("été à Évreux".encode("mac_roman"), "mac_roman"),  # each of its bytes has a meaning in cp1252 too
        ("Fête de la crèche".encode("mac_roman"), "mac_roman"),
        ("Nom;Ville\nJo;Évreux\n".encode("utf-16"), "utf-16"),
        ("Nom;Ville\nJo;Évreux\n".encode("utf-16-le"), "utf-16"),
        ("Nom;Ville\nJo;Évreux\n".encode("utf-16-be"), "utf-16"),
        (b"\xef\xbb\xbf\xef\xbb\xbfNom", "utf-8"),
    ],
)
def test_the_letters_are_found_out(content, encoding):
    text, found, _findings = decode(content)
    assert found == encoding
    assert "\ufeff" not in text
    assert "Ž" not in text


def test_a_chosen_encoding_is_taken():
    text, found, _findings = decode("Évreux".encode(), "cp1252")
    assert (text, found) == ("Ã‰vreux", "cp1252")


@pytest.mark.parametrize(
    ("cell", "words"), [("Ã‰vreux Ã©tÃ©", "Accents are broken"), ("L�a", "Letters are lost")]
)
def test_a_file_that_was_spoilt_before_is_warned_about_and_not_repaired(cell, words):
    table = reading.read(f"Nom;Ville\nBrume;Caen\n{cell};Caen\n".encode())
    assert table.rows[1].cells[0] == cell
    (said,) = table.findings
    assert words in said.text
    assert said.values == {"line": 3, "count": 1}
