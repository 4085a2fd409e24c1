import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratio.drawing import Blocks, Picture, anchor, equaliser, percent, year


def blocks(picture: Picture) -> dict[str, int]:
    """How many shapes of each ink are drawn."""
    return {path.css: path.d.count("M") for path in picture.paths}


@pytest.mark.parametrize(
    ("share", "width", "hangs"),
    [
        ("1/3", "33.33%", "middle"),
        ("0", "0.00%", "start"),
        ("11/100", "11.00%", "start"),
        ("12/100", "12.00%", "middle"),
        ("88/100", "88.00%", "middle"),
        ("89/100", "89.00%", "end"),
        ("1", "100.00%", "end"),
    ],
)
def test_a_share_as_an_attribute(share: str, width: str, hangs: str) -> None:
    assert percent(Fraction(share)) == width
    assert anchor(Fraction(share)) == hangs


def test_a_block_is_an_action_up_to_a_cap_and_the_count_says_the_rest() -> None:
    drawn = equaliser([Blocks(3, 5, "5 oct."), Blocks(20, 30, "today", is_now=True)])
    assert blocks(drawn) == {"rb": 3 + 8, "ob": 5 + 10}
    assert {"3", "5", "20", "30", "5 oct.", "today"} == {text.words for text in drawn.texts}
    assert {text.words for text in drawn.texts if text.strong} == {"20", "30", "today"}


def test_planned_is_dashed_and_days_away_are_empty_not_nought() -> None:
    drawn = equaliser([Blocks(0, 0, "", empty=True, word="away"), Blocks(1, 2, "planned", planned=True)])
    assert blocks(drawn) == {"pr": 1, "po": 2}
    assert {text.words for text in drawn.texts} == {"away", "1", "2", "planned"}


def test_nothing_at_all_still_draws_a_line() -> None:
    drawn = equaliser([])
    assert (drawn.paths, drawn.texts) == ([], [])
    assert 0 < drawn.base < drawn.height


def test_a_shared_peak_gives_the_same_height() -> None:
    small, large = [Blocks(1, 1, "")], [Blocks(6, 9, "")]
    assert equaliser(small, peak_real=6, peak_online=9).height == equaliser(large).height


@given(
    columns=st.lists(
        st.builds(Blocks, st.integers(0, 40), st.integers(0, 40), st.just("x"), st.booleans()), max_size=13
    )
)
def test_all_of_it_lies_inside_the_picture(columns: list[Blocks]) -> None:
    for drawn in (equaliser(columns), year(columns)):
        for path in drawn.paths:
            for x, y in re.findall(r"M([\d.]+) ([\d.]+)", path.d):
                assert 0 <= float(x) <= drawn.width
                assert 0 <= float(y) <= drawn.height
        for text in drawn.texts:
            assert 8 <= float(text.y) <= drawn.height


def test_a_year_is_drawn_to_one_scale_and_many_columns_are_counted_at_their_highest_only() -> None:
    few = year([Blocks(2, 4, "Jan."), Blocks(0, 0, "Feb.", is_now=True)])
    assert {path.css: path.d for path in few.paths} == {
        "rb": "M142.0 63v-48.0h36.0v48.0z",
        "ob": "M142.0 65v96.0h36.0v-96.0z",
    }
    assert {text.words for text in few.texts} == {"2", "4", "Jan.", "Feb."}
    many = year([Blocks(number, min(number, 18), "") for number in range(20)])
    assert [text.words for text in many.texts] == ["19", "18"]
    assert year([]).paths == []


def test_of_many_names_every_second_may_be_left_out_but_not_the_last() -> None:
    few = year([Blocks(1, 1, f"M{number}") for number in range(6)])
    assert not any(text.spare for text in few.texts)
    many = year([Blocks(1, 1, f"M{number}") for number in range(12)])
    assert [text.words for text in many.texts if text.spare] == ["M0", "M2", "M4", "M6", "M8", "M10"]
