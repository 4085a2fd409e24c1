"""Who a row is: the order of identity, and what is a likely double only."""

import pytest

from contacts.imports.drafts import Draft
from contacts.imports.loading import Wanted
from contacts.imports.matching import Index, Known
from contacts.names import fold
from contacts.points import Point


def email(key):
    return Point("email", key, key)


def draft(name="Brume", town="", emails=(), external_id="", line=2):
    return Draft(
        line, name, fold(name), points=[email(key) for key in emails], town=town, town_key=fold(town),
        external_id=external_id,
    )  # fmt: skip


def known(name="Brume", town="", emails=(), ids=(), pk=1, same_source=True):
    return Known(
        key=fold(name), name=name, town=town, town_key=fold(town), pk=pk, same_source=same_source,
        points=tuple(("email", key) for key in emails), ids=tuple(ids),
    )  # fmt: skip


def found(row, *contacts):
    index = Index()
    for contact in contacts:
        index.add(contact)
    match = index.find(row)
    return (match.known.name if match.known else None), [match.likely.name] if match.likely else []


@pytest.mark.parametrize(
    ("row", "contact", "is_match"),
    [
        # the source's own id, whatever the name has become
        (draft("Brume", external_id="7"), known("Brume Nouvelle", ids={"7"}), True),
        (draft("Brume", external_id="7"), known("Brume Nouvelle", ids={"8"}), False),
        # the same address and the same folded name, even under two ids
        (draft("BRÛME", emails=["a@b.fr"]), known(emails=["a@b.fr"]), True),
        (draft(emails=["a@b.fr"], external_id="7"), known(emails=["a@b.fr"], ids={"8"}), True),
        (draft(town="Caen", emails=["a@b.fr"]), known(town="Ifs", emails=["a@b.fr"]), True),
        # name and town, where ids do not differ
        (draft(town="Évreux"), known(town="evreux"), True),
        (draft(town="Caen", external_id="7"), known(town="Caen"), True),
        (draft(town="Caen", external_id="7"), known(town="Caen", ids={"8"}), False),
        (draft(town="Caen", emails=["a@b.fr"]), known(town="Caen", emails=["c@d.fr"]), True),
        # homonyms of another town are others
        (draft(town="Caen"), known(town="Rouen"), False),
        (draft(town="Caen"), known(), False),
        # without a town: the name alone, unless the addresses say that they are two
        (draft(), known(), True),
        (draft(emails=["a@b.fr"]), known(), True),
        (draft(emails=["a@b.fr"]), known(emails=["c@d.fr"]), False),
        # the town was added by hand since the same list was imported
        (draft(), known(town="Caen", same_source=True), True),
        (draft(), known(town="Caen", same_source=False), False),
    ],
)
def test_identity(row, contact, is_match):
    assert found(row, contact)[0] == (contact.name if is_match else None)


def test_a_shared_address_under_another_name_is_a_likely_double_and_no_match():
    assert found(draft("Sonik", emails=["a@b.fr"]), known("Circonova", emails=["a@b.fr"])) == (
        None,
        ["Circonova"],
    )


def test_the_id_comes_before_the_address():
    row = draft(emails=["a@b.fr"], external_id="7")
    assert found(row, known("Brume", emails=["a@b.fr"], pk=1), known("Autre", ids={"7"}, pk=2))[0] == "Autre"


def test_two_homonyms_with_towns_are_not_guessed_between():
    assert found(draft(), known(town="Caen", pk=1), known(town="Ifs", pk=2))[0] is None


def alone(row, *others, of_the_book=()):
    """Whether the first row of a list is alone in it and in the book."""
    wanted = Wanted()
    for one in (row, *others):
        wanted.add(one)
    index = Index(wanted.traits)
    for contact in of_the_book:
        index.add(contact)
    return index.is_alone(row)


ROW = draft("Brume", "Caen", ["a@b.fr"], external_id="7")


@pytest.mark.parametrize(
    "other",
    [
        draft("La Brume", "Ifs"),  # its name, as it is sorted
        draft("Roc", emails=["c@d.fr", "a@b.fr"]),
        draft("Roc", external_id="7"),
        Draft(3, "Jo", "jo", group="Brume"),  # belongs to it
    ],
)
def test_who_shares_something_with_another_row_is_not_alone(other):
    assert not alone(ROW, other)


def test_who_shares_nothing_with_anybody_is_alone():
    assert alone(ROW, draft("Roc", "Caen", ["c@d.fr"], "8"), of_the_book=[known("Roc", "Caen", ["c@d.fr"])])


@pytest.mark.parametrize(
    "contact", [known(), known("Roc", emails=["a@b.fr"]), known("Roc", ids=["7"]), known("The Brume")]
)
def test_who_may_be_somebody_known_is_not_alone(contact):
    assert not alone(ROW, of_the_book=[contact])


@pytest.mark.parametrize(
    "row",
    [
        Draft(2, "Jo", "jo", group="Brume"),
        Draft(2, "Jo", "jo", own_id=3),
        draft("x" * 201),  # the list was looked through by the first 200 letters
    ],
)
def test_who_means_somebody_else_or_cannot_be_told_is_not_alone(row):
    assert not alone(row)


def test_two_ids_of_one_hash_are_two():
    index = Index()
    index.add(known(ids=("7",)))
    index._traits.put(("id", "8"), 1)  # as if the two were of one hash
    assert index.has_id("7")
    assert not index.has_id("8")
