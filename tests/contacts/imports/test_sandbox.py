"""Files by strangers in a child process: what is made to hurt is refused with a sentence, and hurts nobody else."""

import io
import zipfile

import pytest

from contacts.imports import archives, child, packing, reading, rows, sandbox
from contacts.imports.errors import ReadingError, Said
from tests.samples import sample

MINIMAL = {
    "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Nom</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Jo</t></is></c></row></sheetData></worksheet>',
}  # fmt: skip


def workbook(**parts):
    """A minimal workbook with `parts` (by the end of their name) in place of its own."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**MINIMAL, **parts}.items():
            archive.writestr(name, text)
    return content.getvalue()


def sheet(xml):
    return workbook(**{"xl/worksheets/sheet1.xml": xml})


def refusal(content, name="x.xlsx"):
    with pytest.raises(ReadingError) as refused:
        reading.read(content, name)
    return str(refused.value.said.text)


def test_the_minimal_workbook_is_read():
    assert reading.read(workbook(), "x.xlsx").rows == [rows.Row(2, ["Jo"])]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',  # an entity bomb
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',  # an external entity
        '<!DOCTYPE x [<!ENTITY a "' + "a" * 50_000 + '">]>',  # quadratic blow-up
        '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">',
    ],
)
def test_entities_are_refused_before_a_parser_sees_them(doctype):
    body = MINIMAL["xl/worksheets/sheet1.xml"].replace(
        '<?xml version="1.0"?>', f'<?xml version="1.0"?>{doctype}'
    )
    assert "XML entities" in refusal(sheet(body))
    assert "XML entities" in refusal(
        sheet(body.replace('version="1.0"', 'version="1.0" encoding="utf-16"').encode("utf-16"))
    )


def test_strict_files_and_protected_ones_are_named_as_what_they_are():
    strict = MINIMAL["xl/workbook.xml"].replace(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    assert "Strict Open XML" in refusal(workbook(**{"xl/workbook.xml": strict}))
    ole = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 500
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 500
    )
    assert "password" in refusal(ole)


def test_what_swells_is_stopped_before_it_is_unpacked_and_while_it_is(monkeypatch):
    bomb = sheet("<worksheet>" + " " * (25 * 1024 * 1024) + "</worksheet>")
    assert len(bomb) < 100_000
    assert "unpacks to too much" in refusal(bomb)
    # What really comes out is counted too, whatever was declared.
    monkeypatch.setattr(archives, "_swells", lambda unpacked, packed: unpacked > 1_000_000 and packed == 0)
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive, pytest.raises(ReadingError):
        archives._look_through(archive, archive.getinfo("xl/worksheets/sheet1.xml"), 0, 0)


def test_too_many_parts_are_refused():
    parts = {f"xl/media/{n}.bin": b"" for n in range(archives.MAX_MEMBERS + 1)}
    assert "unpacks to too much" in refusal(workbook(**parts))


def test_a_broken_archive_is_damaged_and_no_error_of_ours():
    content = bytearray(workbook())
    for at in range(60, len(content), 97):
        spoilt = bytearray(content)
        spoilt[at] ^= 0xFF
        try:
            reading.read(bytes(spoilt), "x.xlsx")
        except ReadingError as error:
            assert error.said.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a;" * 600 + b"\n" + b"1;" * 600, "500 columns"),
        (b'Nom;Note\nJo;"' + b"x" * 100_001 + b'"\n', "100,000 characters"),
        (b'Nom;Note\nJo;"' + b"x" * 200_000 + b'"\n', "100,000 characters"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "calendar"),
        (b"\x00\x01\x02\x03" * 50, "not a text file"),
    ],
)
def test_what_is_too_much_of_something_is_refused(content, words):
    assert words in refusal(content, "x.csv")


def test_the_child_reads_and_answers(real_child):
    found, table = sandbox.parse("Nom;Ville\nBrume;Évreux\n".encode(), "liste.csv")
    assert (found["headers"], found["count"], found["separator"]) == (["Nom", "Ville"], 1, ";")
    assert list(packing.unpack(table, found["chunks"])) == [[rows.Row(2, ["Brume", "Évreux"])]]


def test_the_child_says_why_not_in_words_that_can_be_translated(real_child):
    with pytest.raises(ReadingError) as refused:
        sandbox.parse(b'Nom;Ville\n"Brume;Caen\n', "liste.csv")
    assert refused.value.said == Said("The quotation mark opened on line %(line)d is never closed.", line=2)


@pytest.mark.parametrize("name", ["MEMORY", "SECONDS"])
def test_a_child_that_needs_too_much_is_ended_and_it_is_said(real_child, monkeypatch, tmp_path, name):
    script = {
        "MEMORY": "held = [bytes(50_000_000) for _ in range(100)]",
        "SECONDS": "while True: pass",
    }[name]
    program = tmp_path / "hungry.py"
    program.write_text(
        "from contacts.imports import child\n"
        f"child.SECONDS = 1\nchild.parse = lambda *said: exec({script!r})\nchild.main()\n"
    )
    run = sandbox.subprocess.run

    def instead(command, **options):
        return run([command[0], str(program)], **options)

    monkeypatch.setattr(sandbox.subprocess, "run", instead)
    with pytest.raises(ReadingError) as refused:
        sandbox.parse(b"Nom\nBrume\n", "x.csv")
    assert "more memory or time" in refused.value.said.text


def test_rows_are_found_again_by_their_place():
    made = [rows.Row(n, [f"Brume {n}"]) for n in range(2_500)]
    table, chunks = packing.pack(made)
    assert len(chunks) == 3
    assert packing.rows_at(table, chunks, [0, 999, 1000, 2499]) == [
        made[0],
        made[999],
        made[1000],
        made[2499],
    ]
    assert child.parse(b"Nom\nBrume\n", "x", reading.Options())[0]["count"] == 1


@pytest.mark.parametrize("name", ["organisations/medias_francais.tsv", "messy_csv/title-row.csv"])
def test_a_table_comes_out_of_the_child_as_it_is_read_here(name, real_child):
    content = sample(name).read_bytes()
    assert sandbox.read(content, name) == reading.read(content, name)
