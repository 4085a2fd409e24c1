"""What is drawn of launches. Markup is in templates/outreach/partials/; where things stand, in outreach.launches."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


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


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    """`{{ links|of:contact.pk }}`: what a mapping holds under a key, or nothing."""
    return found.get(key)


def _anchor(share: float) -> str:
    """Where a label hangs on its mark, so that it stays inside the bar."""
    return "start" if share < 0.15 else "end" if share > 0.85 else "middle"
