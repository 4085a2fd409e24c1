import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from ratio.history import By, Stretch, a_year, spans, stretches, total
from ratio.verdicts import Counts

days = st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1))


def test_months_are_whole_and_so_are_weeks():
    assert spans(dt.date(2026, 1, 31), dt.date(2026, 3, 1), By.MONTH) == [
        (dt.date(2026, 1, 1), dt.date(2026, 1, 31)),
        (dt.date(2026, 2, 1), dt.date(2026, 2, 28)),
        (dt.date(2026, 3, 1), dt.date(2026, 3, 31)),
    ]
    assert spans(dt.date(2026, 11, 24), dt.date(2026, 11, 30), By.WEEK) == [
        (dt.date(2026, 11, 23), dt.date(2026, 11, 29)),
        (dt.date(2026, 11, 30), dt.date(2026, 12, 6)),
    ]


@given(today=days, by=st.sampled_from(By))
def test_a_year_ends_with_today_and_has_no_gap(today: dt.date, by: By) -> None:
    found = a_year(today, by)
    assert len(found) == (52 if by is By.WEEK else 12)
    assert found[-1][0] <= today <= found[-1][1]
    assert all(later[0] - earlier[1] == dt.timedelta(days=1) for earlier, later in itertools.pairwise(found))


def test_stretches_hold_what_their_days_hold():
    weeks = spans(dt.date(2026, 11, 16), dt.date(2026, 11, 24), By.WEEK)
    found = stretches(weeks, dt.date(2026, 11, 24), lambda first, last: Counts((last - first).days + 1, 1))
    assert found == [
        Stretch(dt.date(2026, 11, 16), dt.date(2026, 11, 22), Counts(7, 1)),
        Stretch(dt.date(2026, 11, 23), dt.date(2026, 11, 29), Counts(7, 1), is_now=True),
    ]
    assert total(found) == Counts(14, 2)
