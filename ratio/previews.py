"""Whose state would move if a target or a rule changed: looked at before it does, by those who may see it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from accounts.models import Team, User
from ratio import agreements, readings, words
from ratio.readings import Book, Person
from ratio.targets import TargetSpan, in_force
from ratio.words import State

NEWEST = 2**62
"""The id of a target not yet written: of two that begin on a day the later one holds."""


@dataclass(frozen=True, slots=True)
class Move:
    """One person's state today, before a change and after it."""

    person: User
    before: State
    after: State


def of_target(
    team: Team, *, manager: User | None, share: Any, since: dt.date, until: dt.date | None, now: dt.datetime
) -> Sequence[Move]:
    """Who would stand elsewhere with a further target. One that begins later is looked at as on its first day."""
    book = readings.of_team(team, now=now)
    day = max(book.today, since)
    span = TargetSpan(NEWEST, manager.pk if manager else None, Fraction(share), since, until)

    def judged(person: Person, targets: Sequence[TargetSpan]) -> State:
        target = in_force(targets, person.user.pk, day)
        return _state(person, book, target)

    return _moves(
        (person, judged(person, book.targets), judged(person, [*book.targets, span]))
        for person in book.present
    )


def of_policy(team: Team, *, values: dict[str, Any], now: dt.datetime) -> Sequence[Move]:
    """Who would stand elsewhere if the ratio were read with other values."""
    changed = agreements.policy_of(team)
    for name, value in values.items():
        setattr(changed, name, value)
    book, other = readings.of_team(team, now=now), readings.of_team(team, now=now, policy=changed)
    return _moves(
        (person, _state(person, book, book.target_of(person)), _state(after, other, other.target_of(after)))
        for person, after in zip(book.present, other.present, strict=True)
    )


def _state(person: Person, book: Book, target: Fraction) -> State:
    said = person.ledger.verdict(book.now, target=target, rules=book.rules)
    return words.state(said, person.ledger.reading(book.now))


def _moves(of: Iterable[tuple[Person, State, State]]) -> Sequence[Move]:
    return [Move(person.user, before, after) for person, before, after in of if before != after]
