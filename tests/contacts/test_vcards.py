"""Cards of three decades, read into rows."""

import pytest

from contacts import vcards
from contacts.imports.errors import ReadingError
from tests.samples import sample


def cards(text):
    content = text if isinstance(text, bytes) else text.encode()
    return [dict(zip(vcards.HEADERS, row.cells, strict=True)) for row in vcards.read(content).rows]


def of(name):
    return cards(sample(f"contacts/{name}").read_bytes())


def card(*lines, version="3.0"):
    (only,) = cards("\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]))
    return only


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("John_Doe_MS_OUTLOOK.vcf", ["Mr. John Richter James Doe Sr."]),
        ("John_Doe_GMAIL.vcf", ["Mr. John Richter, James Doe Sr."]),
        ("John_Doe_EVOLUTION.vcf", ["Mr. John Richter, James Doe Sr."]),
        ("John_Doe_BLACK_BERRY.vcf", ["John Doe"]),
        ("outlook-2003.vcf", ["John Doe III"]),
        ("rfc2426-example.vcf", ["Frank Dawson", "Tim Howes"]),
        ("rfc6350-example.vcf", ["Simon Perreault"]),
        ("dos_vcard_addressbook.vcf", ["Name Surname"]),
        ("v3-binary-jpeg.vcf", ["Binary JPEG"]),
        ("escape_semicolon.vcf", ["First Last NextCloud"]),
        ("issue64.vcf", [""]),
        ("vcard_grouped.vcf", [""]),
    ],
)
def test_real_cards_have_their_names(name, names):
    assert [one["Display Name"] for one in of(name)] == names


def test_quoted_printable_with_soft_line_breaks():
    android = of("John_Doe_ANDROID.vcf")
    assert len(android) == 6
    assert android[2]["Display Name"] == "Ñ Ñ Ñ Ñ Ñ"
    assert android[3]["Phone"].split("\n") == ["123456", "234567", "3456789", "45678901"]
    assert of("outlook-2003.vcf")[0]["Notes"].replace("\r", "").split("\n") == [
        "This is the note field!!", "Second line", "", "Third line is empty",
    ]  # fmt: skip


def test_every_address_and_the_first_place():
    (card,) = of("rfc6350-example.vcf")
    assert card["Phone"] == "+1-418-656-9254 ext. 102\n+1-418-262-6501"
    assert (card["Street"], card["City"], card["Postal Code"]) == ("2875 Laurier", "Quebec", "G1V 2M2")
    assert (card["Organization Name"], card["Kind"]) == ("Viagenie", "person")


def test_folded_lines_and_escapes():
    assert card("FN:Jo\\, dit\r\n  Brume", "NOTE:un\\ndeux\\; trois")["Display Name"] == "Jo, dit Brume"
    assert card("FN:x", "NOTE:un\\ndeux\\; trois")["Notes"] == "un\ndeux; trois"


def test_groups_of_properties_are_read_like_any_other():
    said = card("FN:Jo", "item1.EMAIL:jo@brume.org", "item1.X-ABLabel:_$!<Work>!$_")
    assert said["Email Address"] == "jo@brume.org"


def test_a_fax_is_no_number_to_call():
    assert card("FN:Jo", "TEL;WORK;FAX:1", "TEL;CELL:0612345678", version="2.1")["Phone"] == "0612345678"


@pytest.mark.parametrize(
    "lines",
    [
        ["KIND:org", "FN:La Cale"],
        ["FN:La Cale", "ORG:La Cale"],
        ["ORG:La Cale"],
        ["FN:La Cale", "X-ABShowAs:COMPANY"],
    ],
)
def test_an_organisation_is_a_group(lines):
    said = card(*lines, version="4.0")
    assert (said["Display Name"], said["Kind"], said["Organization Name"]) == ("La Cale", "other", "")


def test_the_charset_of_an_old_phone():
    said = card("N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:B=E9ranger;L=E9a", version="2.1")
    assert (said["First Name"], said["Last Name"]) == ("Léa", "Béranger")


def test_one_odd_line_costs_a_field_and_never_the_card():
    said = card("FN:Jo", "no colon here", ";;;:", "EMAIL:jo@brume.org", 'TEL;TYPE="x:1')
    assert (said["Display Name"], said["Email Address"]) == ("Jo", "jo@brume.org")


def test_a_card_that_never_ends_is_one_all_the_same():
    assert [one["Display Name"] for one in cards("BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\n")] == ["A", "B"]


def test_no_card_is_said():
    with pytest.raises(ReadingError):
        vcards.read(b"FN:Jo\n")
