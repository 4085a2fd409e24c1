"""Links to the sections: where they lead, and which one the reader is in."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse

register = template.Library()


@register.inclusion_tag("partials/nav_link.html", takes_context=True)
def nav_link(
    context: dict[str, Any],
    view: str,
    icon: str,
    label: str,
    sections: str = "",
    kind: str = "",
    key: str = "",
    **kwargs: Any,
) -> dict[str, Any]:
    """A link to `view` (a URL name; `kwargs` are its arguments), nothing when that address does not exist.

    It is the current one on its own page, and on every page whose address begins with one of `sections`
    (comma-separated, e.g. "/calendar/,/events/"). `kind` "add" draws the round button of the bottom bar.
    `key` is the letter that goes there ("g" then "c").
    """
    try:
        address = reverse(view, kwargs=kwargs)
    except NoReverseMatch:
        return {"address": None}
    here = getattr(context.get("request"), "path", "")
    prefixes = tuple(prefix for prefix in sections.split(",") if prefix)
    current = "page" if here == address else ""
    if not current and prefixes and here.startswith(prefixes):
        current = "true"
    return {
        "address": address,
        "icon_name": icon,
        "label": label,
        "current": current,
        "kind": kind,
        "key": key,
    }
