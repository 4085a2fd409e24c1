"""What the page of an occurrence shows of this app: when, where, with whom; and what may be done about it."""

from datetime import datetime, timedelta
from typing import Any

from accounts.http import TeamRequest
from contacts.timeline import JOINABLE
from events import clashes, inviting
from events.forms import CameForm
from events.models import Occurrence, Reply
from events.views.responses import leads
from events.views.series import in_words

DOOR = timedelta(hours=1)  # before it begins: people are at the door


def context_of(request: TeamRequest, occurrence: Occurrence, now: datetime) -> dict[str, Any]:
    """Before: replies and whom to invite; at the door; afterwards: did it take place, and who came."""
    user = request.user
    touchpoint = occurrence.touchpoint
    noted = touchpoint if touchpoint and not touchpoint.binned_at else None
    may_edit = occurrence.may_be_edited_by(user, leads=leads(request, occurrence))
    is_host = user in occurrence.hosts.all()
    is_open = not (occurrence.outcome or occurrence.cancelled_at)
    has_begun = occurrence.has_begun(now)
    were_there = list(noted.managers.order_by("name", "pk")) if noted else []
    return {
        "occurrence": occurrence,
        "noted": noted,
        "came": list(noted.contacts.filter(binned_at__isnull=True).order_by("sort_key")) if noted else [],
        "were_there": were_there,
        "may_join": noted and user not in were_there and noted.met_at > now - JOINABLE,
        "replies": Reply.choices,
        "may_edit": may_edit,
        "is_host": is_host,
        "has_begun": has_begun,
        "is_over": occurrence.is_over(now),
        "at_the_door": is_host and is_open and occurrence.starts_at - DOOR <= now,
        "words": in_words(occurrence.series) if occurrence.series else "",
        "remarks": []
        if has_begun
        else clashes.of_slots([clashes.slot_of(occurrence)], team=occurrence.team)[0],
        "candidates": inviting.suggested(occurrence, user=user, now=now)
        if may_edit and is_open and not has_begun
        else [],
        "form": CameForm(team=occurrence.team),
        "next": request.path,
    }
