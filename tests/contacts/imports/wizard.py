"""The steps through the four pages of an import, as their tests take them."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.imports import runs
from contacts.models import Import
from foundation import clock

LIST = (
    "Nom;Ville;Code postal;E-mail;Genre;Humeur\n"
    "Brume;Caen;14000;jo@brume.org;folk;calme\n"
    "La Cale;Rouen;76000;aucun;rock;vive\n"
    ";Ifs;;;;\n"
)


def answers(**said):
    return {"source": "Open day", "basis": "consent", "sourced_on": "2026-11-20", **said}


def upload(client, content=LIST, name="liste.csv", **said):
    content = content.encode() if isinstance(content, str) else content
    return client.post(
        reverse("contacts:import_new"), answers(file=SimpleUploadedFile(name, content), **said)
    )


def bring(client, content=LIST, name="liste.csv", chosen=None, **said):
    """File and Columns done, with what the page proposed but for `chosen`; the import, at Check."""
    assert upload(client, content, name, **said).status_code == 302
    run = Import.objects.latest("pk")
    columns = {f"c{column.index}": column.field or "" for column in runs.columns_of(run)}
    answer = client.post(reverse("contacts:import_columns", args=[run.pk]), {**columns, **(chosen or {})})
    assert answer.status_code == 302, answer.content.decode()
    run.refresh_from_db()
    return run


def page(client, run, **query):
    return client.get(reverse("contacts:import", args=[run.pk]), query)


def post(client, what, run, **said):
    return client.post(reverse(f"contacts:import_{what}", args=[run.pk]), said)


def save(client, run):
    post(client, "save", run)
    assert runs.work(run.pk, clock=clock.now)
    run.refresh_from_db()
    return run
