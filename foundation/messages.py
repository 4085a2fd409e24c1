"""The status line: what just happened, in words, with Undo and links beside it.

Kept in Django's messages. The words are the message; the buttons travel as JSON in its extra tags, so a message
written by anybody else (django-allauth) is shown by the same template.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

ICONS = {"success": "circle-check", "info": "info", "warning": "triangle-alert", "error": "triangle-alert"}


@dataclass(frozen=True)
class StatusLine:
    """One line as the template draws it: `tone` is the level's name, `undo_url` takes a POST."""

    text: str
    tone: str
    icon: str
    undo_url: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)


def status(
    request: HttpRequest,
    text: object,
    *,
    undo_url: str = "",
    links: Iterable[tuple[object, str]] = (),
    level: int = messages.SUCCESS,
) -> None:
    """Say `text` on the next page. `undo_url` is posted to by the Undo button; `links` are (words, address)."""
    extras = {"undo": undo_url, "links": [(str(words), address) for words, address in links]}
    kept = json.dumps(extras) if undo_url or extras["links"] else ""
    messages.add_message(request, level, str(text), extra_tags=kept, fail_silently=True)


def line(message: Message) -> StatusLine:
    """A message as a status line; extra tags that are not ours are ignored."""
    tone = message.level_tag if message.level_tag in ICONS else "info"
    extras: dict[str, object] = {}
    if (message.extra_tags or "").startswith("{"):
        extras = json.loads(message.extra_tags)
    links = [(words, address) for words, address in extras.get("links", [])]  # type: ignore[attr-defined]
    return StatusLine(str(message.message), tone, ICONS[tone], str(extras.get("undo", "")), links)
