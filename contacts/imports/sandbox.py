"""Reads a file in a child process with limits: what is made to hurt hurts that process and nobody else."""

import json
import logging
import subprocess
import sys
from typing import Any

from django.conf import settings

from contacts.imports import packing
from contacts.imports.errors import ReadingError, Said
from contacts.imports.errors import marked as _
from contacts.imports.reading import MAX_BYTES, Options, Table

PATIENCE = 90  # seconds

log = logging.getLogger(__name__)


def parse(content: bytes, name: str = "", options: Options = Options()) -> tuple[dict[str, Any], bytes]:  # noqa: B008  # frozen
    """What was found in a file (headers, encoding, ...; `Table` without its rows), and its rows as `packing` packs.

    Raises `ReadingError`, also when the child ran out of memory or time.
    """
    if len(content) > MAX_BYTES:
        raise ReadingError(_("The file is larger than 20 MB. Split it and import the parts one by one."))
    asked = json.dumps({"name": name, "options": options._asdict()}).encode() + b"\n"
    try:
        done = subprocess.run(  # our own interpreter and module, no word of the file's
            [sys.executable, "-m", "contacts.imports.child"],
            input=asked + content,
            capture_output=True,
            cwd=settings.BASE_DIR,
            env={"PYTHONPATH": str(settings.BASE_DIR), "PYTHONUTF8": "1"},
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_hard() from None
    if done.returncode != 0:
        log.warning(
            "reading a file ended with %s: %s", done.returncode, done.stderr[-500:].decode(errors="replace")
        )
        raise _too_hard()
    line, _newline, packed = done.stdout.partition(b"\n")
    facts = json.loads(line)
    if "error" in facts:
        said = Said.of(facts["error"])
        raise ReadingError(said.text, **said.values)
    return facts, packed


def read(content: bytes, name: str = "") -> Table:
    """The table in a file, with all of its rows, as `reading.read` gives it. Raises what `parse` raises."""
    facts, packed = parse(content, name)
    rows = [row for chunk in packing.unpack(packed, facts["chunks"]) for row in chunk]
    findings = [Said.of(finding) for finding in facts["findings"]]
    found = {name: facts[name] for name in Table._fields if name in facts}
    return Table(**{**found, "rows": rows, "findings": findings})


def _too_hard() -> ReadingError:
    return ReadingError(
        _(
            "Reading the file takes more memory or time than any list needs. Save only the table as CSV and try again."
        )
    )
