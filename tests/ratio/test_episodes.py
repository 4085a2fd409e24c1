import datetime as dt
import itertools
import os
import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratio.episodes import Evaluated, Kind, Stretch, step
from ratio.verdicts import Counts, Rules, Word

TODAY = dt.date(2026, 11, 24)  # a Tuesday
RULES = Rules()
TELLING = Rules(tells_lead=True)
WORDS = {
    "M": Word.MOSTLY_ONLINE,
    "U": Word.UNDER,
    "O": Word.ON_TARGET,
    "?": Word.INCONCLUSIVE,
    "A": Word.AWAY,
}
ONE_OF_TEN, TWO_OF_TEN = Counts(1, 9), Counts(2, 8)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def days(
    words: str, *, counts: Counts = ONE_OF_TEN, forecast: Word | None = None, until: dt.date = TODAY
) -> list[Evaluated]:
    """One evaluation a day, the last one `until`; a space is a day without one."""
    slots = [until - dt.timedelta(days=back) for back in reversed(range(len(words)))]
    return [
        Evaluated(slot, WORDS[word], counts, forecast if slot == until else None)
        for slot, word in zip(slots, words, strict=True)
        if word != " "
    ]


@pytest.mark.parametrize(
    ("words", "opens"),
    [
        ("M", False),
        ("MM", True),
        ("MU", False),
        ("OM", False),
        ("M?M", True),
        ("MA  ?M", True),
        ("MM?", False),
        ("UUUUUU", False),
        ("UUUUUUU", True),
        ("UUUMUUU", True),
        ("UUU?UAU UU", True),
        ("UUUOUUUU", False),
        ("UUUUUUM", True),
        ("OOO", False),
        ("", False),
    ],
)
def test_an_episode_opens(words: str, opens: bool) -> None:
    episode, said = step(None, days(words), None, None, RULES, TODAY)
    if opens:
        assert said == [Kind.LOW]
        assert episode == Stretch(
            opened_on=TODAY, reminders_sent=1, last_reminded_on=TODAY, share_at_last_reminder=Fraction(1, 10)
        )
    else:
        assert (episode, said) == (None, [])


@pytest.mark.parametrize(("last_low", "opens"), [(6, False), (7, True), (8, True)])
def test_never_within_seven_days_of_the_last_one(last_low: int, opens: bool) -> None:
    _episode, said = step(None, days("MM"), ago(last_low), None, RULES, TODAY)
    assert (said == [Kind.LOW]) is opens


def test_without_an_evaluation_of_today_nothing_happens() -> None:
    assert step(None, days("MMM", until=ago(1)), None, None, RULES, TODAY) == (None, [])


def opened(sent: int = 1, last: int = 7, **fields: object) -> Stretch:
    episode = Stretch(
        opened_on=ago(60),
        reminders_sent=sent,
        last_reminded_on=ago(last),
        share_at_last_reminder=Fraction(1, 10),
    )
    return replace(episode, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sent", "last", "again"),
    [
        (1, 6, False),
        (1, 7, True),
        (2, 13, False),
        (2, 14, True),
        (3, 27, False),
        (3, 28, True),
        (9, 27, False),
        (9, 28, True),
    ],
)
def test_it_is_said_again_after_7_then_14_then_every_28_days(sent: int, last: int, again: bool) -> None:
    before = opened(sent, last)
    episode, said = step(before, days("MM"), ago(last), None, RULES, TODAY)
    assert said == ([Kind.LOW] if again else [])
    if again:
        assert episode == replace(before, reminders_sent=sent + 1, last_reminded_on=TODAY)
    else:
        assert episode == before


@pytest.mark.parametrize(
    ("words", "counts", "again"),
    [
        ("M", TWO_OF_TEN, True),
        ("U", TWO_OF_TEN, False),
        ("U", ONE_OF_TEN, True),
        ("U", Counts(0, 9), True),
        ("O", ONE_OF_TEN, False),
    ],
)
def test_somebody_who_is_recovering_is_left_alone(words: str, counts: Counts, again: bool) -> None:
    _episode, said = step(opened(), days(words, counts=counts), ago(7), None, RULES, TODAY)
    assert said == ([Kind.LOW] if again else [])


def test_the_share_is_remembered_even_when_there_was_none() -> None:
    episode, _said = step(opened(share_at_last_reminder=None), days("U"), ago(7), None, RULES, TODAY)
    assert episode is not None
    assert episode.share_at_last_reminder == Fraction(1, 10)


@pytest.mark.parametrize(
    ("fields", "quiet"),
    [
        ({"acknowledged": True}, True),
        ({"snoozed_until": TODAY + dt.timedelta(days=1)}, True),
        ({"snoozed_until": TODAY}, False),
        ({}, False),
    ],
)
def test_acknowledged_or_put_off_it_stays_quiet(fields: dict[str, object], quiet: bool) -> None:
    due = opened(lead_due_on=ago(1), **fields)
    _episode, said = step(due, days("MM"), ago(7), None, TELLING, TODAY)
    assert said == ([] if quiet else [Kind.LOW, Kind.LOW_LEAD])


@pytest.mark.parametrize(
    ("words", "closes"),
    [("OO", True), ("O?AO", True), ("O O", True), ("UO", False), ("OOU", False), ("OO?", False)],
)
def test_two_days_on_target_close_it(words: str, closes: bool) -> None:
    before = opened(acknowledged=True)
    episode, said = step(before, days(words), ago(20), None, RULES, TODAY)
    assert episode == (replace(before, closed_on=TODAY) if closes else before)
    assert said == ([Kind.BACK] if closes else [])


@pytest.mark.parametrize("word", ["?", "A", " "])
def test_a_day_that_proves_nothing_changes_nothing(word: str) -> None:
    before = opened(9, 90)
    assert step(before, days("MM" + word), ago(90), None, TELLING, TODAY) == (before, [])
    assert step(None, days("MM" + word, forecast=Word.MOSTLY_ONLINE), None, None, RULES, TODAY) == (None, [])


def test_the_lead_is_told_once_14_days_after_the_cm_was_told_so() -> None:
    episode, said = step(None, days("MM"), None, None, TELLING, TODAY)
    assert episode is not None
    assert said == [Kind.LOW]
    assert episode.lead_due_on == TODAY + dt.timedelta(days=14)
    told: list[dt.date] = []
    for number in range(1, 60):
        day = TODAY + dt.timedelta(days=number)
        episode, said = step(episode, days("MMM", until=day), episode.last_reminded_on, None, TELLING, day)
        assert episode is not None
        told += [day] if Kind.LOW_LEAD in said else []
    assert told == [TODAY + dt.timedelta(days=14)]
    assert episode.lead_told_on == told[0]


@pytest.mark.parametrize(
    ("policy", "fields"),
    [
        (RULES, {"lead_due_on": ago(1)}),
        (TELLING, {"lead_due_on": ago(1), "lead_told_on": ago(1)}),
        (TELLING, {"lead_due_on": None}),
        (TELLING, {"lead_due_on": TODAY + dt.timedelta(days=1)}),
    ],
)
def test_the_lead_is_not_told(policy: Rules, fields: dict[str, object]) -> None:
    _episode, said = step(opened(last=3, **fields), days("MM"), ago(3), None, policy, TODAY)
    assert said == []


@pytest.mark.parametrize(
    ("word", "forecast", "said"),
    [
        ("O", Word.UNDER, True),
        ("O", Word.MOSTLY_ONLINE, True),
        ("U", Word.MOSTLY_ONLINE, True),
        ("U", Word.UNDER, False),
        ("M", Word.MOSTLY_ONLINE, False),
        ("M", Word.UNDER, False),
        ("O", Word.ON_TARGET, False),
        ("O", Word.INCONCLUSIVE, False),
        ("O", Word.AWAY, False),
        ("O", None, False),
        ("?", Word.UNDER, False),
    ],
)
def test_a_heads_up_comes_before_the_fall(word: str, forecast: Word | None, said: bool) -> None:
    result = step(None, days(word, forecast=forecast), None, None, RULES, TODAY)
    assert result == (None, [Kind.HEADS_UP] if said else [])


@pytest.mark.parametrize(
    ("offset", "said"), [(-1, False), (0, True), (1, True), (2, True), (3, True), (4, False), (5, False)]
)
def test_a_heads_up_comes_from_tuesday_to_friday(offset: int, said: bool) -> None:
    day = TODAY + dt.timedelta(days=offset)
    result = step(None, days("O", forecast=Word.UNDER, until=day), None, None, RULES, day)
    assert result == (None, [Kind.HEADS_UP] if said else [])


@pytest.mark.parametrize(
    ("low", "heads_up", "said"),
    [(7, None, False), (8, None, True), (None, 13, False), (None, 14, True), (8, 14, True)],
)
def test_a_heads_up_keeps_its_distance(low: int | None, heads_up: int | None, said: bool) -> None:
    last_low, last_heads_up = low and ago(low), heads_up and ago(heads_up)
    result = step(None, days("O", forecast=Word.UNDER), last_low or None, last_heads_up or None, RULES, TODAY)
    assert result == (None, [Kind.HEADS_UP] if said else [])


def test_during_an_episode_there_is_no_heads_up() -> None:
    before = opened(last=3)
    assert step(before, days("U", forecast=Word.MOSTLY_ONLINE), ago(3), None, RULES, TODAY) == (before, [])


@pytest.mark.parametrize(
    ("told", "low", "heads_up"), [(11, True, True), (12, True, False), (18, False, False)]
)
def test_in_a_year_there_is_an_end_to_it(told: int, low: bool, heads_up: bool) -> None:
    first = step(None, days("MM"), None, None, RULES, TODAY, told)
    again = step(opened(), days("MM"), ago(7), None, RULES, TODAY, told)
    ahead = step(None, days("O", forecast=Word.UNDER), None, None, RULES, TODAY, told)
    assert (first[1], again[1]) == (([Kind.LOW], [Kind.LOW]) if low else ([], []))
    assert first[0] is not None if low else first[0] is None
    assert ahead[1] == ([Kind.HEADS_UP] if heads_up else [])


@given(seed=st.integers(0, 2**32), tells=st.booleans())
@settings(max_examples=int(os.environ.get("SERIES", "300")), deadline=None)
def test_whatever_happens_the_distances_hold(seed: int, tells: bool) -> None:
    """`SERIES=10000`: as many random series of 180 days (`make faults` asks for them)."""
    said = _run(random.Random(seed), Rules(tells_lead=tells))
    lows = [day for day, kind in said if kind is Kind.LOW]
    heads_ups = [day for day, kind in said if kind is Kind.HEADS_UP]
    assert all(later - earlier >= 7 for earlier, later in itertools.pairwise(lows))
    assert all(later - earlier >= 7 for earlier, later in itertools.pairwise(heads_ups))
    assert not [day for day in heads_ups for low in lows if 0 <= day - low <= 7]
    assert len(lows) + len(heads_ups) <= 18
    spoken = [kind for _day, kind in said if kind is not Kind.HEADS_UP]
    for before, after in zip([None, *spoken], spoken, strict=False):
        assert after is not Kind.BACK or before in (Kind.LOW, Kind.LOW_LEAD)
    assert tells or Kind.LOW_LEAD not in spoken


def _run(random_: random.Random, rules: Rules, length: int = 180) -> list[tuple[int, Kind]]:
    """What is said over a random series of days, and on which of them: words come in runs, as in life."""
    episode: Stretch | None = None
    history: list[Evaluated] = []
    said: list[tuple[int, Kind]] = []
    last: dict[Kind, dt.date] = {}
    word = "O"
    for number in range(length):
        today = TODAY + dt.timedelta(days=number)
        word = random_.choice("MUO?A ") if random_.random() < 0.3 else word
        if word != " ":
            counts = Counts(random_.randrange(10), 9)
            history.append(Evaluated(today, WORDS[word], counts, random_.choice([*Word, None])))
        if episode is not None and random_.random() < 0.01:
            episode = replace(episode, snoozed_until=today + dt.timedelta(days=random_.randrange(1, 31)))
        told = sum(kind in (Kind.LOW, Kind.HEADS_UP) for _day, kind in said)
        episode, reminders = step(
            episode, history[-20:], last.get(Kind.LOW), last.get(Kind.HEADS_UP), rules, today, told
        )
        for kind in reminders:
            last[kind] = today
            said.append((number, kind))
        if episode is not None and episode.closed_on:
            episode = None
    return said
