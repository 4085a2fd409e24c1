"""Imports on their way, as `runs.begin` keeps them, without a child process for each."""

from contacts.imports import applying, child, runs
from contacts.imports.reading import Options
from contacts.models import Import, ImportData
from foundation import clock, leases
from tests.cast import NOW

LIST = b"Nom;Ville;E-mail\nBrume;Caen;jo@brume.org\nLa Cale;Rouen;aucun\n;Ifs;\n"


def bring(team, content, source="liste", by=None, name="liste.csv"):
    """Import a list, and what came of it."""
    content = content.encode() if isinstance(content, str) else content
    come = applying.provenance(source=source, basis="legitimate_interest", day=NOW.date())
    return applying.apply(applying.read(content, name), name, team=team, come=come, by=by, now=NOW)


def counts(outcome):
    """How many rows were new, said more, said nothing new, and were not taken."""
    assert outcome.read == outcome.created + outcome.updated + outcome.unchanged + len(outcome.rejected)
    return outcome.created, outcome.updated, outcome.unchanged, len(outcome.rejected)


def make_import(team, by, content=LIST, name="liste.csv", **fields):
    """A list that was read: its columns are to be looked at."""
    found, table = child.parse(content, name, Options())
    said = {
        "source": "Open day", "basis": "consent", "sourced_on": NOW.date(), "digest": name, "created_at": clock.now(),
    }  # fmt: skip
    run = Import.objects.create(team=team, by=by, name=name, found=found, **{**said, **fields})
    ImportData.objects.create(of=run, content=content, table=table)
    return run


def make_checked(team, by, content=LIST, name="liste.csv", **fields):
    """A list whose rows were checked."""
    run = make_import(team, by, content, name, **fields)
    runs.ask_to_check(run)
    assert runs.work(run.pk, clock=clock.now)
    run.refresh_from_db()
    return run


def make_finished(team, by, content=LIST, name="liste.csv", **fields):
    """A list that came in."""
    run = make_checked(team, by, content, name, **fields)
    assert runs.ask_to_save(run)
    assert runs.work(run.pk, clock=clock.now)
    run.refresh_from_db()
    assert run.state == leases.State.DONE
    return run
