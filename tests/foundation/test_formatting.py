"""Dates, times and numbers in both languages, by tables. `~` stands for the no-break space."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

import pytest

from foundation import formatting

TODAY = date(2026, 11, 22)


def spaced(text: str) -> str:
    return text.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("function", "day", "french", "english"),
    [
        (formatting.day_month, date(2026, 11, 22), "22~novembre", "22~November"),
        (formatting.day_month, date(2026, 8, 1), "1er~août", "1~August"),
        (formatting.full_date, date(2026, 12, 1), "1er~décembre 2026", "1~December 2026"),
        (formatting.short_date, date(2026, 11, 22), "22~nov.", "22~Nov"),
        (formatting.short_date, date(2026, 2, 1), "1er~févr.", "1~Feb"),
        (formatting.short_date, date(2026, 9, 30), "30~sept.", "30~Sep"),
        (formatting.short_date, date(2026, 5, 8), "8~mai", "8~May"),
        (formatting.weekday_date, date(2026, 11, 22), "dimanche 22~novembre", "Sunday 22~November"),
    ],
)
def test_days(function, day, french, english):
    assert function(day, "fr") == spaced(french)
    assert function(day, "en") == spaced(english)


@pytest.mark.parametrize(
    ("moment", "french", "english"),
    [
        (time(18, 30), "18~h~30", "18:30"),
        (time(14, 0), "14~h", "14:00"),
        (time(9, 5), "9~h~05", "09:05"),
        (time(0, 0), "0~h", "00:00"),
        (datetime(2026, 11, 26, 18, 30, tzinfo=UTC), "18~h~30", "18:30"),
    ],
)
def test_times(moment, french, english):
    assert formatting.sentence_time(moment, "fr") == spaced(french)
    assert formatting.sentence_time(moment, "en") == english


def test_a_day_with_its_time():
    moment = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)
    assert formatting.day_and_time(moment, "fr") == spaced("jeudi 26~novembre, 18~h~30")
    assert formatting.day_and_time(moment, "en") == spaced("Thursday 26~November, 18:30")


@pytest.mark.parametrize(
    ("first", "last", "french", "english"),
    [
        (date(2026, 10, 26), TODAY, "du 26~octobre au 22~novembre", "26~October to 22~November"),
        (
            date(2026, 12, 28),
            date(2027, 1, 3),
            "du 28~décembre 2026 au 3~janvier 2027",
            "28~December 2026 to 3~January 2027",
        ),
    ],
)
def test_ranges(first, last, french, english):
    assert formatting.date_range(first, last, "fr") == spaced(french)
    assert formatting.date_range(first, last, "en") == spaced(english)


@pytest.mark.parametrize(
    ("share", "french", "english"),
    [
        (Fraction(6, 18), "33~%", "33%"),
        (Fraction(12, 18), "67~%", "67%"),
        (Decimal("0.30"), "30~%", "30%"),
        (Fraction(1, 8), "13~%", "13%"),
        (0.5, "50~%", "50%"),
        (0, "0~%", "0%"),
        (1, "100~%", "100%"),
    ],
)
def test_percent_has_no_decimals(share, french, english):
    assert formatting.percent(share, "fr") == spaced(french)
    assert formatting.percent(share, "en") == english


@pytest.mark.parametrize(
    ("day", "english"),
    [
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 21), "yesterday"),
        (date(2026, 11, 20), "2 days ago"),
        (date(2026, 11, 9), "13 days ago"),
        (date(2026, 11, 8), "2 weeks ago"),
        (date(2026, 9, 20), "9 weeks ago"),
        (date(2026, 8, 24), "12 weeks ago"),
        (date(2026, 8, 23), "3 months ago"),
        (date(2025, 11, 22), "12 months ago"),
        (date(2024, 11, 1), "2 years ago"),
        (date(2026, 11, 23), "tomorrow"),
        (date(2026, 11, 29), "in 7 days"),
    ],
)
def test_ago_in_the_largest_unit_that_fits(day, english):
    assert formatting.ago(day, TODAY, "en") == english


def test_ago_never_shrinks_as_days_go_by():
    seen = [formatting.ago(date.fromordinal(TODAY.toordinal() - back), TODAY, "en") for back in range(2000)]
    changes = [text for index, text in enumerate(seen) if index == 0 or text != seen[index - 1]]
    assert len(changes) == len(set(changes)), "a wording never comes back"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Jo Bernières", "JB"),
        ("La Cale", "LC"),
        ("Jo", "JO"),
        ("L’Étincelle", "LÉ"),
        ("Zine", "ZI"),
        ("Samira M.", "SM"),
        ("Jo (Brume)", "JO"),
        ("(Brume)", "BR"),
        ("Marguerite & les Vaches", "MV"),
        ("M", "M"),
        ("88 Notes", "8N"),
        ("…", "?"),
    ],
)
def test_initials(name, letters):
    assert formatting.initials(name) == letters


@pytest.mark.parametrize(
    ("name", "is_group", "short"),
    [("Jo Bernières", False, "Jo"), ("La Cale", True, "La Cale"), ("Jo", False, "Jo"), ("", False, "")],
)
def test_a_strip_says_the_first_word_of_a_person_and_all_of_a_group(name, is_group, short):
    assert formatting.short_name(name, is_group=is_group) == short


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_narrow_space_that_our_fonts_lack_is_never_written(language):
    moment = datetime(2026, 11, 1, 18, 30, tzinfo=UTC)
    written = formatting.day_and_time(moment, language) + formatting.percent(0.3, language)
    assert "\u202f" not in written
