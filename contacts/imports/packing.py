"""The rows of a file between two steps: in chunks, so that a page of fifty or a worker's batch needs no more.

Each chunk is JSON, compressed; their lengths stand in the import's `found`. Also the verdicts of Check: a letter a
row, and what is to be said about the few that need words.
"""

import json
import marshal
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from contacts.imports.rows import Row

ROWS = 1_000  # in a chunk


def pack(rows: Iterable[Row]) -> tuple[bytes, list[int]]:
    """The rows as bytes, and the length of each chunk."""
    chunks = []
    rows = iter(rows)
    while batch := list(islice(rows, ROWS)):
        chunks.append(zlib.compress(json.dumps(batch, ensure_ascii=False).encode("utf-8", "replace"), 1))
    return b"".join(chunks), [len(chunk) for chunk in chunks]


def unpack(table: bytes, lengths: Sequence[int], *, first: int = 0) -> Iterator[list[Row]]:
    """The chunks from number `first` on, each a list of rows."""
    start = sum(lengths[:first])
    view = memoryview(table)
    for length in lengths[first:]:
        yield [Row(line, cells) for line, cells in json.loads(zlib.decompress(view[start : start + length]))]
        start += length


def rows_at(table: bytes, lengths: Sequence[int], places: Sequence[int]) -> list[Row]:
    """The rows at these places, counted from 0 and in rising order; only their chunks are unpacked."""
    found: list[Row] = []
    chunk, held = -1, list[Row]()
    for place in places:
        if place // ROWS != chunk:
            chunk = place // ROWS
            held = next(unpack(table, lengths, first=chunk))
        found.append(held[place % ROWS])
    return found


def compact(value: Any) -> bytes:
    """A few values of Python's own types for `marshal.loads`, in no more memory than they take: what `marshal` itself
    gives keeps some of the room it grew in."""
    return bytes(memoryview(marshal.dumps(value)))


def pack_json(value: Any) -> bytes:
    """Anything JSON holds, compressed."""
    return zlib.compress(json.dumps(value, ensure_ascii=False).encode(), 1)


def unpack_json(packed: bytes) -> Any:
    """What `pack_json` packed."""
    return json.loads(zlib.decompress(packed))
