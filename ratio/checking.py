"""What the pages say of past days, held against the second, naive way of counting."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.models import Team
from ratio import periods, readings
from ratio.naive import History, Said
from ratio.readings import Book, Person


@dataclass(frozen=True, slots=True)
class Difference:
    """The two ways disagree: about whom (a user's id, or the team), on which day, and what each of them says."""

    team: str
    who: str
    day: dt.date
    quick: str
    naive: str

    def __str__(self) -> str:
        return f"{self.team}, {self.who}, {self.day}: {self.quick} here, {self.naive} the naive way"


def differences(team: Team, days: Iterable[dt.date]) -> Iterator[Difference]:
    """Readings, verdicts and the team's figures at the end of each day, where the two ways disagree."""
    history = History(team)
    for day in days:
        book = readings.of_team(team, now=periods.last_moment(day, team.zone))
        quick = {person.user.pk: _said(person, book) for person in book.present}
        naive = {manager: history.of(manager, day) for manager in history.cms(day)}
        for manager in sorted(quick.keys() | naive.keys()):
            one, other = quick.get(manager), naive.get(manager)
            if one != other:
                yield Difference(team.slug, f"person {manager}", day, str(one), str(other))
        (counts,) = book.together([(day - dt.timedelta(days=periods.WINDOW - 1), day)])
        if (counts.real, counts.online) != history.together(day):
            yield Difference(team.slug, "the team", day, str(counts), str(history.together(day)))


def _said(person: Person, book: Book) -> Said:
    reading, verdict = person.ledger.reading(book.now), book.verdict(person)
    return Said(
        narrow=(reading.counts.real, reading.counts.online),
        wide=(reading.wide.real, reading.wide.online),
        word=str(verdict.word),
        reason=str(verdict.reason) if verdict.reason else None,
    )
