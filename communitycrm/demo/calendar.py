"""Days and hours of the demo. Everything is told relative to today.

The past is laid out in blocks of seven days counted back from today. Nothing happens today, nor on the first and last
day of a block, so that the readings come out alike on whatever day and hour the demo is built.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Real actions and posts in each block of seven days, the oldest first; the last one ends today.
BLOCKS = {
    "on-target": [
        (3, 5),
        (4, 5),
        (3, 6),
        (2, 5),
        (4, 5),
        (3, 5),
        (3, 4),
        (4, 6),
        (3, 5),
        (3, 5),
        (4, 5),
        (3, 5),
        (3, 5),
    ],
    "under": [
        (3, 6),
        (2, 4),
        (3, 6),
        (3, 5),
        (4, 6),
        (3, 6),
        (3, 5),
        (3, 6),
        (3, 6),
        (3, 6),
        (3, 6),
        (3, 6),
        (1, 6),
    ],
    "online": [
        (4, 5),
        (3, 6),
        (3, 5),
        (4, 6),
        (3, 6),
        (3, 6),
        (2, 6),
        (2, 5),
        (2, 5),
        (1, 5),
        (2, 5),
        (2, 5),
        (1, 5),
    ],
    "new": [*[(0, 0)] * 11, (0, 0), (1, 3)],
}
NEWCOMER_DAYS = 9
# Posts to come, by days from today; '' is the team's own.
TO_COME = {
    "on-target": (1, 2, 4, 6, 9, 11, 13),
    "under": (1, 3, 5, 8, 12),
    "online": (1, 2, 3, 5, 6, 8, 10, 12, 15),
    "new": (2, 7),
    "": (1, 8, 15),
}


@dataclass
class Calendar:
    """Local days and hours of the team, as instants."""

    zone: ZoneInfo
    today: date
    now: datetime

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        """The instant of a local hour, `days` from today (negative: back)."""
        day = self.today + timedelta(days=days)
        return datetime.combine(day, time(hour, minute), self.zone).astimezone(UTC)

    def quiet_weekdays(self, count: int) -> list[int]:
        """Weekdays from Monday to Friday on which something of each block may happen (neither its first nor its last)."""
        allowed = [(self.today - timedelta(days=back)).weekday() for back in range(1, 6)]
        liked: tuple[int, ...] = (1, 3, 2, 0, 4)
        return [weekday for weekday in liked if weekday in allowed][:count]

    def weekday(self, weekday: int, after: int = 1) -> int:
        """Days from today to the first such weekday (Monday 0) that is at least `after` days away."""
        return after + (weekday - (self.today + timedelta(days=after)).weekday()) % 7


def blocks(key: str) -> Iterator[tuple[int, int, range]]:
    """For each block of a CM: its real actions, its posts, and the days back from today on which they may fall."""
    plan = BLOCKS[key]
    for index, (real, online) in enumerate(plan):
        newest = 7 * (len(plan) - 1 - index)
        yield real, online, range(newest + 1, newest + 6)


def identity(*parts: object) -> uuid.UUID:
    """The same id for the same part of the story, whenever it is built."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "demo:" + ":".join(map(str, parts)))
