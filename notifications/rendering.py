"""One mail out of an envelope: subject, text and HTML, in the recipient's language and time zone."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from accounts.models import User
from notifications import kinds, unsubscribing
from notifications.kinds import Category
from notifications.models import Delivery, Notification


@dataclass(frozen=True)
class Item:
    """A notification as the mail shows it: `link` is absolute, `html` safe."""

    kind: str
    subject: str
    text: str
    html: SafeString
    link: str


@contextlib.contextmanager
def spoken_to(person: User) -> Iterator[None]:
    """The language and time zone in which a person is written to."""
    with translation.override(person.language), timezone.override(person.zone):
        yield


def message(delivery: Delivery, items: list[Item], now: datetime) -> EmailMultiAlternatives:
    """The mail of an envelope with one or several notifications."""
    person = delivery.recipient
    digests = [item.kind for item in items if kinds.get(item.kind).category == Category.DIGEST]
    with spoken_to(person):
        context = {
            "items": items,
            "recipient": person,
            "language": person.language,
            "subject": _subject(items),
            "preferences": settings.PUBLIC_URL + reverse("notifications:preferences"),
            "leave": unsubscribing.address(person, digests) if digests else "",
        }
        text = _plain("notifications/mail/letter.txt", context)
        html = get_template("notifications/mail/letter.html").render(context)
    mail = EmailMultiAlternatives(
        subject=context["subject"],
        body=text,
        to=[_to(person, delivery.address)],
        headers={
            "Message-ID": delivery.message_id,
            "Date": format_datetime(now),
            "Auto-Submitted": "auto-generated",
            "Content-Language": person.language,
            **(unsubscribing.headers(context["leave"]) if digests else {}),
        },
    )
    mail.attach_alternative(html, "text/html")
    return mail


def subject(notification: Notification, now: datetime) -> str:
    """The one line a notification stands for, in the language and zone that are active."""
    kind = kinds.get(notification.kind)
    return _line(_plain(f"{kind.template}_subject.txt", kind.context(notification, now)))


def item(notification: Notification, now: datetime) -> Item:
    """A notification in the language and zone that are active.

    Raises kinds.UnknownKind, and whatever the owner of the kind raises.
    """
    kind = kinds.get(notification.kind)
    link = settings.PUBLIC_URL + kind.url(notification)
    context = {
        **kind.context(notification, now),
        "link": link,
        "recipient": notification.recipient,
        "now": now,
    }
    return Item(
        kind=kind.name,
        subject=_line(_plain(f"{kind.template}_subject.txt", context)),
        text=re.sub(r"\n{3,}", "\n\n", _plain(f"{kind.template}.txt", context)).strip(),
        html=mark_safe(get_template(f"{kind.template}.html").render(context)),  # a rendered template
        link=link,
    )


def _subject(items: list[Item]) -> str:
    if len(items) == 1:
        return items[0].subject
    count = len(items)
    return ngettext("%(count)s thing to know: %(first)s", "%(count)s things to know: %(first)s", count) % {
        "count": count,
        "first": items[0].subject,
    }


def _plain(name: str, context: dict[str, Any]) -> str:
    """A template as plain text: nothing is escaped for HTML."""
    return get_template(name).template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]


def _line(text: str) -> str:
    """One line whatever somebody wrote into a name: a header cannot be injected."""
    return " ".join(text.split())


def _to(person: User, address: str) -> str:
    return formataddr((_line(person.name), address))
