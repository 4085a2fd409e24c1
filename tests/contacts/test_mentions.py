"""A person in a text: found however it is written, left out without a trace, others untouched."""

import pytest

from contacts import points
from contacts.mentions import Person, parts

JO = Person(
    (1,),
    ("Jo Canári", "Jo"),
    (
        points.email("jo@canari.org"),
        points.phone("06 12 34 56 78", "FR"),
        points.link("https://canari.bandcamp.com"),
    ),
    parts("Jo Canári"),
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Seen with JO CANARI, at the bar", "Seen with …, at the bar"),
        ("jo-canari !", "… !"),
        ("CANARI, Jo. She is Canari", "…. She is …"),
        ("Jo came, Joël too", "… came, Joël too"),
        ("Mail: Jo@Canari.org.", "Mail: …."),
        ("call +33 6.12.34.56.78 or 02 31 00 00 00", "call … or 02 31 00 00 00"),
        ("https://Canari.bandcamp.com/", "…/"),
        ("L’été à Caen 🎶 avec Jo Canari", "L’été à Caen 🎶 avec …"),
        ("Nothing of them", "Nothing of them"),
        ("", ""),
    ],
)
def test_a_text_without_them(text, left):
    assert JO.without(text) == left
    assert JO.mentioned_in(text) is (text != left)
    assert not JO.mentioned_in(left)


def test_among_others_one_word_says_nothing():
    assert JO.without("Jo Canari and Jo", anywhere=True) == "… and Jo"


def test_a_name_of_signs():
    assert Person((1,), ("!!!",)).without("!!! played") == "… played"
