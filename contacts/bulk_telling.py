"""That what was asked of very many contacts is done, or undone: said to who asked for it, as of imports
(`imports.telling`)."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contacts.imports.telling import LIVES, LONG
from contacts.models import BulkRun
from foundation.leases import State
from notifications import outbox
from notifications.kinds import Category, Kind, register
from notifications.models import Notification

DONE = "bulk_done"


def register_kind() -> None:
    """Called once, from ContactsConfig.ready."""
    register(
        Kind(
            name=DONE,
            category=Category.IMMEDIATE,
            still_true=is_news,
            context=context,
            template="contacts/notifications/bulk_done",
            url=lambda notification: reverse("contacts:bulk_run", args=[notification.context["run"]]),
            title=_("What you asked of many contacts is done"),
            label=_("A change of many contacts is done"),
        )
    )


def tell(run: BulkRun, *, now: datetime) -> None:
    """In the transaction that does it."""
    if run.by.is_active:
        outbox.notify(run.by, DONE, key=_key(run), now=now, expires_at=now + LIVES, context={"run": run.pk})


def seen(run: BulkRun, user: User, *, now: datetime) -> None:
    """The person looks at it: nothing is left to tell."""
    for notification in Notification.objects.visible_to(user).filter(key=_key(run), done_at=None):
        notification.finish(now)


def is_news(notification: Notification, now: datetime) -> bool:
    """It took long, and nobody has taken it back since."""
    run = _run(notification)
    if run is None or run.state != State.DONE or run.result.get("seconds", 0) < LONG.total_seconds():
        return False
    return run.is_undo or run.operation is None or run.operation.undone_at is None


def context(notification: Notification, now: datetime) -> dict[str, Any]:
    """The run and how many it was about."""
    return {"run": _run(notification)}


def _run(notification: Notification) -> BulkRun | None:
    found = BulkRun.objects.select_related("operation").filter(pk=notification.context["run"])
    return found.first()


def _key(run: BulkRun) -> str:
    return f"{DONE}:{run.pk}"
