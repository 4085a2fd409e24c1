"""A row as the contact it asks for."""

import pytest

from contacts.imports import columns, reading
from contacts.imports.drafts import Draft, Drafter
from contacts.imports.rows import Rejected

KINDS = {
    code: code
    for code in ("band", "association", "festival", "media", "venue", "person", "other", "colleague")
}


def drafts(text, country="FR"):
    """All drafts of a file and the remarks that were made, without their lines."""
    table = reading.read(text.encode(), "x.csv")
    drafter = Drafter(columns.recognise(table), country=country, kinds=KINDS)
    made = [drafter.draft(row) for row in table.rows]
    return made, [str(remark.text) for remark in drafter.remarks]


def only(text):
    (draft,), _remarks = drafts(text)
    return draft


def test_first_and_last_name_make_a_person():
    draft = only("Prénom;Nom;Courriel\n Jo ;Brume;jo@brume.org\n")
    assert (draft.name, draft.key, draft.kind) == ("Jo Brume", "jo brume", "person")


def test_the_displayed_name_wins():
    assert only("Display Name;First Name;Last Name\nJo de Brume;Jo;Brume\n").name == "Jo de Brume"


def test_an_organisation_alone_is_a_contact():
    draft = only("First Name;Last Name;Organization;Email\n;;La Cale;x@lacale.fr\n")
    assert (draft.name, draft.group) == ("La Cale", "")


def test_an_address_alone_names_its_contact():
    (draft,), remarks = drafts("Nom;E-mail\n;jo@brume.org\n")
    assert draft.name == "jo@brume.org"
    assert len(remarks) == 1


def test_a_row_that_names_nobody_is_rejected():
    made, _remarks = drafts("Nom;E-mail;Ville\n;;Caen\n")
    assert isinstance(made[0], Rejected)
    assert made[0].line == 2


def test_a_bad_email_costs_the_field_and_not_the_row():
    made, remarks = drafts("Nom;E-mail;Ville\nBrume;aucun;Caen\n")
    assert isinstance(made[0], Draft)
    assert (made[0].points, made[0].town) == ([], "Caen")
    assert "aucun" in remarks[0]


def test_a_link_among_the_emails_is_kept_as_a_link():
    (draft,), remarks = drafts("Nom;E-mail;Ville\nBrume;www.brume.org;Caen\n")
    assert [(point.property, point.value) for point in draft.points] == [("url", "https://www.brume.org")]
    assert len(remarks) == 1


def test_several_columns_of_one_field_all_count():
    draft = only(
        "Nom;E-mail 1 - Value;E-mail 2 - Value;Tél. fixe;Tél. mobile\nJo;a@b.fr;c@d.fr;0231000000;0612345678\n"
    )
    assert [point.key for point in draft.points] == ["a@b.fr", "c@d.fr", "+33231000000", "+33612345678"]


@pytest.mark.parametrize(
    ("written", "kind", "tags"),
    [
        ("Association", "association", []),
        ("Groupe", "band", []),
        ("Télévision", "media", ["Télévision"]),
        ("Presse (généraliste  politique)", "media", ["Presse"]),
        ("Salles de concert", "venue", ["Salles de concert"]),
        ("Chose inconnue", "", ["Chose inconnue"]),
        ("", "", []),
    ],
)
def test_kinds(written, kind, tags):
    draft = only(f"Nom;Type\nBrume;{written}\n")
    assert (draft.kind, draft.tags) == (kind, tags)


def test_tags_of_google_lose_their_star():
    assert only("Nom;Labels\nJo;* myContacts ::: Presse\n").tags == ["myContacts", "Presse"]


def test_a_discipline_is_one_tag():
    assert only('Nom;Discipline dominante\nBrume;"Arts visuels, arts numériques"\n').tags == [
        "Arts visuels, arts numériques"
    ]


def test_a_very_long_name_is_cut_and_said():
    (draft,), remarks = drafts("Nom;Ville\n" + "x" * 300 + ";Caen\n")
    assert len(draft.name) == 200
    assert len(remarks) == 1
