"""Who is likely the same: a table of what people type for one another, and of what must not be mixed up."""

import random
from itertools import combinations, product

import pytest
from rapidfuzz import fuzz

from contacts.alike import Entry, Pair, compare, pairs
from contacts.names import fold, sort_key


def entry(pk, name, town="", *points, is_group=False):
    return Entry(pk, is_group, sort_key(name), fold(town), frozenset(points))


MAIL, OTHER_MAIL, TEL = ("email", "jo@b.org"), ("email", "x@b.org"), ("tel", "+33612345678")


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (entry(1, "Jo Brume", "", MAIL), entry(2, "Joséphine Martin", "", MAIL), ("email",)),
        (entry(1, "Jo Brume", "", TEL, MAIL), entry(2, "Brume Jo", "", TEL), ("tel", "name")),
        (entry(1, "Jo Brûme", "Caen"), entry(2, "jo brume", "CAEN"), ("name_and_town",)),
        (entry(1, "Jo Brume", "Caen"), entry(2, "Jo Brume"), ("name",)),
        (entry(1, "Jo Brume", "Caen"), entry(2, "Jo Bruume", "Caen"), ("alike",)),
        (entry(1, "La Cale", "Brest", is_group=True), entry(2, "Cale", "", is_group=True), ("name",)),
        (entry(1, "Noise Band", is_group=True), entry(2, "Noiseband", is_group=True), ("alike",)),
        (entry(1, "Jo Brume", "Caen"), entry(2, "Jo Brume", "Lille"), None),
        (entry(1, "Jo Brume", "", MAIL), entry(2, "Jo Brume", "", OTHER_MAIL), None),  # two of one name
        (entry(1, "Brume", is_group=True), entry(2, "Brume"), None),
        (entry(1, "Salle numéro 1", "Caen", is_group=True), entry(2, "Salle numéro 2", "Caen", is_group=True), None),
        (entry(1, "Scène A", is_group=True), entry(2, "Scène B", is_group=True), None),
        (entry(1, "Joe"), entry(2, "Jo"), None),
        (entry(1, "M", is_group=True), entry(2, "M", is_group=True), ("name",)),
        (entry(1, "!!!", is_group=True), entry(2, "!!!", is_group=True), ("name",)),
    ],
)  # fmt: skip
def test_two_contacts(one, other, reasons):
    found = compare(one, other)
    assert (found and found.reasons) == reasons
    assert found is None or 0 < found.likeness <= 100


def test_a_mailbox_of_many_makes_them_not_one():
    book = [
        entry(pk, name, "", MAIL) for pk, name in enumerate(["Jo Brume", "Karim Sy", "Ana Roux", "Li Wu"])
    ]
    assert pairs(book) == []
    book.append(entry(9, "Jo Bruume", "", MAIL))
    assert [pair[:2] for pair in pairs(book)] == [(0, 9)]


def test_the_surest_come_first_and_only_so_many():
    book = [entry(1, "Jo Brume", "Caen"), entry(2, "Jo Brume", "Caen"), entry(3, "Jo Bruume", "Caen")]
    assert pairs(book, most=1) == [Pair(1, 2, ("name_and_town",), 100)]


def test_a_slip_is_found_among_many_of_the_same_first_name():
    lasts = (f"{one}{two}aletri" for one, two in product("aeiou", "bcdfghjklmnpq"))
    book = [entry(pk, f"Élise {last}", f"Ville {pk}") for pk, last in enumerate(lasts)]
    book += [entry(900, "Élise Raletri", "Dieppe"), entry(901, "Élise Aaletri", "Dieppe")]
    assert (900, 901) in [pair[:2] for pair in pairs(book)]


def test_a_crowd_of_one_name_is_told_apart_by_nothing():
    assert pairs([entry(pk, "Jo Brume") for pk in range(60)]) == []


def test_slips_of_the_pen_are_found_among_many():
    """Against comparing each with each: of the pairs that likeness alone would find, nearly all are found."""
    rng = random.Random(11)
    syllables = [
        "ba",
        "bre",
        "ca",
        "che",
        "di",
        "dra",
        "fo",
        "gli",
        "ho",
        "jun",
        "kar",
        "lo",
        "mi",
        "nou",
        "pel",
        "qui",
        "ro",
        "sta",
        "tri",
        "vo",
        "zel",
    ]
    names = [" ".join("".join(rng.choices(syllables, k=3)) for _ in "12") for _ in range(1200)]
    for name in rng.sample(names, 150):
        place = rng.randrange(len(name))
        names.append(name[:place] + rng.choice("aeiou") + name[place + 1 :])
    book = [entry(pk, name) for pk, name in enumerate(names)]
    words = [" ".join(sorted(one.name.split())) for one in book]
    truth = {
        (one, other)
        for one, other in combinations(range(len(book)), 2)
        if fuzz.ratio(words[one], words[other], score_cutoff=88)
    }
    found = {pair[:2] for pair in pairs(book, most=10_000)}
    assert len(truth & found) / len(truth) > 0.97
