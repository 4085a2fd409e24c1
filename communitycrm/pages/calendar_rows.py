"""What the calendar asks the database: which things lie on which days, and what is to be said of the few it shows.

A month of a busy team holds thousands of things, a page a hundred of them. Two questions, written out: putting together
the ten that Django's querysets would need takes longer than all of their answers. Both databases read them alike.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.db import connection

from accounts.models import Team, User
from events.models import Outcome
from events.moments import day_of_midnight
from outreach.models import COUNTING, Status

Key = tuple[str, int]
"""A source (occurrence, touchpoint, post, promise) and the id of one of its rows."""


class Mark(NamedTuple):
    """One thing on a day, before it has words; in order of time.

    `at`: see `as_text`; of what takes all day, and of a promise, the moment the reader's day begins. `switch` turns it
    off; `counts`: it is among its week's meetings or posts; `is_off`: it does not take place.
    """

    at: str
    source: str
    pk: int
    switch: str
    counts: bool
    is_off: bool
    has_time: bool

    @property
    def what(self) -> str:
        """meeting, post or promise."""
        return "meeting" if self.source in ("occurrence", "touchpoint") else self.source


Row = tuple[str, str, int, str, bool, bool, bool]
"""A mark as the database hands it over: of thousands, names are given to the hundred that are shown."""
SWITCH, COUNTS = Mark._fields.index("switch"), Mark._fields.index("counts")


class Fact(NamedTuple):
    """Something said of a row: of its own (`of` ""), or the name of one of its `of`: host, guest, manager, contact,
    channel.

    `text` is its title or that name. `more`: place, author or contact; `state`: outcome or status; `number`: the id of
    its kind or contact.
    """

    source: str
    pk: int
    of: str
    text: str
    more: str
    state: str
    number: int

    @property
    def key(self) -> Key:
        """Which row it is about."""
        return self.source, self.pk


def as_text(moment: datetime) -> str:
    """A moment to the second in UTC, as the database writes it: 2026-11-26 17:30:00. It orders and compares like the
    moment itself: making a datetime of each of thousands would take as long as all the rest of the page."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def moment_of(text: str) -> datetime:
    """What `as_text` wrote."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _among(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


# In the order of Mark. To come occurrences count while they stand; gone by, when they took place and that is a real
# action.
_OCCURRENCES = f"""
    SELECT substr(CAST(o.starts_at AS text), 1, 19), 'occurrence', o.id,
        CASE WHEN o.series_id IS NULL THEN 'events' ELSE 'series' END,
        CASE WHEN o.starts_at > %(now)s THEN o.cancelled_at IS NULL WHEN o.touchpoint_id IS NULL THEN FALSE
            ELSE (SELECT t.is_real FROM contacts_touchpoint t WHERE t.id = o.touchpoint_id) END,
        o.cancelled_at IS NOT NULL OR o.outcome IN ({_among([Outcome.DID_NOT, Outcome.NOBODY_CAME])}),
        NOT o.is_all_day
    FROM events_occurrence o
    WHERE o.team_id = %(team)s AND o.binned_at IS NULL AND o.starts_at >= %(begin)s AND o.starts_at < %(end)s
"""  # noqa: S608  # names of ours
_TOUCHPOINTS = """
    SELECT substr(CAST(t.met_at AS text), 1, 19), 'touchpoint', t.id, 'events', t.is_real, FALSE, TRUE
    FROM contacts_touchpoint t
    WHERE t.team_id = %(team)s AND t.binned_at IS NULL AND t.met_at >= %(begin)s AND t.met_at < %(end)s
        AND NOT EXISTS (SELECT 1 FROM events_occurrence o WHERE o.touchpoint_id = t.id)
"""
_POSTS = f"""
    SELECT substr(CAST(p.publish_at AS text), 1, 19), 'post', p.id, 'posts', p.status IN ({_among(COUNTING)}),
        p.status = '{Status.FAILED}', TRUE
    FROM outreach_post p
    WHERE p.team_id = %(team)s AND p.binned_at IS NULL AND p.status <> '{Status.CANCELLED}'
        AND p.publish_at >= %(begin)s AND p.publish_at < %(end)s
"""  # noqa: S608  # names of ours
_PROMISES = """
    SELECT CAST(p.due_on AS text), 'promise', p.id, 'promises', FALSE, FALSE, FALSE
    FROM contacts_promise p JOIN contacts_contact c ON c.id = p.contact_id AND c.binned_at IS NULL
    WHERE p.team_id = %(team)s AND p.binned_at IS NULL AND p.done_at IS NULL
        AND p.due_on BETWEEN %(first)s AND %(last)s
"""
_HOSTED = " AND o.id IN (SELECT h.occurrence_id FROM events_occurrence_hosts h WHERE h.user_id = %(who)s)"
_THERE = (
    " AND t.id IN (SELECT p.touchpoint_id FROM contacts_participation p"
    " WHERE p.manager_id = %(who)s AND p.met_at >= %(begin)s AND p.met_at < %(end)s)"
)
_OWN = " AND p.manager_id = %(who)s"
_NARROWED = {_OCCURRENCES: _HOSTED, _TOUCHPOINTS: _THERE, _POSTS: _OWN, _PROMISES: _OWN}
_OF_ALL = " UNION ALL ".join(_NARROWED)
_OF_ONE = " UNION ALL ".join(every + own for every, own in _NARROWED.items())


def marks(team: Team, who: User | None, begins: Mapping[date, datetime], now: datetime) -> list[Row]:
    """What lies between the first and the last of the days that `begins` has, each with its begin: one person's or
    everybody's, in order. What was cancelled is there, but for posts; what was binned is not."""
    days, (*_days, end) = {day: as_text(begin) for day, begin in begins.items()}, begins.values()
    first, *_between, last, _after = begins
    asked = {
        "team": team.pk,
        "who": who.pk if who else None,
        "now": as_text(now),
        "begin": days[first],
        "end": as_text(end),
        "first": first.isoformat(),
        "last": last.isoformat(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE if who else _OF_ALL, asked)
        found = cursor.fetchall()
    return sorted(row if row[-1] else (_begin(row[0], row[1], days, team), *row[1:]) for row in found)


def _begin(at: str, source: str, days: Mapping[date, str], team: Team) -> str:
    """When the day of something without a time begins for the reader."""
    if source == "promise":
        return days[date.fromisoformat(at)]
    return days.get(day_of_midnight(moment_of(at), team.zone), at)


# By source and `of`; in the order of Fact, and then what names are sorted by.
_FACTS = {
    ("occurrence", ""): """
        SELECT 'occurrence', o.id, '', o.title, o.place,
            CASE WHEN o.cancelled_at IS NULL THEN o.outcome ELSE 'cancelled' END, o.kind_id, ''
        FROM events_occurrence o WHERE o.id IN ({ids})""",
    ("occurrence", "host"): """
        SELECT 'occurrence', h.occurrence_id, 'host', u.name, '', '', u.id, u.name
        FROM events_occurrence_hosts h JOIN accounts_user u ON u.id = h.user_id WHERE h.occurrence_id IN ({ids})""",
    ("occurrence", "guest"): """
        SELECT 'occurrence', a.occurrence_id, 'guest', c.name, '', '', c.id, c.sort_key
        FROM events_attendance a JOIN contacts_contact c ON c.id = a.contact_id
        WHERE c.binned_at IS NULL AND a.occurrence_id IN ({ids})""",
    ("touchpoint", ""): """
        SELECT 'touchpoint', t.id, '', '', '', 'noted', t.kind_id, ''
        FROM contacts_touchpoint t WHERE t.id IN ({ids})""",
    ("touchpoint", "manager"): """
        SELECT 'touchpoint', p.touchpoint_id, 'manager', u.name, '', '', u.id, u.name
        FROM contacts_participation p JOIN accounts_user u ON u.id = p.manager_id WHERE p.touchpoint_id IN ({ids})""",
    ("touchpoint", "contact"): """
        SELECT 'touchpoint', m.touchpoint_id, 'contact', c.name, '', '', c.id, c.sort_key
        FROM contacts_touchpoint_contacts m JOIN contacts_contact c ON c.id = m.contact_id
        WHERE c.binned_at IS NULL AND m.touchpoint_id IN ({ids})""",
    ("post", ""): """
        SELECT 'post', p.id, '', substr(p.text, 1, 100), COALESCE(u.name, ''), p.status, 0, ''
        FROM outreach_post p LEFT JOIN accounts_user u ON u.id = p.manager_id WHERE p.id IN ({ids})""",
    ("post", "channel"): """
        SELECT 'post', l.post_id, 'channel', c.name, '', '', c.id, c.key
        FROM outreach_post_channels l JOIN outreach_channel c ON c.id = l.channel_id WHERE l.post_id IN ({ids})""",
    ("promise", ""): """
        SELECT 'promise', p.id, '', p.text, c.name, u.name, c.id, ''
        FROM contacts_promise p JOIN contacts_contact c ON c.id = p.contact_id
            JOIN accounts_user u ON u.id = p.manager_id WHERE p.id IN ({ids})""",
}
_KINDS = """
    SELECT 'kind', k.id, '', k.name, k.code, k.icon, 0, '' FROM contacts_touchpointkind k
    WHERE k.team_id IS NULL OR k.team_id = %s"""
_OF_TITLES = ("", "contact")  # the grid says no more
_OF_SEVERAL = ("host", "manager")  # in the calendar of one person it is clear who that is


def facts(listed: Iterable[Mark], brief: Iterable[Mark], team: Team, *, of_one: bool) -> Iterator[Fact]:
    """What is to be said of these marks; of `brief` ones no more than titles are made of. Names come sorted. And the kinds
    of meetings of the team, those put away too: name or code, and as `state` the icon.

    `of_one`: it is one person's calendar.
    """
    whole = _ids(listed)
    every = {source: ids | whole.get(source, set()) for source, ids in {**whole, **_ids(brief)}.items()}
    statements, asked = [_KINDS], [team.pk]
    for (source, of), statement in _FACTS.items():
        ids = (every if of in _OF_TITLES else whole).get(source)
        if ids and not (of_one and of in _OF_SEVERAL):
            statements.append(statement.format(ids=", ".join(["%s"] * len(ids))))
            asked += ids
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(statements)} ORDER BY 8, 7", asked)
        yield from (Fact(*row[:-1]) for row in cursor.fetchall())


def _ids(marks: Iterable[Mark]) -> dict[str, set[int]]:
    """The ids of each source."""
    ids: dict[str, set[int]] = {}
    for mark in marks:
        ids.setdefault(mark.source, set()).add(mark.pk)
    return ids
