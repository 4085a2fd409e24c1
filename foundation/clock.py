"""The one clock. Views, tasks and commands call it and hand `now` down; nothing below asks for the time."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The present instant (aware, UTC), moved by `CLOCK_OFFSET` seconds: a trial may pin a Tuesday at 10:00.

    Production refuses to start with an offset (see `communitycrm.checks`).
    """
    return timezone.now() + timedelta(seconds=settings.CLOCK_OFFSET)
