"""`manage.py import_contacts`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from contacts.models import Contact
from tests.cast import make_team
from tests.samples import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


def run(path, team, **options):
    out = StringIO()
    call_command(
        "import_contacts", str(path), team=team.slug, source="s", basis="public_task", stdout=out, **options
    )
    return out.getvalue()


def test_json_has_the_keys_that_scripts_read(team):
    said = json.loads(run(sample("organisations/festivals_normandie_bretagne.csv"), team, as_json=True))
    assert set(said) == {"read", "created", "updated", "unchanged", "rejected", "warnings"}
    assert (
        said["read"] == said["created"] + said["updated"] + said["unchanged"] + len(said["rejected"]) == 394
    )


def test_words_for_people(team, tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text("Nom;E-mail;Ville\nBrume;aucun;Caen\n;;Ifs\n")
    said = run(path, team)
    assert "aucun" in said
    assert "3" in said.splitlines()[-2]
    assert Contact.objects.count() == 1


def test_preview_writes_nothing(team):
    run(sample("organisations/medias_francais.tsv"), team, preview=True)
    assert not Contact.objects.exists()


def test_vcards_come_in_and_one_without_a_name_is_named(team):
    assert json.loads(run(sample("contacts/John_Doe_ANDROID.vcf"), team, as_json=True))["created"] == 6
    said = json.loads(run(sample("contacts/issue64.vcf"), team, as_json=True))
    assert (said["created"], [row["line"] for row in said["rejected"]]) == (0, [1])


def test_a_mapping_says_which_column_holds_what(team, tmp_path):
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"Nom": "name", "Prix": "topic", "Disparu": ""}')
    said = json.loads(run(sample("organisations/medias_francais.tsv"), team, as_json=True, mapping=mapping))
    assert said["created"] == 218
    assert Contact.objects.filter(tags__key="gratuit").exists()
    for wrong in ('{"Nom": "nonsense"}', '{"Absent": "name"}', "[]", '{"Nom": "kind", "Type": "kind"}'):
        mapping.write_text(wrong)
        with pytest.raises(CommandError):
            run(sample("organisations/medias_francais.tsv"), team, mapping=mapping)


@pytest.mark.parametrize("name", ["xlsx/attack_billion_laughs.xlsx", "xlsx/file_corrupted.xlsx"])
def test_what_cannot_be_read_is_an_error_and_not_an_empty_success(team, name):
    with pytest.raises(CommandError):
        run(sample(name), team)


def test_an_unknown_team_and_a_missing_file_are_said(team, tmp_path):
    with pytest.raises(CommandError, match="rien"):
        call_command("import_contacts", "x.csv", team="rien", source="s", basis="consent")
    with pytest.raises(CommandError, match="absent"):
        run(tmp_path / "absent.csv", team)
