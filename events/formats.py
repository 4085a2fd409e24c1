"""Templates of series: the usual formats, with a rule to start from."""

from dataclasses import dataclass
from datetime import time

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.rules import LAST, WEEKLY, Choice


@dataclass(frozen=True)
class Format:
    """`code` is a shipped kind of touchpoint; `why` says what it is good for."""

    code: str
    icon: str
    why: Promise
    choice: Choice
    at: time
    minutes: int


FORMATS = (
    Format(
        code="apero",
        icon="beer",
        why=_("Everybody at one table: bands, webzines, neighbours. The last Thursday of each month."),
        choice=Choice(which=LAST, weekday="TH"),
        at=time(18, 30),
        minutes=120,
    ),
    Format(
        code="interview",
        icon="mic-vocal",
        why=_("Somebody of the community tells their story. Every two weeks."),
        choice=Choice(repeat=WEEKLY, every=2, days=("TU",)),
        at=time(14),
        minutes=60,
    ),
    Format(
        code="product_test",
        icon="target",
        why=_("Show it before it is finished, and watch. Once a month."),
        choice=Choice(which=1, weekday="WE"),
        at=time(16, 30),
        minutes=90,
    ),
    Format(
        code="coffee",
        icon="coffee",
        why=_("Colleagues start the word of mouth. Every two weeks, half an hour."),
        choice=Choice(repeat=WEEKLY, every=2, days=("MO",)),
        at=time(9, 30),
        minutes=30,
    ),
)


def named(code: str) -> Format | None:
    """The template of that code."""
    return next((one for one in FORMATS if one.code == code), None)
