"""Names made comparable."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.names import fold, sort_key
from tests.samples import sample


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("L'Été-Noïse !", "l ete noise"),
        ("l ete  noise", "l ete noise"),
        ("Œuvre d’Art", "oeuvre d art"),
        ("ŁÓDŹ", "lodz"),
        ("!!!", "!!!"),
        ("  Brume\u00a0& Cie ", "brume cie"),
        ("\ufeffNom du festival", "nom du festival"),
        ("", ""),
    ],
)
def test_fold(written, folded):
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text().filter(str.strip))
def test_a_name_never_folds_to_nothing(text):
    if any(character.isprintable() and not character.isspace() for character in text):
        assert fold(text)


def test_naughty_strings_fold():
    for text in json.loads(sample("names/blns.json").read_text()):
        fold(text), sort_key(text)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("La Cale", "cale"),
        ("L'Abordage", "abordage"),
        ("The The", "the"),
        ("Les", "les"),
        ("Lester", "lester"),
    ],
)
def test_sort_key_leaves_the_article_out(name, key):
    assert sort_key(name) == key
