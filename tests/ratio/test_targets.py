import datetime as dt
from fractions import Fraction

import pytest

from ratio.targets import TargetSpan, in_force

LEA, NOE = 1, 2
TARGETS = [
    TargetSpan(1, None, Fraction(3, 10), dt.date(2026, 1, 1)),
    TargetSpan(2, None, Fraction(4, 10), dt.date(2026, 6, 1)),
    TargetSpan(3, LEA, Fraction(2, 10), dt.date(2026, 3, 1), dt.date(2026, 3, 31)),
    TargetSpan(4, LEA, Fraction(1, 10), dt.date(2026, 3, 1), dt.date(2026, 3, 10)),
]


@pytest.mark.parametrize(
    ("manager", "day", "expected"),
    [
        (LEA, "2025-12-31", "3/10"),
        (LEA, "2026-02-28", "3/10"),
        (LEA, "2026-03-10", "1/10"),
        (LEA, "2026-03-31", "1/5"),
        (LEA, "2026-04-01", "3/10"),
        (LEA, "2026-06-01", "2/5"),
        (NOE, "2026-03-15", "3/10"),
        (None, "2026-03-15", "3/10"),
    ],
)
def test_target_in_force(manager: int | None, day: str, expected: str) -> None:
    assert in_force(TARGETS, manager, dt.date.fromisoformat(day)) == Fraction(expected)


def test_at_install_it_is_thirty_percent() -> None:
    assert in_force([], LEA, dt.date(2026, 1, 1)) == Fraction(3, 10)
