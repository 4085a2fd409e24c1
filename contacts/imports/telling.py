"""That an import is finished: said to who asked for it. By mail only if it took long enough to look elsewhere."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contacts.models import Import
from notifications import outbox
from notifications.kinds import Category, Kind, register
from notifications.models import Notification

FINISHED = "import_finished"
LONG = timedelta(seconds=30)
LIVES = timedelta(days=7)


def register_kind() -> None:
    """Called once, from ContactsConfig.ready."""
    register(
        Kind(
            name=FINISHED,
            category=Category.IMMEDIATE,
            still_true=is_news,
            context=context,
            template="contacts/notifications/import_finished",
            url=lambda notification: reverse("contacts:import", args=[notification.context["import"]]),
            title=_("An import is finished"),
            about=("import", _names),
            label=_("An import is finished"),
        )
    )


def tell(run: Import, *, now: datetime) -> None:
    """In the transaction that finishes it."""
    if run.by and run.by.is_active:
        outbox.notify(
            run.by, FINISHED, key=_key(run), now=now, expires_at=now + LIVES, context={"import": run.pk}
        )


def seen(run: Import, user: User, *, now: datetime) -> None:
    """The person looks at the result: nothing is left to tell."""
    for notification in Notification.objects.visible_to(user).filter(key=_key(run), done_at=None):
        notification.finish(now)


def is_news(notification: Notification, now: datetime) -> bool:
    """It took long, and nobody has taken it back since."""
    run = _run(notification)
    if run is None or run.result.get("seconds", 0) < LONG.total_seconds():
        return False
    return run.operation is None or run.operation.undone_at is None


def context(notification: Notification, now: datetime) -> dict[str, Any]:
    """The import and its counts."""
    run = _run(notification)
    return {"run": run, "result": run.result if run else {}}


def _run(notification: Notification) -> Import | None:
    found = Import.objects.select_related("operation").filter(pk=notification.context["import"])
    return found.first()


def _names(person: User, ids: Collection[int]) -> dict[int, str]:
    return dict(Import.objects.visible_to(person).filter(pk__in=ids).values_list("pk", "name"))


def _key(run: Import) -> str:
    return f"{FINISHED}:{run.pk}"
