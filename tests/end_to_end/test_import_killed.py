"""A worker killed in the middle of an import: none of its rows are there, and the next worker finishes it by itself.

`KILL_ROWS=20000 ./dev test tests/end_to_end/test_import_killed.py` does it with a long list; the suite with a shorter one.
"""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.end_to_end.installation import CELERY, ROOT, WORKER, Installation, database, wait_until

pytestmark = pytest.mark.end_to_end
ROWS = int(os.environ.get("KILL_ROWS", "2000"))

PREPARE = """
from datetime import date
from accounts.models import Team
from contacts.imports import child
from contacts.models import Import, ImportData
from foundation import clock
from foundation.leases import State
text = "Nom;Ville;E-mail;Tags\\n" + "".join(f"Brume {n};Caen;b{n}@brume.org;folk\\n" for n in range(ROWS))
found, table = child.parse(text.encode(), "x.csv", child.Options())
run = Import.objects.create(
    team=Team.objects.create(name="T", slug="t"), name="x.csv", digest="x", source="s", basis="consent",
    sourced_on=date.today(), found=found, created_at=clock.now(), step="result", state=State.WAITING,
)
ImportData.objects.create(of=run, content=text.encode(), table=table)
"""
# Finding out whom a row means, deciding and writing it are a third of the way each; rows are written while others are
# decided. The process kills itself at a share of it: no handler, no rollback of ours, nothing is closed.
KILLED_AT = """
import os, signal
from contacts.imports import drafts, plans, runs, writing
from contacts.models import Import
from foundation import clock
left = [int(SHARE * 3 * ROWS)]
def counted(work):
    def step(*args, **options):
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return work(*args, **options)
    return step
drafts.Drafter.identify = counted(drafts.Drafter.identify)
plans._decide = counted(plans._decide)
writing._row = counted(writing._row)
runs.EVERY *= 0
runs.work(Import.objects.get().pk, clock=clock.now)
"""
# What is there before the next one is at it; and its predecessor's lease has run out.
SEEN = """
import json
from datetime import UTC, datetime
from accounts.models import Creation
from contacts.models import Contact, ContactPoint, Import
from contacts.imports import runs
from foundation import clock
run = Import.objects.get()
undoable = sum(len(made.rows) for made in Creation.objects.all())
counts = [Contact.objects.count(), ContactPoint.objects.count(), undoable]
print("SEEN", json.dumps([run.state, *counts]), flush=True)
"""
EXPIRED = """
Import.objects.update(leased_until=datetime(2020, 1, 1, tzinfo=UTC))
assert runs.restart(clock.now()) == [run.pk]
"""


def run(book, script, **values):
    """A script in the installation's own Django, and how it ended."""
    text = "\n".join([*(f"{name} = {value!r}" for name, value in values.items()), script])
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", text]
    return subprocess.run(command, cwd=ROOT, env=book.env, capture_output=True, text=True, check=False)


def seen(done):
    lines = done.stdout.splitlines()
    return json.loads(next(line.partition(" ")[2] for line in lines if line.startswith("SEEN")))


def kill_and_finish(book):
    (book.folder / "data").mkdir()
    book.manage("migrate", "-v0")
    assert run(book, PREPARE, ROWS=ROWS).returncode == 0
    before = ["waiting", 0, 0, 0]
    for share in (0.1, 0.5, 0.9):
        killed = run(book, SEEN + EXPIRED + KILLED_AT, ROWS=ROWS, SHARE=share)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert seen(killed) == before, share
        before = ["leased", 0, 0, 0]
    last = run(book, SEEN + EXPIRED)
    assert seen(last) == before, last.stderr
    book.env["EMAIL_URL"] = "dummymail://"
    book.start("worker", *CELERY, *WORKER)
    book.start("beat", *CELERY, "beat", "--schedule", str(book.folder / "beat"), "--pidfile=")
    try:
        wait_until(lambda: seen(run(book, SEEN))[0] == "done" or time.sleep(2), "the import’s end")
    finally:
        book.stop("worker", "beat")
    assert seen(run(book, SEEN)) == ["done", ROWS, ROWS, ROWS]


def test_on_sqlite(tmp_path):
    kill_and_finish(Installation(tmp_path, f"sqlite:///{tmp_path / 'db.sqlite3'}", "files://localhost//", ""))


def test_on_postgresql(tmp_path):
    server = os.environ.get("SERVERS_DATABASE_URL", "")
    if not server:
        pytest.skip("SERVERS_DATABASE_URL not set: ./dev test sets it")
    with database(server, f"killed_{os.getpid()}") as url:
        kill_and_finish(Installation(tmp_path, url, "files://localhost//", ""))
