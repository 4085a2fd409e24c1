"""The register of `suppression` once more, as a file outside the database: what a restored backup no longer knows.

A line a hash: "digest key-id scope day person". Written whole after each change, by renaming, so that it is never half
there. It names nobody: without the key it says nothing.
"""

import logging
import os
import tempfile
import uuid
from datetime import date
from pathlib import Path

from django.conf import settings

from contacts.models import Scope, Suppression

log = logging.getLogger(__name__)


def write() -> None:
    """Write what the table holds. A disk that refuses is logged, and never stops what somebody asked for."""
    rows = Suppression.objects.order_by("pk").values_list("digest", "key_id", "scope", "since", "person")
    lines = "".join(f"{' '.join(map(str, row))}\n" for row in rows.iterator(chunk_size=2000))
    try:
        settings.SUPPRESSION_FILE.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=settings.SUPPRESSION_FILE.parent, prefix=".suppressions")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(settings.SUPPRESSION_FILE)
    except OSError:
        log.exception("the file of suppressions could not be written")


def read() -> int:
    """Take in what the file holds and the table does not; how many hashes. Lines that are none are left out."""
    if not settings.SUPPRESSION_FILE.exists():
        return 0
    found = {}
    for line in settings.SUPPRESSION_FILE.read_text(encoding="ascii", errors="replace").splitlines():
        row = _row(line)
        if row:
            found[row.digest, row.scope] = row
    known = set(Suppression.objects.values_list("digest", "scope"))
    fresh = [row for key, row in found.items() if key not in known]
    Suppression.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    return len(fresh)


def _row(line: str) -> Suppression | None:
    words = line.split()
    try:
        digest, key_id, scope, since, person = words
        return Suppression(
            digest=digest,
            key_id=key_id,
            scope=Scope(scope).value,
            since=date.fromisoformat(since),
            person=uuid.UUID(person),
        )
    except ValueError:
        return None
