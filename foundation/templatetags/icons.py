"""Icons of the house: one sprite, drawn by name."""

import functools
import re
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@functools.cache
def names() -> frozenset[str]:
    """The names that the sprite holds."""
    sprite = Path(str(finders.find("icons.svg"))).read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite))


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw a sprite icon. Without a `label` it is decoration: a visible word stands beside it. `size`: "" or "big".

    A name that the sprite lacks raises LookupError in tests; elsewhere an empty picture is better than no page.
    """
    if settings.MODE == "test" and name not in names():
        raise LookupError(f"{name}: add it to assets/icons.txt and run ./dev assets")
    if not label:
        return _decoration(name, size)
    markup = '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>'
    return format_html(markup, f"ic {size}".strip(), label, _address(), name)


@functools.cache
def _decoration(name: str, size: str) -> SafeString:
    """The same few dozen stand on every page, some of them a hundred times."""
    markup = '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>'
    return format_html(markup, f"ic {size}".strip(), _address(), name)


@functools.cache
def _address() -> str:
    """The sprite's address with its fingerprint, which stays the same as long as the process runs."""
    return static("icons.svg")
