import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratio.verdicts import (
    Counts,
    Reading,
    Reason,
    Rules,
    Word,
    meetings_needed,
    needed,
    posts_to_move,
    verdict,
    way_back,
)
from tests.ratio.weeks import RULES, TARGET

SUNDAY = dt.date(2026, 11, 29)
counts = st.builds(Counts, st.integers(0, 60), st.integers(0, 60))
targets = st.fractions(0, 1, max_denominator=100)


def reading(real: int, online: int, **fields: object) -> Reading:
    defaults: dict[str, object] = {"day": SUNDAY, "wide": Counts(real, online), "days_in_team": 400}
    return Reading(counts=Counts(real, online), **{**defaults, **fields})  # type: ignore[arg-type]


def judged(
    now: Reading, week_ago: Reading | None = None, before: Reading | None = None, target: Fraction = TARGET
) -> tuple[Word, Reason | None]:
    said = verdict(now, week_ago or reading(9, 9), before or reading(9, 9), target, RULES)
    return said.word, said.reason


@pytest.mark.parametrize(
    ("now", "word", "reason"),
    [
        (reading(0, 20, on_leave=True, days_in_team=3), Word.AWAY, None),
        (reading(0, 20, days_in_team=13), Word.INCONCLUSIVE, Reason.NEW),
        (reading(0, 20, days_in_team=14), Word.MOSTLY_ONLINE, None),
        (
            reading(12, 24, posts_known_until=SUNDAY - dt.timedelta(days=11), posts_regular=True),
            Word.INCONCLUSIVE,
            Reason.STALE,
        ),
        (
            reading(12, 24, posts_known_until=SUNDAY - dt.timedelta(days=10), posts_regular=True),
            Word.ON_TARGET,
            None,
        ),
        (reading(12, 3, posts_known_until=SUNDAY - dt.timedelta(days=50)), Word.ON_TARGET, None),
        (reading(3, 4), Word.INCONCLUSIVE, Reason.FEW),
        (reading(0, 0), Word.INCONCLUSIVE, Reason.FEW),
        (reading(3, 4, wide=Counts(2, 6)), Word.UNDER, None),
        (reading(3, 4, wide=Counts(1, 7)), Word.MOSTLY_ONLINE, None),
        (reading(3, 7), Word.ON_TARGET, None),
        (reading(8, 0), Word.ON_TARGET, None),
        (reading(29, 71), Word.UNDER, None),
        (reading(2, 8), Word.UNDER, None),
        (reading(19, 81), Word.MOSTLY_ONLINE, None),
    ],
)
def test_first_match_wins(now: Reading, word: Word, reason: Reason | None) -> None:
    assert judged(now) == (word, reason)


@pytest.mark.parametrize(
    ("week_ago", "before", "word"),
    [
        (reading(25, 75), reading(29, 71), Word.MOSTLY_ONLINE),
        (reading(26, 74), reading(29, 71), Word.MOSTLY_ONLINE),
        (reading(24, 76), reading(29, 71), Word.UNDER),
        (reading(30, 70), reading(29, 71), Word.UNDER),
        (reading(26, 74), reading(30, 70), Word.UNDER),
        (reading(26, 74, days_in_team=13), reading(29, 71), Word.UNDER),
        (reading(26, 74), reading(1, 2), Word.UNDER),
        (reading(26, 74, on_leave=True), reading(29, 71, on_leave=True), Word.MOSTLY_ONLINE),
    ],
)
def test_three_weeks_under_and_not_recovering(week_ago: Reading, before: Reading, word: Word) -> None:
    assert judged(reading(25, 75), week_ago, before) == (word, None)


def test_without_a_minimum_nothing_at_all_is_still_too_little() -> None:
    said = verdict(reading(0, 0), reading(0, 0), reading(0, 0), TARGET, Rules(minimum_actions=0))
    assert said.reason is Reason.FEW
    assert said.counts.text is None
    assert said.counts.share is None


def test_a_verdict_says_what_it_went_by() -> None:
    narrow, wide = judged_counts(reading(6, 12)), judged_counts(reading(1, 2, wide=Counts(5, 10)))
    assert narrow == ("6/18", False)
    assert wide == ("5/15", True)


def judged_counts(now: Reading) -> tuple[str | None, bool]:
    said = verdict(now, now, now, TARGET, RULES)
    return said.counts.text, said.wide


@pytest.mark.parametrize(("real", "online", "under"), [(3, 7, False), (29, 71, True), (1, 9, True)])
def test_is_under(real: int, online: int, under: bool) -> None:
    now = reading(real, online)
    assert verdict(now, now, now, TARGET, RULES).is_under is under


def test_thirty_percent_is_exactly_three_of_ten() -> None:
    assert judged(reading(3, 7), target=Fraction("0.30")) == (Word.ON_TARGET, None)
    assert judged(reading(299_999, 700_001), target=Fraction("0.30"))[0] is Word.UNDER


@pytest.mark.parametrize(
    ("real", "online", "target", "meetings", "posts"),
    [
        (6, 12, "0.40", 2, 3),
        (9, 12, "0.40", 0, 0),
        (6, 15, "0.40", 4, 6),
        (0, 8, "0.40", 6, 8),
        (10, 15, "0.40", 0, 0),
        (7, 11, "0.40", 1, 1),
        (12, 13, "0.50", 1, 1),
        (3, 17, "0.30", 5, 10),
        (3, 7, "0.30", 0, 0),
        (14, 15, "0.45", 0, 0),
        (0, 20, "0", 0, 0),
        (5, 20, "1", None, 20),
        (5, 0, "1", 0, 0),
    ],
)
def test_meetings_and_posts(real: int, online: int, target: str, meetings: int | None, posts: int) -> None:
    assert meetings_needed(Counts(real, online), Fraction(target)) == meetings
    assert posts_to_move(Counts(real, online), Fraction(target)) == posts


@given(counts=counts, target=targets)
def test_n_meetings_bring_it_back_and_one_less_does_not(counts: Counts, target: Fraction) -> None:
    meetings = meetings_needed(counts, target)
    if meetings is None:
        assert target == 1
        assert counts.online
        return
    assert _reaches(counts + Counts(meetings), target)
    assert meetings == 0 or not _reaches(counts + Counts(meetings - 1), target)


@given(counts=counts, target=targets)
def test_m_posts_bring_it_back_and_one_less_does_not(counts: Counts, target: Fraction) -> None:
    posts = posts_to_move(counts, target)
    assert posts <= counts.online
    assert _reaches(counts + Counts(0, -posts), target)
    assert posts == 0 or not _reaches(counts + Counts(0, 1 - posts), target)


def _reaches(counts: Counts, target: Fraction) -> bool:
    return counts.real >= target * counts.total


@given(narrow=counts, before=counts, target=targets)
def test_with_n_meetings_the_verdict_itself_is_on_target(
    narrow: Counts, before: Counts, target: Fraction
) -> None:
    """Also where further meetings turn a reading of 56 days into one of 28."""
    ahead = reading(narrow.real, narrow.online, wide=narrow + before)
    meetings = needed(ahead, target, RULES, posts_to_come=99).meetings
    if meetings is None:
        return
    more = Counts(meetings)
    then = reading(narrow.real + meetings, narrow.online, wide=narrow + before + more)
    said = verdict(then, then, then, target, RULES)
    assert said.word is Word.ON_TARGET or said.reason is Reason.FEW
    if meetings:
        less = reading(narrow.real + meetings - 1, narrow.online, wide=narrow + before + Counts(meetings - 1))
        assert verdict(less, less, less, target, RULES).word is not Word.ON_TARGET


@pytest.mark.parametrize(("to_come", "posts"), [(2, None), (3, 3), (9, 3)])
def test_only_posts_still_to_come_can_be_moved(to_come: int, posts: int | None) -> None:
    said = needed(reading(6, 12), Fraction(4, 10), RULES, posts_to_come=to_come)
    assert (said.meetings, said.posts, said.until, said.after) == (2, posts, SUNDAY, Counts(8, 12))


def test_a_target_of_all_cannot_be_met_once_something_was_posted() -> None:
    assert needed(reading(6, 12), Fraction(1), RULES, posts_to_come=99).meetings is None


def total(weeks: list[Counts]) -> Counts:
    return Counts(sum(week.real for week in weeks), sum(week.online for week in weeks))


WEEK = Counts(1, 9)
NONE_AHEAD = [Counts()] * 5


@pytest.mark.parametrize(
    ("recent", "ahead", "known", "expected"),
    [
        # 4/40 stays so by itself; 3 a week make 16/52 after four weeks
        ([WEEK] * 4, NONE_AHEAD, False, (3, 3)),
        # the same with all posts known: none ahead, so one a week is enough after four weeks
        ([WEEK] * 4, NONE_AHEAD, True, (1, 3)),
        # 2 a week
        ([Counts(2, 9)] * 4, NONE_AHEAD, False, (2, 3)),
        # the heavy week has just left the window
        ([Counts(2, 30), Counts(2, 6), Counts(2, 6), Counts(2, 6)], [Counts(2, 6)] * 5, True, (1, 2)),
        # out of reach
        ([Counts(0, 20)] * 4, [Counts(0, 20)] * 5, False, None),
        # three a week, but only in the fifth week
        (
            [Counts(0, 7)] * 4,
            [Counts(0, 8), Counts(0, 8), Counts(0, 8), Counts(0, 4), Counts(0, 4)],
            True,
            (3, 4),
        ),
    ],
)
def test_the_way_back(
    recent: list[Counts], ahead: list[Counts], known: bool, expected: tuple[int, int] | None
) -> None:
    way = way_back(recent, ahead, [known] * 5, usual=total(recent), first=SUNDAY, target=TARGET)
    assert (way and (way.a_week, (way.on - SUNDAY).days // 7)) == expected


@given(
    recent=st.lists(counts, min_size=4, max_size=4),
    ahead=st.lists(counts, min_size=5, max_size=5),
    target=targets,
)
def test_a_way_back_is_short_and_small(recent: list[Counts], ahead: list[Counts], target: Fraction) -> None:
    way = way_back(recent, ahead, [False] * 5, usual=total(recent), first=SUNDAY, target=target)
    if way is not None:
        assert 1 <= way.a_week <= 3
        assert 0 <= (way.on - SUNDAY).days // 7 <= (5 if way.a_week == 3 else 3)
