"""A mail to oneself, to see that mail arrives."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications import outbox
from notifications.kinds import Category, Kind, register
from notifications.models import Notification

TRIAL = "trial"


def register_kinds() -> None:
    """Called once, from NotificationsConfig.ready."""
    register(
        Kind(
            name=TRIAL,
            category=Category.IMMEDIATE,
            still_true=lambda notification, now: True,
            context=lambda notification, now: {"asked_at": notification.created_at},
            template="notifications/mail/trial",
            url=lambda notification: reverse("notifications:preferences"),
            title=_("The test e-mail you asked for"),
        )
    )


def ask(person: User, now: datetime) -> Notification:
    """One a minute: a second click within it is the same."""
    return outbox.notify(person, TRIAL, key=f"{TRIAL}:{now:%Y%m%dT%H%M}", now=now)
