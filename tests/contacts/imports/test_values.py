"""Cells as people fill them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.imports import values


@pytest.mark.parametrize(
    ("cell", "found", "remarks"),
    [
        ("contact@brume.org", ["contact@brume.org"], 0),
        ("", [], 0),
        ("-", [], 0),
        (
            "contact@lesbonnesnotes.com // adm@ici-et-ailleurs.eu",
            ["contact@lesbonnesnotes.com", "adm@ici-et-ailleurs.eu"],
            0,
        ),
        ("a@b.fr / c@d.fr", ["a@b.fr", "c@d.fr"], 0),
        ("a@b.fr/c@d.fr", ["a@b.fr", "c@d.fr"], 0),
        ("a@b.fr, c@d.fr; e@f.fr g@h.fr", ["a@b.fr", "c@d.fr", "e@f.fr", "g@h.fr"], 0),
        ("A@b.fr a@B.fr", ["A@b.fr"], 0),
        ("Jo Brume <jo@brume.org>", ["jo@brume.org"], 0),
        ("<jo@brume.org>;", ["jo@brume.org"], 0),
        ("info (at) centralvapeur.org", ["info@centralvapeur.org"], 1),
        ("jo [at] brume [point] org", ["jo@brume.org"], 1),
        ("jo\u00a0@brume.org", ["jo@brume.org"], 1),
        ("la-soett@wanadoo,fr", ["la-soett@wanadoo.fr"], 1),
        ("x@gmail;com", ["x@gmail.com"], 1),
        ("jo@brume.org ou par téléphone", ["jo@brume.org"], 1),
        ("aucun", [], 1),
        ("x", [], 1),
        ("WWW.VILLE-BEZIERS.FR", [], 1),
        ("contact@ftvo@gmail.com", [], 1),
        ("culture@villedemorlaix", [], 1),
        ("vandoeuvre@fr", [], 1),
        ("pas d'adresse mail précise", [], 1),
    ],
)
def test_emails(cell, found, remarks):
    points, said = values.emails(cell)
    assert [point.value for point in points] == found
    assert len(said) == remarks


@pytest.mark.parametrize(
    ("cell", "keys", "remarks"),
    [
        ("02 31 00 00 00", ["+33231000000"], 0),
        ("02/31/00/00/00", ["+33231000000"], 0),
        ("0231000000 / 06 12 34 56 78", ["+33231000000", "+33612345678"], 0),
        ("02.31.00.00.00 ou 0612345678", ["+33231000000", "+33612345678"], 0),
        ("231000000", ["+33231000000"], 1),  # a spreadsheet took the zero
        ("aucun", [], 1),
        ("", [], 0),
    ],
)
def test_phones(cell, keys, remarks):
    points, said = values.phones(cell, "FR")
    assert [point.key for point in points] == keys
    assert len(said) == remarks


@pytest.mark.parametrize(
    ("cell", "found", "remarks"),
    [
        ("www.a.fr / www.b.fr", ["https://www.a.fr", "https://www.b.fr"], 0),
        ("Jazzy-krampouezh.fr", ["https://jazzy-krampouezh.fr"], 0),
        ("en réfection", [], 1),
        ("pas de site", [], 1),
        ("facebook @lasemainenomade", ["https://www.facebook.com/lasemainenomade"], 0),
    ],
)
def test_links(cell, found, remarks):
    points, said = values.links(cell)
    assert [point.value for point in points] == found
    assert len(said) == remarks


@pytest.mark.parametrize(
    ("cell", "country", "found", "remarks"),
    [
        ("14000", "FR", "14000", 0),
        ("14 000", "FR", "14000", 0),
        ("1400", "FR", "01400", 1),
        ("35042 CEDEX", "FR", "35042", 1),
        ("35000, 35200", "FR", "35000", 1),
        ("B-1000", "FR", "B-1000", 0),
        ("inconnu", "FR", "", 1),
        ("1000", "BE", "1000", 0),
        ("EC1A 1BB", "GB", "EC1A 1BB", 0),
        ("", "FR", "", 0),
    ],
)
def test_postcodes(cell, country, found, remarks):
    postcode, said = values.postcode(cell, country)
    assert (postcode, len(said)) == (found, remarks)


@given(st.text(max_size=60))
def test_no_cell_breaks_them(cell):
    (
        values.emails(cell),
        values.phones(cell, "FR"),
        values.links(cell, "instagram"),
        values.postcode(cell, "FR"),
    )
