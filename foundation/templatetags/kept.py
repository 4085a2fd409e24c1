"""Partials that say the same to everybody, drawn once."""

import functools

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def kept(partial: str) -> SafeString:
    """Draw a partial once for each language as long as the process runs: it stands on each page.

    It is handed nothing, neither request nor person, so it cannot keep what is somebody's.
    """
    draw = _drawn.__wrapped__ if settings.DEBUG else _drawn
    return draw(partial, get_language())


@functools.cache
def _drawn(partial: str, _language: str | None) -> SafeString:
    return mark_safe(render_to_string(partial))
