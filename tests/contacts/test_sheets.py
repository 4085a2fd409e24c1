"""Tables as files: what a spreadsheet may take for a formula, and what a workbook holds, read by others."""

import csv
import io
import tracemalloc

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from contacts import sheets
from tests.samples import sample

HEADER = ["Name", "Phone"]


def payloads() -> list[str]:
    return sample("messy_csv/csv_injection_payloads.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Jo", "Jo"),
        ("", ""),
        ("=1+1", "'=1+1"),
        ("+33 6 12 34 56 78", "'+33 6 12 34 56 78"),
        ("-M-", "'-M-"),
        ("@brume", "'@brume"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'=1", "''=1"),
        ("'n Roll", "'n Roll"),
        ("a=1", "a=1"),
    ],
)
def test_what_looks_like_a_formula_leaves_with_an_apostrophe(text, left):
    assert sheets.safe(text) == left
    assert sheets.unsafe(left) == text


@given(st.text(alphabet="'=+-@\t\ra1 ", max_size=8))
def test_taking_the_apostrophe_away_gives_back_what_there_was(text):
    assert sheets.unsafe(sheets.safe(text)) == text
    assert sheets.safe(text)[:1] not in set("=+-@\t\r")


def test_known_payloads_are_harmless():
    assert len(payloads()) == 6
    for payload in payloads():
        (row,) = list(
            csv.reader(io.StringIO(b"".join(sheets.as_csv([payload], [], for_excel=False)).decode()))
        )
        assert row == [f"'{payload}"]


def test_a_french_excel_gets_a_mark_and_semicolons():
    whole = b"".join(sheets.as_csv(HEADER, [["Jo; Brume", 'dit "Jo"\n06']], for_excel=True))
    assert whole.startswith(b"\xef\xbb\xbfName;Phone\r\n")
    assert whole.endswith(b'"Jo; Brume";"dit ""Jo""\n06"\r\n')
    plain = b"".join(sheets.as_csv(HEADER, [["Jo, Brume", ""]], for_excel=False))
    assert plain == b'Name,Phone\r\n"Jo, Brume",\r\n'


ODD = ["Été", "=1+1", "<&>\"'", "a\nb", "_x0041_", " x ", "\u200b", "😀", "00612", "x" * 40_000]


def test_two_readers_find_in_the_workbook_what_was_written():
    whole = b"".join(sheets.as_xlsx(["N", "="], [[text, ""] for text in ODD], title="Radio: [Bocage]"))
    expected = [text[: sheets.LONGEST] for text in ODD]
    book = openpyxl.load_workbook(io.BytesIO(whole))
    cells = [row[0] for row in book.active.iter_rows(min_row=2)]
    assert book.sheetnames == ["Radio   Bocage "]
    by_openpyxl = [text.replace("_x005F_x0041_", "_x0041_") for text in (cell.value for cell in cells)]
    assert (
        by_openpyxl == expected
    )  # it leaves the escape of "_x0041_" (ECMA-376) as it stands; Excel does not
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert [cell.quotePrefix for cell in cells[:2]] == [False, True]
    read = CalamineWorkbook.from_filelike(io.BytesIO(whole)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in read[1:]] == expected


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_does_not_follow_the_number_of_rows(kind):
    def peak(count: int) -> int:
        rows = ([f"Contact {number}", "x" * 100] for number in range(count))
        pieces = (
            sheets.as_csv(HEADER, rows, for_excel=True)
            if kind == "csv"
            else sheets.as_xlsx(HEADER, rows, title="x")
        )
        tracemalloc.start()
        total = sum(len(piece) for piece in pieces)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert total
        return used

    peak(10)
    assert peak(6000) < 2 * peak(1500)
