"""What is drawn of launches. Markup is in templates/outreach/partials/; where things stand, in outreach.launches."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django import template
from django.utils.translation import get_language, gettext, pgettext

from foundation import formatting
from outreach.launches.picture import Picture
from outreach.launches.score import BEFORE, DAYS, Score, Words, score
from outreach.launches.words import number

register = template.Library()
WIDE, NARROW = 920, 320


@register.inclusion_tag("outreach/partials/coverage_bar.html")
def coverage_bar(met: int, total: int, expected: int | None = None) -> dict[str, Any]:
    """How many of how many were met: the presence bar, with a notch where an even pace would be."""
    return {
        "met": met,
        "rest": total - met,
        "width": f"{met / total:.2%}" if met else "",
        "is_full": met == total,
        "mark": f"{expected / total:.2%}" if expected else "",
        "expected": expected,
        "anchor": _anchor(expected / total) if expected else "",
    }


@register.inclusion_tag("outreach/partials/goal_bar.html")
def goal_bar(count: int, goal: int) -> dict[str, Any]:
    """What was reached beside the goal, on a scale that holds both."""
    most = max(count, goal, 1)
    return {
        "width": f"{count / most:.2%}",
        "is_full": count >= goal,
        "mark": f"{goal / most:.2%}",
        "anchor": _anchor(goal / most),
        "goal": goal,
    }


@register.inclusion_tag("outreach/partials/score.html")
def launch_score(picture: Picture) -> dict[str, Any]:
    """The picture, drawn twice: for a wide page and for a phone, whose words would else be too small to read."""
    drawn = [_drawn(picture, width) for width in (WIDE, NARROW)]
    return {"drawings": zip(drawn, ("wide", "narrow"), strict=True), "picture": picture}


def _drawn(picture: Picture, width: int) -> Score:
    week = picture.visits.week
    said = ""
    if week and week.is_exact:
        values = {"n": number(week.count), "goal": number(picture.launch.goal)}
        said = gettext("%(n)s in the first week, goal %(goal)s") % values if width == WIDE else values["n"]
    words = Words(
        launch=pgettext("the launch day, very short", "the day"),
        week=said,
        visitors=gettext("Unique visitors a day"),
        today=pgettext("under the last column, very short", "today"),
        labels=[(day, _short(picture.days[day])) for day in (0, BEFORE // 2, BEFORE, DAYS - 1)],
    )
    return score(picture.lanes, picture.visitors, width=width, known_until=picture.known_until, words=words)


def _short(day: date) -> str:
    return formatting.short_date(day, get_language() or "en")


@register.filter
def range_to(first: date, last: date) -> str:
    """`{{ first|range_to:last }}`: du 23 au 29 octobre / 23 to 29 October."""
    return formatting.date_range(first, last, get_language() or "en")


@register.filter
def width(share: Fraction) -> str:
    """A share as the width of a bar: 33.33%."""
    return f"{float(share):.2%}"


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    """`{{ links|of:contact.pk }}`: what a mapping holds under a key, or nothing."""
    return found.get(key)


def _anchor(share: float) -> str:
    """Where a label hangs on its mark, so that it stays inside the bar."""
    return "start" if share < 0.15 else "end" if share > 0.85 else "middle"
