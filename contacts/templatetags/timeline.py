"""A contact's history. A page has twenty entries: drawn here, they take a tenth of what template nodes do."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from contacts.timeline import Entry, Other
from foundation import formatting
from foundation.templatetags.icons import icon

register = template.Library()
NAMES = 8


@register.simple_tag(takes_context=True)
def timeline(context: dict[str, Any], entries: Iterable[Entry], can_join: object) -> SafeString:
    """An item for each entry, and one before the first of each day. The private note of somebody else is not in it at
    all; who `can_join` may say that they were there too."""
    language, day, items = get_language() or "en", "", []
    token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{context.get("csrf_token", "")}">'
    for entry in entries:
        met = timezone.localtime(entry.touchpoint.met_at)
        on = formatting.full_date(met.date(), language)
        if on != day:
            items.append(f'<li class="day">{on}</li>')
        day = on
        about = f'<span class="visually-hidden"> – {escape(str(entry.touchpoint.kind))}, {on}</span>'
        items.append(
            _item(entry, formatting.sentence_time(met, language), _act(entry, about, can_join, token))
        )
    return mark_safe("".join(items))


def _item(entry: Entry, time: str, act: str) -> str:
    touchpoint = entry.touchpoint
    disc, kind = "real" if touchpoint.is_real else "far", touchpoint.kind
    note = f'<p class="clamp">{escape(entry.note)}</p>' if entry.note else ""
    if entry.is_withheld and not note:
        said = _("The note is private to %(name)s.") % {"name": touchpoint.author.get_short_name()}
        note = f'<p class="meta">{icon("lock")} {escape(said)}</p>'
    meta = [time, ", ".join(manager.short_name for manager in entry.managers), entry.place]
    if minutes := touchpoint.minutes:
        meta.append(ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes})
    return (
        f'<li><span class="disc {disc}">{icon(kind.icon)}</span><div class="body">'
        f"<h3>{escape(str(kind))}{_with(entry.others)}</h3>{note}"
        f'<div class="meta">{escape(" · ".join(filter(None, meta)))}</div>{act}</div></li>'
    )


def _with(others: list[Other]) -> str:
    """Who else was there."""
    if not others:
        return ""
    names = [
        escape(other.name)
        if other.is_binned
        else f'<a href="{reverse("contact", args=[other.pk])}">{escape(other.name)}</a>'
        for other in others[:NAMES]
    ]
    together, more = escape(_("with")), "…" if len(others) > NAMES else ""
    return f' <span class="soft">{together} {", ".join(names)}{more}</span>'


def _act(entry: Entry, about: str, can_join: object, token: str) -> str:
    """What the reader can do about it. `about` says of which meeting."""
    if entry.may_edit:
        words = _("Change") if entry.note else _("Change, add a note")
        address = reverse("log_edit", args=[entry.touchpoint.pk])
        return f'<div><a class="lk" href="{address}">{escape(words)}{about}</a></div>'
    if not (entry.may_join and can_join):
        return ""
    address, words = reverse("log_join", args=[entry.touchpoint.pk]), escape(_("I was there too"))
    button = f'<button class="lk" type="submit">{words}{about}</button>'
    return f'<form class="inline" method="post" action="{address}">{token}{button}</form>'
