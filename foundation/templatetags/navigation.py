"""Links to the sections: where they lead, and which one the reader is in."""

import functools
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from foundation.templatetags.icons import icon as draw

register = template.Library()


@register.simple_tag(takes_context=True)
def nav_link(
    context: dict[str, Any],
    view: str,
    icon: str,
    label: str,
    sections: str = "",
    kind: str = "",
    key: str = "",
    **kwargs: Any,
) -> SafeString | str:
    """A link to `view` (a URL name; `kwargs` are its arguments), nothing when that address does not exist.

    It is the current one on its own page, and on every page whose address begins with one of `sections`
    (comma-separated, e.g. "/calendar/,/events/"). `kind` "add" draws the round button of the bottom bar.
    `key` is the letter that goes there ("g" then "c"). Twenty of them are on each page: hence no template of its own,
    and all but the mark of the current one is kept.
    """
    address, start, end = _link(view, icon, label, kind, key, tuple(kwargs.items()))
    here = getattr(context.get("request"), "path", "")
    if here == address:
        return mark_safe(f'{start} aria-current="page"{end}')
    prefixes = tuple(prefix for prefix in sections.split(",") if prefix)
    current = ' aria-current="true"' if address and prefixes and here.startswith(prefixes) else ""
    return mark_safe(f"{start}{current}{end}")


@functools.lru_cache(maxsize=1000)
def _link(
    view: str, icon: str, label: str, kind: str, key: str, arguments: tuple[tuple[str, Any], ...]
) -> tuple[str | None, str, str]:
    """Where a link leads, and what is drawn before and after the mark of the current one."""
    try:
        address = reverse(view, kwargs=dict(arguments))
    except NoReverseMatch:
        return None, "", ""
    css = format_html(' class="{}"', kind) if kind else ""
    letter = format_html(' data-go="{}"', key) if key else ""
    picture = format_html("<span>{}</span>", draw(icon)) if kind == "add" else draw(icon)
    return (
        address,
        format_html('<a href="{}"{}{}', address, css, letter),
        format_html(">{}{}</a>", picture, label),
    )
