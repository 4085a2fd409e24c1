"""Contacts out of a file: read in a child process, checked, matched, written, undoable; beside the bulk roads."""

import csv
import ctypes
import gc
import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from accounts.models import Creation
from bench import limits
from bench.scene import Row, Scene
from contacts.imports import applying
from contacts.models import Contact, ContactPoint

GOAL = ">= 12,000 /s" if connection.vendor == "postgresql" else ""


def work(scene: Scene) -> list[Row]:
    """Lists of two sizes: rows a second beside COPY and bulk_create, the memory they take; the same list again, and
    once more with a street for each."""
    found = []
    for size in (scene.size.imported, 10 * scene.size.imported):
        team = scene.seeded.team
        bulk = limits.bulk_create_per_second(team, size)
        rate, taken = _import(scene, size)
        copies = _copies(size) if connection.vendor == "postgresql" else {}
        again, taken_again = _import(scene, size)
        completed, taken_completed = _import(scene, size, streets=True)
        name = f"import, {size:,} rows"
        found.append(Row(name, rate, "/s", None, bulk, "bulk_create", GOAL))
        for what, copy in copies.items():
            found.append(Row(f"{name}, beside COPY", rate, "/s", None, copy, what, ">= 0.15 x"))
        found += [
            Row(f"{name}: memory", taken, "MB", goal="<= 100 MB"),
            Row(f"{name}, all known", again, "/s"),
            Row(f"{name}, all known: memory", taken_again, "MB", goal="<= 100 MB"),
            Row(f"{name}, all completed", completed, "/s"),
            Row(f"{name}, all completed: memory", taken_completed, "MB", goal="<= 100 MB"),
        ]
    return found


def _copies(count: int) -> dict[str, float]:
    """Contacts a second through COPY alone, of what the import has just written: only the contacts, and all of it."""
    source = f"bench-{count}.csv"
    contacts = Contact.objects.filter(source=source)
    others = (
        ContactPoint.objects.filter(contact__source=source),
        Creation.objects.filter(operation__details__source=source),
    )
    return {
        "COPY of the contacts": count / limits.copy_seconds(contacts),
        "COPY of all its rows": count / limits.copy_seconds(contacts, *others),
    }


def _import(scene: Scene, count: int, *, streets: bool = False) -> tuple[float, float]:
    """(rows a second, MB that it takes at its peak)."""
    content, name = _list(count, streets=streets), f"bench-{count}.csv"
    come = applying.provenance(source=name, basis="legitimate_interest", day=scene.now.date())
    with _memory() as taken:
        started = time.perf_counter()
        incoming = applying.read(content, name)
        outcome = applying.apply(incoming, name, team=scene.seeded.team, come=come, by=None, now=scene.now)
        seconds = time.perf_counter() - started
    if outcome.created + (outcome.updated if streets else outcome.unchanged) != count:
        raise RuntimeError(f"the import made {outcome.created} of {count}")
    return count / seconds, taken[0]


def _list(count: int, *, streets: bool = False) -> bytes:
    """A list of associations as they come, each with an address and a number of its own."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";")
    rows.writerow(["Nom", "Ville", "Code postal", "E-mail", "Téléphone", "Type"] + ["Rue"] * streets)
    for n in range(count):
        number = f"{count // 100_000 + 2:02d} 31 {n // 10_000 % 100:02d} {n // 100 % 100:02d} {n % 100:02d}"
        cells = [f"Liste {count} {n}", "Caen", "14000", f"l{count}.{n}@example.org", number, "association"]
        rows.writerow(cells + [f"{n} rue de la Gare"] * streets)
    return text.getvalue().encode()


@contextmanager
def _memory() -> Iterator[list[float]]:
    """By how many MB this process grows at most meanwhile, looked at a hundred times a second."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    before, peak, over = _held(), [0.0], threading.Event()

    def look() -> None:
        while not over.wait(0.01):
            peak[0] = max(peak[0], _held() - before)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _held() -> float:
    """MB of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
