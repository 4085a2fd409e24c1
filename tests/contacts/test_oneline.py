"""A contact in one line, its parts in any order."""

import itertools

import pytest

from contacts.oneline import parse

BRUME = {"brume", "la cale", "radio bocage"}


@pytest.mark.parametrize(
    ("text", "name", "group", "role", "remarks", "keys"),
    [
        ("Jo", "Jo", "", "", "", []),
        ("Jo Martin", "Jo Martin", "", "", "", []),
        ("Jo (Brume)", "Jo", "Brume", "", "", []),
        ("Jo, Brume", "Jo", "Brume", "", "", []),
        ("Brume, Jo", "Jo", "Brume", "", "", []),
        ("Jo de Brume", "Jo", "Brume", "", "", []),
        ("Jo d’Écume", "Jo d’Écume", "", "", "", []),
        ("Anne de Bruyn", "Anne de Bruyn", "", "", "", []),
        ("Jo, chanteuse de Brume", "Jo", "Brume", "chanteuse", "", []),
        ("Jo, chanteuse, Brume", "Jo", "Brume", "chanteuse", "", []),
        ("Jo, chanteuse", "Jo", "", "", "chanteuse", []),
        ("jo, brume nouveau", "jo", "brume nouveau", "", "", []),
        ("Jo, Le Bruit de Caen", "Jo", "Le Bruit de Caen", "", "", []),
        ("Jo, Brume, Caen", "Jo", "Brume", "", "Caen", []),
        ("Brume", "Brume", "", "", "", []),
        ("(Brume)", "Brume", "", "", "", []),
        ("Jo 06 12 34 56 78", "Jo", "", "", "", ["+33612345678"]),
        ("06.12.34.56.78 Jo", "Jo", "", "", "", ["+33612345678"]),
        ("Jo +33 6 12 34 56 78, Brume", "Jo", "Brume", "", "", ["+33612345678"]),
        ("Jo jo@brume.org", "Jo", "", "", "", ["jo@brume.org"]),
        ("JO@Brume.org; Jo", "Jo", "", "", "", ["jo@brume.org"]),
        ("Jo @brume", "Jo", "", "", "", ["instagram.com/brume"]),
        ("Jo facebook @brume", "Jo", "", "", "", ["facebook.com/brume"]),
        (
            "Jo fb: @brume, insta @jo.brume",
            "Jo",
            "",
            "",
            "",
            ["facebook.com/brume", "instagram.com/jo.brume"],
        ),
        ("Jo https://brume.org/tour", "Jo", "", "", "", ["brume.org/tour"]),
        ("Jo brume.org", "Jo", "", "", "", ["brume.org"]),
        ("Jo – Brume – 06 12 34 56 78", "Jo", "Brume", "", "", ["+33612345678"]),
        ("Jo\tBrume\n0612345678", "Jo", "Brume", "", "", ["+33612345678"]),
        ("Groupe 1789, Caen", "Groupe 1789", "Caen", "", "", []),
        ("06 12 34 56 78", "", "", "", "", ["+33612345678"]),
        ("  ,; ", "", "", "", "", []),
        ("", "", "", "", "", []),
        ("!!!", "!!!", "", "", "", []),
    ],
)
def test_lines(text, name, group, role, remarks, keys):
    line = parse(text, country="FR", groups=BRUME)
    assert (line.name, line.group, line.role, line.remarks) == (name, group, role, remarks)
    assert [point.key for point in line.points] == keys


PARTS = ("Jo Martin", "Brume", "06 12 34 56 78", "jo@brume.org", "@brume")


@pytest.mark.parametrize("parts", list(itertools.permutations(PARTS)))
def test_the_parts_may_come_in_any_order(parts):
    line = parse(", ".join(parts), country="FR", groups=BRUME)
    assert (line.name, line.group) == ("Jo Martin", "Brume")
    assert {point.key for point in line.points} == {"+33612345678", "jo@brume.org", "instagram.com/brume"}


def test_nothing_is_longer_than_its_column():
    assert len(parse("x" * 400, country="FR").name) == 200
