"""The page File: what is taken, what is refused, and with which words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from contacts.models import Import
from tests.contacts.imports.wizard import LIST, answers, upload
from tests.samples import sample

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("xlsx/attack_billion_laughs.xlsx", "XML entities"),
        ("xlsx/file_corrupted.xlsx", "not one, or is damaged"),
        ("xlsx/two_sheets_one_hidden_one_not.xlsx", "No sheet with anything in it"),
    ],
)
def test_a_hostile_file_is_refused_beside_its_field_and_the_answers_stay(client, ines, name, words):
    path = sample(name)
    answer = upload(client, path.read_bytes(), path.name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="Open day"' in answer.content.decode()
    assert not Import.objects.exists()


@pytest.mark.parametrize("missing", ["source", "basis", "sourced_on"])
def test_where_it_comes_from_is_required(client, ines, missing):
    said = answers(file=SimpleUploadedFile("x.csv", LIST.encode()), **{missing: ""})
    assert client.post(reverse("contacts:import_new"), said).status_code == 422


def test_neither_or_both_of_file_and_paste_are_refused(client, ines):
    assert client.post(reverse("contacts:import_new"), answers()).status_code == 422
    assert upload(client, pasted="Jo").status_code == 422


def test_a_file_too_large_for_the_server_is_said_to_be_too_large(client, ines, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = upload(client, LIST + "x" * 2000)
    assert answer.status_code == 422
    assert "larger than 20 MB" in answer.content.decode()


def test_a_pasted_list_may_be_longer_than_a_megabyte(client, ines):
    names = "\n".join(f"{'Brume ' * 20}{number}" for number in range(10_000))
    assert len(names) > 1_200_000
    assert client.post(reverse("contacts:import_new"), answers(pasted=names)).status_code == 302
    assert Import.objects.get().found["count"] == 10_000


def test_a_pasted_list_that_is_too_long_is_said_to_be_and_kept(client, ines, monkeypatch):
    monkeypatch.setattr("contacts.forms.imports.MAX_BYTES", 10)
    answer = client.post(reverse("contacts:import_new"), answers(pasted="Élodie Brume"))
    text = answer.content.decode()
    assert answer.status_code == 422 and text.count("invalid-feedback") == 1
    assert "The pasted list is larger than 20 MB" in text and "Élodie Brume</textarea>" in text


@pytest.mark.parametrize(
    "language, said", [("en", "longer than 25 MB"), ("fr", "dépasse 25\N{NO-BREAK SPACE}Mo")]
)
def test_what_the_server_does_not_even_take_is_answered_with_what_to_do(
    client, ines, settings, language, said
):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    User.objects.update(language=language)
    answer = client.post(reverse("contacts:import_new"), answers(pasted="Jo\n" * 1000))
    assert answer.status_code == 400 and said in answer.content.decode()


def test_a_name_with_folders_is_only_a_name(client, ines):
    upload(client, name="..\\..\\etc/passwd.csv")
    assert Import.objects.get().name == "passwd.csv"
