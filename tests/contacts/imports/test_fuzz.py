"""Mutations of the samples: no crash, no 500, no partial write.

Short here, by a fixed seed. `FUZZ=10000 .venv/bin/python -m pytest tests/contacts/imports/test_fuzz.py -s` runs more of
them, `FUZZ_SEED=2` others; it prints how many were read and how many were refused.
"""

import io
import os
import random
import zipfile
from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.imports import applying, runs
from contacts.imports.errors import ReadingError
from contacts.models import Contact, ContactPoint, ExternalId, Import
from foundation import clock
from tests.cast import NOW, make_lead, make_team
from tests.samples import SAMPLES

COUNT, SEED = int(os.environ.get("FUZZ", "60")), int(os.environ.get("FUZZ_SEED", "1"))
LARGEST = 20_000  # bytes of a sample: the same code reads the larger ones
FOLDERS = ("organisations", "contacts", "messy_csv", "xlsx")
ODD = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b";", b",", b"\t", b"\r", b"\n", b"\r\n\r\n", b"=", b"@", b"\xc3",
    b"\xed\xa0\x80", "\u202e".encode(), "é".encode("cp1252"), b"<!DOCTYPE x>", b"&a;", b"BEGIN:VCARD\n", b"END:VCARD\n",
    b"A" * 5000, b"99999999999999999999", b"1e999", b"-0.0", "𝕁𝕠".encode(), "\u0130".encode(), b"%s%d%(x)s", b"{{ x }}",
]  # fmt: skip


def samples():
    """(name, content) of the samples that are small enough."""
    paths = [path for folder in FOLDERS for path in sorted((SAMPLES / folder).iterdir())]
    contents = [(path.name, path.read_bytes()) for path in paths if path.suffix not in (".md", ".json")]
    return [
        (name, content[:LARGEST]) if not name.endswith("xlsx") else (name, content)
        for name, content in contents
    ]


def mutated(content, dice):
    """A few changes of bytes."""
    spoilt = bytearray(content)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(spoilt) + 1)
        end = min(len(spoilt), at + dice.choice([1, 1, 2, 8, 60, 400]))
        match dice.randrange(6):
            case 0:
                spoilt[at:end] = dice.randbytes(end - at)
            case 1:
                del spoilt[at:end]
            case 2:
                spoilt[at:at] = spoilt[dice.randrange(len(spoilt) + 1) :][: dice.choice([10, 200, 2000])]
            case 3:
                spoilt[at:at] = dice.choice(ODD)
            case 4 if at < len(spoilt):
                spoilt[at] ^= 1 << dice.randrange(8)
            case _:
                spoilt[at:at] = dice.choice(ODD) * dice.randint(1, 40)
    return bytes(spoilt)


def mutated_archive(content, dice):
    """A workbook of which one part is spoilt inside, so that it still opens."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        parts = archive.infolist()
        spoilt = dice.choice(parts).filename
        for part in parts:
            data = archive.read(part)
            made.writestr(part.filename, mutated(data, dice) if part.filename == spoilt else data)
    return packed.getvalue()


def mutation(dice, of):
    name, content = dice.choice(of)
    if content.startswith(b"PK") and dice.random() < 0.8:
        return name, mutated_archive(content, dice)
    if dice.random() < 0.1:
        text = content.decode("utf-8", "replace")
        return name, text.encode(
            dice.choice(["utf-16", "utf-16-be", "utf-32", "cp1252", "mac_roman"]), "replace"
        )
    return name, mutated(content, dice)


def rows_of_the_book():
    return Contact.objects.count(), ContactPoint.objects.count(), ExternalId.objects.count()


@pytest.mark.django_db
def test_the_engine_takes_a_mutation_whole_or_not_at_all():
    dice, of = random.Random(SEED), samples()
    come = applying.provenance(source="fuzz", basis="consent", day=NOW.date())
    came = Counter()
    for number in range(COUNT):
        if number % 25 == 0:
            team = make_team()  # a small book: what is looked at is the reading
        name, content = mutation(dice, of)
        before = rows_of_the_book()
        try:
            incoming = applying.read(content, name)
            outcome = applying.apply(incoming, name, team=team, come=come, by=None, now=NOW)
        except ReadingError as error:
            assert str(error), (SEED, number)
            assert rows_of_the_book() == before, (SEED, number)
            came["refused"] += 1
            continue
        assert outcome.read == outcome.created + outcome.updated + outcome.unchanged + len(outcome.rejected)
        assert rows_of_the_book()[0] == before[0] + outcome.created, (SEED, number)
        assert outcome.as_json()
        came["read"] += 1
    print(f"\nfuzz: {COUNT} files of seed {SEED}: {dict(came)}, {Contact.objects.count()} contacts")


@pytest.mark.django_db
def test_the_pages_answer_a_mutation_with_a_page(client, monkeypatch):
    monkeypatch.setattr("contacts.tasks.work_at_import.apply_async", lambda *args, **options: None)
    dice, of = random.Random(SEED + 1000), samples()
    client.force_login(make_lead(make_team()))
    for number in range(max(12, COUNT // 10)):
        name, content = mutation(dice, of)
        said = {"source": "fuzz", "basis": "consent", "sourced_on": "2026-11-20"}
        answer = client.post(
            reverse("contacts:import_new"), {**said, "file": SimpleUploadedFile(name, content)}
        )
        assert answer.status_code in (302, 422), (SEED, number)
        if answer.status_code == 422:
            continue
        address = answer.url  # of an earlier one, where the same list is still on its way
        run = Import.objects.get(pk=address.strip("/").rpartition("/")[2])
        assert client.get(address).status_code == 200
        columns = {f"c{column.index}": column.field or "" for column in runs.columns_of(run)}
        answer = client.post(reverse("contacts:import_columns", args=[run.pk]), columns)
        assert answer.status_code in (302, 422), (SEED, number)
        assert client.get(address).status_code == 200
        if answer.status_code == 302:
            runs.work(run.pk, clock=clock.now)
            client.post(reverse("contacts:import_save", args=[run.pk]))
            runs.work(run.pk, clock=clock.now)
            run.refresh_from_db()
            assert run.state == "done", (SEED, number, run.problem)
            assert client.get(address).status_code == 200
