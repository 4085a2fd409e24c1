"""Where things stand in the picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.launches.score import BEFORE, DAYS, TALL, WEEKS, Lane, Words, score

WORDS = Words(launch="day", week="6,240", visitors="Visitors", labels=[(0, "a"), (56, "b"), (83, "c")])
NOBODY: list[int | None] = [None] * DAYS


def drawn(lanes=(), visitors=NOBODY, width=840, known_until=DAYS, words=WORDS):
    return score(lanes, visitors, width=width, known_until=known_until, words=words)


def of(found, css):
    return [one for one in found.shapes if one.css == css]


def test_a_staff_for_each_kind_and_a_note_for_each_week_with_meetings():
    found = drawn([Lane("Bands", [2, *[0] * (WEEKS - 1)]), Lane("Webzines", [*[0] * (WEEKS - 1), 1])])
    assert len(of(found, "staff")) == 2
    assert [(note.x, note.words) for note in found.notes] == [("35.0", "2"), ("805.0", "1")]
    assert [text.words for text in found.texts if text.css == "lane"] == ["Bands", "Webzines", "Visitors"]


def test_the_launch_day_is_a_double_bar_two_thirds_along():
    (thick,) = of(drawn(), "thick")
    assert float(thick.x) + 1.5 == 840 * BEFORE / DAYS


def test_the_tallest_day_fills_the_height_and_a_day_without_visitors_draws_nothing():
    visitors = [*NOBODY[:BEFORE], 1000, 500, 0, *[None] * 25]
    found = drawn(visitors=visitors, known_until=BEFORE + 3)
    assert [float(one.height) for one in of(found, "bar")] == [TALL, TALL / 2]
    assert of(found, "gap") == []


@pytest.mark.parametrize(("known_until", "gaps"), [(0, 0), (BEFORE, 0), (BEFORE + 3, 2), (DAYS, 27)])
def test_gaps_are_days_that_are_over_and_not_known(known_until, gaps):
    visitors = [*NOBODY[:BEFORE], 12, *[None] * 27]
    assert len(of(drawn(visitors=visitors, known_until=known_until), "gap")) == gaps


def test_the_first_week_has_a_bracket_only_with_a_figure():
    assert len(of(drawn(), "mark")) == 3
    assert of(drawn(words=Words(launch="day", week="", visitors="v")), "mark") == []


@pytest.mark.parametrize(
    ("known_until", "shown"), [(0, 0), (20, 1), (BEFORE - 7, 1), (BEFORE - 6, 0), (BEFORE + 9, 1), (DAYS, 0)]
)
def test_today_has_a_line_while_it_lies_in_the_picture_and_not_on_the_launch_day(known_until, shown):
    words = Words(launch="day", week="", visitors="v", today="now")
    assert len(of(drawn(words=words, known_until=known_until), "today")) == shown


def test_labels_at_the_ends_stay_inside():
    assert [text.anchor for text in drawn().texts[-3:]] == ["start", "middle", "end"]


@given(
    st.integers(0, 6),
    st.lists(st.none() | st.integers(0, 10**6), min_size=1, max_size=12),
    st.sampled_from([320, 920]),
)
def test_nothing_lies_outside(lanes, visitors, width):
    weeks = [number % 4 for number in range(WEEKS)]
    days = [visitors[day % len(visitors)] for day in range(DAYS)]
    found = drawn([Lane("x", weeks)] * lanes, days, width)
    for one in found.shapes:
        assert 0 <= float(one.x) <= float(one.x) + float(one.width) <= width + 0.2
        assert 0 <= float(one.y) <= float(one.y) + float(one.height) <= found.height
    for note in found.notes:
        assert 0 < float(note.x) < width
        assert 0 < float(note.y) < found.height
