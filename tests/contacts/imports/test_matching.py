"""Who a row is: the order of identity, and what is a likely double only."""

import pytest

from contacts.imports.drafts import Draft
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


def test_two_ids_of_one_hash_are_two():
    index = Index()
    index.add(known(ids=("7",)))
    index._traits.put(("id", "8"), 1)  # as if the two were of one hash
    assert index.has_id("7")
    assert not index.has_id("8")
