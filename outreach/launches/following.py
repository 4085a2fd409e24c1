"""Somebody follows a short link: where it leads, and their click counted before they are sent on.

Threads that ask while another is at the database wait for it and then go there together, with one question and one
insert for all of them: what databases call a group commit. Alone, a click waits for nobody.

They go by a connection that is the process's own: its commits do not wait for the disk, and what it has read of an SQLite
file is not read again because another thread wrote. A killed process loses no click of those it sent on; only a power
cut may, those of the last moment.
"""

import threading
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.encoding import iri_to_uri
from psycopg import Connection, Cursor

from outreach.launches import addresses

# Written out, and handed to the driver as they are: Django would take longer over them than either database.
_WAYS = (
    "SELECT r.code, r.id, r.name, t.time_zone, l.address, l.utm_source, l.utm_medium, l.utm_campaign, l.utm_content"
    " FROM outreach_relay r JOIN outreach_launch l ON l.id = r.launch_id JOIN accounts_team t ON t.id = l.team_id"
    " WHERE l.binned_at IS NULL AND r.code IN ({})"
)
_CLICKS = "INSERT INTO outreach_click (relay_id, day) VALUES {}"
_WAYS_AND_CLICKS = (  # PostgreSQL takes both in one
    "WITH visit (code, counted, at) AS (VALUES {visits}),"
    " way AS ({ways}),"
    " click AS (INSERT INTO outreach_click (relay_id, day) SELECT id, (at AT TIME ZONE time_zone)::date"
    " FROM visit JOIN way USING (code) WHERE counted AND address ILIKE 'http%%')"
    " SELECT * FROM way"
)
_UNHURRIED = {
    # What was written is moved into SQLite's file, which waits for the disk, by whoever writes next, the tick at the
    # latest: a visitor would do it only after 40 MB.
    "sqlite": ("PRAGMA synchronous=NORMAL", "PRAGMA wal_autocheckpoint=10000"),
    "postgresql": ("SET synchronous_commit TO off",),
}


@dataclass(eq=False, slots=True)
class _Visit:
    """One who asks. `target` is None until the database has answered."""

    code: str
    counted: bool
    now: datetime
    target: str | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    relay: int
    zone: ZoneInfo
    target: str


_WAITING: deque[_Visit] = deque()
_TURN = threading.Lock()


def follow(code: str, *, counted: bool, now: datetime) -> str:
    """The address a code leads to; "" when there is no such relay, or no address to lead to.

    With `counted` the click is committed before the answer. Raises what the database raises: then it is not counted.
    """
    if not (code.isascii() and code.isalnum()):  # no code looks like that: the database need not be asked
        return ""
    mine = _Visit(code, counted, now)
    _WAITING.append(mine)
    with _TURN:
        if mine.target is None:
            _answer({mine, *_waiting()})  # mine again, should the thread that took it along have failed
    return mine.target or ""


def _waiting() -> set[_Visit]:
    taken = set()
    while _WAITING:
        taken.add(_WAITING.popleft())
    return taken


def _answer(visits: Collection[_Visit]) -> None:
    # Within a transaction, as in a test, a click is part of it.
    database = connections[DEFAULT_DB_ALIAS] if connection.in_atomic_block else _own()
    ask = _ask_postgresql if database.vendor == "postgresql" else _ask_sqlite
    try:
        with database.wrap_database_errors:
            ways = ask(database, visits)
    finally:
        if not database.in_atomic_block:
            database.close_if_unusable_or_obsolete()
    for visit in visits:
        visit.target = ways[visit.code].target if visit.code in ways else ""


def _own() -> BaseDatabaseWrapper:
    own = _process()
    if own.connection is None:
        with own.cursor() as cursor:
            for setting in _UNHURRIED[own.vendor]:
                cursor.execute(setting)
    return own


@cache
def _process() -> BaseDatabaseWrapper:
    own = connections.create_connection(DEFAULT_DB_ALIAS)
    options = {name: value for name, value in own.settings_dict["OPTIONS"].items() if name != "pool"}
    own.settings_dict = {**own.settings_dict, "OPTIONS": options, "CONN_MAX_AGE": 60}
    own.inc_thread_sharing()  # whose turn it is has it
    return own


def _ask_postgresql(database: BaseDatabaseWrapper, visits: Collection[_Visit]) -> dict[str, _Way]:
    codes = {visit.code for visit in visits}
    asked = chain.from_iterable((visit.code, visit.counted, visit.now) for visit in visits)
    statement = _ways_and_clicks(len(visits), len(codes))
    rows = _cursor(database.connection).execute(statement, [*asked, *codes], prepare=True)
    return {code: _way(*row) for code, *row in rows}


@cache
def _ways_and_clicks(visits: int, codes: int) -> str:
    ways = _WAYS.format(_places("%s", codes))
    return _WAYS_AND_CLICKS.format(
        visits=_places("(%s::text, %s::boolean, %s::timestamptz)", visits), ways=ways
    )


@lru_cache(maxsize=1)
def _cursor(of: Connection) -> Cursor:
    """Not Django's: the server plans a statement once, not for each click. Kept, for making one is a third of asking."""
    return Cursor(of)


def _ask_sqlite(database: BaseDatabaseWrapper, visits: Collection[_Visit]) -> dict[str, _Way]:
    execute = database.connection.execute
    codes = {visit.code for visit in visits}
    ways = {code: _way(*row) for code, *row in execute(_ways(len(codes)), [*codes])}
    found = [(visit, ways[visit.code]) for visit in visits if visit.counted and visit.code in ways]
    clicks = [
        (way.relay, visit.now.astimezone(way.zone).date().isoformat()) for visit, way in found if way.target
    ]
    if clicks:
        execute(_clicks(len(clicks)), [*chain.from_iterable(clicks)])
    return ways


@cache
def _ways(codes: int) -> str:
    return _WAYS.format(_places("?", codes))


@cache
def _clicks(count: int) -> str:
    return _CLICKS.format(_places("(?, ?)", count))


def _places(place: str, count: int) -> str:
    return ", ".join([place] * count)


@lru_cache(maxsize=1024)
def _way(relay: int, name: str, time_zone: str, address: str, *parameters: str) -> _Way:
    """Put together once of what a row says; anew when it says something else."""
    values = dict(zip(addresses.NAMES, parameters, strict=True))
    return _Way(relay, _zone(time_zone), iri_to_uri(addresses.target(address, values, name)))


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
