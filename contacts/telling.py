"""That long work is done, an import or an act on very many contacts: said to who asked for it, in the transaction that
does it. By mail only if it took long enough to look elsewhere."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contacts.models import BulkRun, Import
from notifications import outbox
from notifications.kinds import Category, Kind, register
from notifications.models import Notification

IMPORT, BULK = "import_finished", "bulk_done"
LONG = timedelta(seconds=30)
LIVES = timedelta(days=7)


def register_kinds() -> None:
    """Called once, from ContactsConfig.ready."""
    register(
        Kind(
            name=IMPORT,
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
    register(
        Kind(
            name=BULK,
            category=Category.IMMEDIATE,
            still_true=is_news,
            context=context,
            template="contacts/notifications/bulk_done",
            url=lambda notification: reverse("contacts:bulk_run", args=[notification.context["run"]]),
            title=_("What you asked of many contacts is done"),
            label=_("A change of many contacts is done"),
        )
    )


def tell(work: Import | BulkRun, *, now: datetime) -> None:
    """In the transaction that does it."""
    if work.by and work.by.is_active:
        kind, noun = _named(work)
        outbox.notify(work.by, kind, key=_key(work), now=now, expires_at=now + LIVES, context={noun: work.pk})


def seen(work: Import | BulkRun, user: User, *, now: datetime) -> None:
    """The person looks at the result: nothing is left to tell."""
    for notification in Notification.objects.visible_to(user).filter(key=_key(work), done_at=None):
        notification.finish(now)


def is_news(notification: Notification, now: datetime) -> bool:
    """It took long, and nobody has taken it back since."""
    work = _work(notification)
    if work is None or work.result.get("seconds", 0) < LONG.total_seconds():
        return False
    is_undo = isinstance(work, BulkRun) and work.is_undo  # and not what it took back
    return is_undo or work.operation is None or work.operation.undone_at is None


def context(notification: Notification, now: datetime) -> dict[str, Any]:
    """The work and what came of it."""
    work = _work(notification)
    result = work.result if work else {}
    completed = result.get("counts", {}).get("completed", result.get("updated"))  # contacts; once it was rows
    return {"run": work, "result": result, "completed": completed}


def _named(work: Import | BulkRun) -> tuple[str, str]:
    return (IMPORT, "import") if isinstance(work, Import) else (BULK, "run")


def _work(notification: Notification) -> Import | BulkRun | None:
    if notification.kind == IMPORT:
        return Import.objects.select_related("operation").filter(pk=notification.context["import"]).first()
    return BulkRun.objects.select_related("operation").filter(pk=notification.context["run"]).first()


def _names(person: User, ids: Collection[int]) -> dict[int, str]:
    return dict(Import.objects.visible_to(person).filter(pk__in=ids).values_list("pk", "name"))


def _key(work: Import | BulkRun) -> str:
    return f"{_named(work)[0]}:{work.pk}"
