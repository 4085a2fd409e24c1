"""What a person usually does at this hour, so that a form may start with it."""

from datetime import datetime

from accounts.models import Team, User
from contacts.models import Touchpoint

LATEST, APART, DAY = 30, 90, 1440  # notes looked at; minutes


def usual_kind(*, team: Team, user: User, now: datetime) -> int | None:
    """The id of the kind that the person last noted at this hour, within an hour and a half; None: none was.

    "At this hour" by the person's clock, looking at their thirty latest notes; one query.
    """
    rows = (
        Touchpoint.objects.kept().filter(team=team, author=user, kind__archived_at=None).order_by("-met_at")
    )
    minute = _minute(now, user)
    for kind, met_at in rows.values_list("kind", "met_at")[:LATEST]:
        apart = abs(_minute(met_at, user) - minute)
        if min(apart, DAY - apart) <= APART:
            return kind
    return None


def _minute(instant: datetime, user: User) -> int:
    local = instant.astimezone(user.zone)
    return local.hour * 60 + local.minute
