"""Somebody follows a short link: where it leads, and their click counted before they are sent on.

Threads that ask while another is at the database are answered together after it, with one question and one insert.
Alone, a click waits for nobody.

They go by a connection that is the process's own: its commits do not wait for the disk, and what it has read of an SQLite
file is not read again because another thread wrote. A killed process loses no click of those it sent on; only a power
cut may, those of the last moment.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.encoding import iri_to_uri
from psycopg import Connection, Cursor

from foundation.together import Together
from outreach.launches import addresses

# Written out, and handed to the driver as they are: Django would take longer over them than either database.
_WAYS = (
    "SELECT r.code, r.id, r.name, t.time_zone, l.address, l.utm_source, l.utm_medium, l.utm_campaign, l.utm_content"
    " FROM outreach_relay r JOIN outreach_launch l ON l.id = r.launch_id JOIN accounts_team t ON t.id = l.team_id"
    " WHERE l.binned_at IS NULL AND r.code {}"
)
_CLICKS = "INSERT INTO outreach_click (relay_id, day) VALUES {}"
_BOTH = (  # of PostgreSQL, which takes them in one
    "WITH visit AS (SELECT * FROM unnest(%s::text[], %s::boolean[], %s::timestamptz[]) AS visit (code, counted, at)),"
    " way AS ({}),"
    " click AS (INSERT INTO outreach_click (relay_id, day) SELECT id, (at AT TIME ZONE time_zone)::date"
    " FROM visit JOIN way USING (code) WHERE counted AND address ILIKE 'http%%')"
    " SELECT * FROM way"
)
_WAYS_AND_CLICKS = _BOTH.format(_WAYS.format("= ANY(%s::text[])"))
_UNHURRIED = {
    # What was written is moved into SQLite's file, which waits for the disk, by whoever writes next, the tick at the
    # latest: a visitor would do it only after 40 MB.
    "sqlite": ("PRAGMA synchronous=NORMAL", "PRAGMA wal_autocheckpoint=10000"),
    "postgresql": ("SET synchronous_commit TO off",),
}


@dataclass(eq=False, slots=True)
class _Visit:
    """One who asks, and where they are to be sent."""

    code: str
    counted: bool
    now: datetime
    target: str = ""


@dataclass(frozen=True, slots=True)
class _Way:
    relay: int
    zone: ZoneInfo
    target: str


def follow(code: str, *, counted: bool, now: datetime) -> str:
    """The address a code leads to; "" when there is no such relay, or no address to lead to.

    With `counted` the click is committed before the answer. Raises what the database raises: then it is not counted.
    """
    if not (code.isascii() and code.isalnum()):  # no code looks like that: the database need not be asked
        return ""
    visit = _Visit(code, counted, now)
    _TOGETHER.ask(visit)
    return visit.target


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
        if visit.code in ways:
            visit.target = ways[visit.code].target


_TOGETHER = Together(_answer)


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
    codes = _array(visit.code for visit in visits)
    counted = _array("t" if visit.counted else "f" for visit in visits)
    times = _array(visit.now.isoformat() for visit in visits)
    asked = (codes, counted, times, codes)
    rows = _cursor(database.connection).execute(_WAYS_AND_CLICKS, asked, prepare=True)
    return {code: _way(*row) for code, *row in rows}


def _array(of: Iterable[str]) -> str:
    """As PostgreSQL reads one, of words without quotes, commas and the like."""
    return "{" + ",".join(of) + "}"


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
    return _WAYS.format(f"IN ({_places('?', codes)})")


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
