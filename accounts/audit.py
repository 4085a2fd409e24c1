"""The audit trail. Called where the act happens: sign-in, import, export, role change, a look at a person's presence."""

from datetime import datetime
from typing import Any

from accounts.models import AuditEntry, Team, User


def record(
    *,
    action: str,
    actor: User | None,
    now: datetime,
    team: Team | None = None,
    subject: User | None = None,
    **details: Any,
) -> AuditEntry:
    """Write one entry. `action` is noun.verb in the past (`person.signed_in`); details hold ids and counts only."""
    return AuditEntry.objects.create(
        at=now, actor=actor, team=team, action=action, subject=subject, details=details
    )


def latest(count: int = 200) -> list[AuditEntry]:
    """The last entries, newest first, with the people and teams they name."""
    return list(AuditEntry.objects.select_related("actor", "subject", "team")[:count])
