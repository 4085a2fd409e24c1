"""The child process in which files by strangers are read: no Django, no database, no network, little memory.

It takes one line of JSON (the file's name and the options) and the file, and gives one line of JSON (what was found,
or why not) and the rows, packed. Run by `sandbox`.
"""

import gc
import json
import resource
import sys
from typing import Any

from contacts.imports import packing, reading
from contacts.imports.errors import ReadingError
from contacts.imports.reading import Options, Table

MEMORY = 1_500 * 1024 * 1024  # bytes of address space: a 20 MB workbook of 100,000 rows needs 600 MB of it
SECONDS = 60


def parse(content: bytes, name: str, options: Options) -> tuple[dict[str, Any], bytes]:
    """What `sandbox.parse` gives, here and now. Raises `ReadingError`."""
    table = reading.read(content, name, options)
    packed, chunks = packing.pack(table.rows)
    return {**_facts(table), "chunks": chunks}, packed


def _facts(table: Table) -> dict[str, Any]:
    """Everything about a table but its rows."""
    facts = table._asdict()
    del facts["rows"]
    return {**facts, "findings": [finding.as_json() for finding in table.findings], "count": len(table.rows)}


def main() -> None:
    """Read, answer, go."""
    sys.dont_write_bytecode = True  # what every file needs was imported before, and is compiled once
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # it walks through all rows again and again, and what there is goes with the process
    asked = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    try:
        facts, packed = parse(content, asked["name"], Options(**asked["options"]))
    except ReadingError as error:
        facts, packed = {"error": error.said.as_json()}, b""
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + packed)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
