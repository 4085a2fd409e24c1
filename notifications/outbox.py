"""From "somebody should hear this" to "it left": notify, claim, drain."""

from datetime import datetime
from typing import Any

from accounts.models import User
from notifications.models import Notification


def notify(
    recipient: User,
    kind: str,
    *,
    key: str,
    now: datetime,
    expires_at: datetime | None = None,
    context: dict[str, Any] | None = None,
) -> Notification:
    """Say something to somebody once per key; the envelope is made in the caller's transaction."""
    raise NotImplementedError
