"""What a person usually does at this hour, so that a form may start with it."""

from datetime import datetime

from accounts.models import Team, User
from contacts.models import Participation

LATEST, APART, DAY = 30, 90, 1440  # notes looked at; minutes


def usual_kind(*, team: Team, user: User, now: datetime) -> int | None:
    """The id of the kind of the person’s last meeting at this hour, within an hour and a half; None: none was.

    "At this hour" by the person's clock, looking at their thirty latest meetings; one query.
    """
    mine = Participation.objects.filter(manager=user, touchpoint__team=team, touchpoint__binned_at=None)
    rows = mine.filter(touchpoint__kind__archived_at=None).order_by("-met_at")
    minute = _minute(now, user)
    for kind, met_at in rows.values_list("touchpoint__kind", "met_at")[:LATEST]:
        apart = abs(_minute(met_at, user) - minute)
        if min(apart, DAY - apart) <= APART:
            return kind
    return None


def _minute(instant: datetime, user: User) -> int:
    local = instant.astimezone(user.zone)
    return local.hour * 60 + local.minute
