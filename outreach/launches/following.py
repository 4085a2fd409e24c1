"""Somebody follows a short link: where it leads, and their click counted before they are sent on.

Threads that ask while another is at the database wait for it and then go there together, with one question and one
insert for all of them: what databases call a group commit. Alone, a click waits for nobody.

The commit does not wait for the disk. A killed process loses no click of those it sent on; only a power cut may, those
of the last moment.
"""

import threading
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import connection

from outreach.launches import addresses

# Written out: building the two statements anew for each click would cost more than running them.
_WAYS = (
    "SELECT r.code, r.id, r.name, t.time_zone, l.address, l.utm_source, l.utm_medium, l.utm_campaign, l.utm_content"
    " FROM outreach_relay r JOIN outreach_launch l ON l.id = r.launch_id JOIN accounts_team t ON t.id = l.team_id"
    " WHERE l.binned_at IS NULL AND r.code IN ({})"
)
_CLICKS = "INSERT INTO outreach_click (relay_id, day) VALUES {}"
_CLICKS_ON_POSTGRESQL = (  # the setting holds until this statement's transaction ends
    "WITH unhurried AS (SELECT set_config('synchronous_commit', 'off', true)), click (relay, day) AS (VALUES {})"
    " INSERT INTO outreach_click (relay_id, day) SELECT relay, day::date FROM unhurried, click"
)


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
    with connection.cursor() as cursor:
        codes = {visit.code for visit in visits}
        cursor.execute(_WAYS.format(", ".join(["%s"] * len(codes))), list(codes))
        ways = {code: _way(*row) for code, *row in cursor.fetchall()}
    found = [(visit, ways[visit.code]) for visit in visits if visit.code in ways]
    _insert(
        [
            (way.relay, visit.now.astimezone(way.zone).date())
            for visit, way in found
            if visit.counted and way.target
        ]
    )
    for visit in visits:
        visit.target = ""
    for visit, way in found:
        visit.target = way.target


def _insert(clicks: Sequence[tuple[int, date]]) -> None:
    if not clicks:
        return
    values, places = [value for click in clicks for value in click], ", ".join(["(%s, %s)"] * len(clicks))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_CLICKS_ON_POSTGRESQL.format(places), values)
        elif connection.in_atomic_block:  # where SQLite cannot change its mind
            cursor.execute(_CLICKS.format(places), values)
        else:
            cursor.execute("PRAGMA synchronous=NORMAL")
            try:
                cursor.execute(_CLICKS.format(places), values)
            finally:
                cursor.execute("PRAGMA synchronous=FULL")


@lru_cache(maxsize=1024)
def _way(relay: int, name: str, time_zone: str, address: str, *parameters: str) -> _Way:
    """Put together once of what a row says; anew when it says something else."""
    values = dict(zip(addresses.NAMES, parameters, strict=True))
    return _Way(relay, _zone(time_zone), addresses.target(address, values, name))


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
