"""E-mails, phones and links, one at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts import points


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Jo@Brume.ORG", "jo@brume.org"),
        ("<jo.b+x@sous.domaine.fr>;", "jo.b+x@sous.domaine.fr"),
        ("mailto:jo@brume.org", "jo@brume.org"),
        ("jo@café.fr", "jo@café.fr"),
    ],
)
def test_an_email(written, key):
    assert points.email(written).key == key


@pytest.mark.parametrize(
    "written", ["", "x", "jo@", "@brume.org", "jo@brume", "jo@ftvo@gmail.com", "a b@c.fr", "a..b@c.fr"]
)
def test_no_email(written):
    assert points.email(written) is None


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("02 31 00 00 00", "+33231000000"),
        ("02.31.00.00.00", "+33231000000"),
        ("+33 (0)2 31 00 00 00", "+33231000000"),
        ("0033 2 31 00 00 00", "+33231000000"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_a_phone(written, key):
    assert points.phone(written, "FR").key == key


@pytest.mark.parametrize("written", ["", "aucun", "12", "0231", "+1 555 3227 8544"])
def test_no_phone(written):
    assert points.phone(written, "FR") is None


@pytest.mark.parametrize(
    ("written", "network", "value", "key"),
    [
        ("www.brume.org", "", "https://www.brume.org", "brume.org"),
        ("HTTP://WWW.Brume.org/Sur/", "", "http://www.brume.org/Sur/", "brume.org/Sur"),
        ("facebook @brume", "", "https://www.facebook.com/brume", "facebook.com/brume"),
        ("@brume", "instagram", "https://www.instagram.com/brume", "instagram.com/brume"),
    ],
)
def test_a_link(written, network, value, key):
    point = points.link(written, network)
    assert (point.value, point.key) == (value, key)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "sans",
        "site de la ville",
        "javascript:alert(1)",
        "ftp://a.fr",
        "@brume",
        "https://u:p@a.fr",
        "http://[",
    ],
)
def test_no_link(written):
    assert points.link(written) is None


@given(st.text(max_size=80))
def test_no_text_breaks_them(text):
    points.email(text), points.phone(text, "FR"), points.link(text, "instagram")
