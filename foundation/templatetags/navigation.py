"""Links to the sections: where they lead, and which one the reader is in."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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
    `key` is the letter that goes there ("g" then "c"). Twenty of them are on each page: hence no template of its own.
    """
    try:
        address = reverse(view, kwargs=kwargs)
    except NoReverseMatch:
        return ""
    here = getattr(context.get("request"), "path", "")
    prefixes = tuple(prefix for prefix in sections.split(",") if prefix)
    current = "page" if here == address else ""
    if not current and prefixes and here.startswith(prefixes):
        current = "true"
    given = (("class", kind), ("data-go", key), ("aria-current", current))
    attributes = format_html_join("", ' {}="{}"', (pair for pair in given if pair[1]))
    picture = format_html("<span>{}</span>", draw(icon)) if kind == "add" else draw(icon)
    return format_html('<a href="{}"{}>{}{}</a>', address, attributes, picture, label)
