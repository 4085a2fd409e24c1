"""Administrators are told a week before a request about people's data is due, and once more when it is late.

Ids and days only: a letter that names somebody who asks to be erased would outlive the erasure.
"""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contacts.models import PrivacyRequest
from notifications import outbox
from notifications.kinds import Category, Kind, register
from notifications.models import Notification

DUE = "privacy_due"
BEFORE = timedelta(days=7)


def register_kind() -> None:
    """Called once, from ContactsConfig.ready."""
    register(
        Kind(
            name=DUE,
            category=Category.REMINDER,
            still_true=lambda notification, now: _requests(notification).exists(),
            context=_context,
            template="contacts/notifications/privacy_due",
            url=lambda notification: reverse(
                "contacts:privacy_detail", args=[notification.context["request"]]
            ),
            title=_("A request about somebody’s data is due"),
        )
    )


def tell(now: datetime) -> int:
    """Say what is due within a week, or late, to every administrator; each once for each. How many are due."""
    due = list(PrivacyRequest.objects.open().filter(due_on__lte=now.date() + BEFORE))
    if not due:
        return 0
    keys = {f"{DUE}:{row.pk}:{row.due_on}{':late' * row.is_late(now.date())}": row for row in due}
    told = set(Notification.objects.filter(key__in=keys).values_list("recipient", "key"))
    for admin in User.objects.filter(is_admin=True, is_active=True):
        for key, row in keys.items():
            if (admin.pk, key) not in told:
                outbox.notify(admin, DUE, key=key, now=now, context={"request": row.pk})
    return len(due)


def _requests(notification: Notification) -> Any:
    return PrivacyRequest.objects.open().filter(pk=notification.context["request"])


def _context(notification: Notification, now: datetime) -> dict[str, Any]:
    row = _requests(notification).first()
    return {"row": row, "is_late": row is not None and row.is_late(now.date())}
