"""What a CM says about their own count: this line is not one, I was away, I know, not now.

Their lead may take a line out too, with a reason; that is written into the audit trail.
"""

import datetime as dt

from django.db import transaction

from accounts import audit
from accounts.models import Team, User
from contacts.models import Touchpoint
from outreach.models import Post
from ratio.models import Contest, ContextNote, Episode, Exclusion, Leave

LONGEST_SNOOZE = 30


def take_out(
    *, thing: Touchpoint | Post, manager: User, team: Team, reason: str, by: User, now: dt.datetime
) -> Exclusion:
    """Take a touchpoint or a post out of one CM's count, with a reason both they and the lead can read.

    Taken out twice it is taken out once, with the later reason.
    """
    what = {"touchpoint": thing} if isinstance(thing, Touchpoint) else {"post": thing}
    with transaction.atomic():
        exclusion, _created = Exclusion.objects.update_or_create(
            manager=manager, **what, defaults={"team": team, "reason": reason, "by": by, "at": now}
        )
        if by.pk != manager.pk:
            audit.record(
                action="presence.taken_out", actor=by, team=team, subject=manager, now=now, **_ids(exclusion)
            )
    return exclusion


def put_back(exclusion: Exclusion, *, by: User, now: dt.datetime) -> None:
    """Let it count again."""
    with transaction.atomic():
        if {by.pk, exclusion.by_id} != {exclusion.manager_id}:  # what touches nobody else needs no trail
            audit.record(
                action="presence.put_back",
                actor=by,
                team=exclusion.team,
                subject=exclusion.manager,
                now=now,
                **_ids(exclusion),
            )
        exclusion.delete()


def contest(*, thing: Touchpoint | Post, manager: User, team: Team, reason: str, now: dt.datetime) -> Contest:
    """Say that a line of one's own is counted wrongly, and why: the lead reads it beside the line. Once a line."""
    what = {"touchpoint": thing} if isinstance(thing, Touchpoint) else {"post": thing}
    with transaction.atomic():
        said, _created = Contest.objects.update_or_create(
            manager=manager, **what, defaults={"team": team, "reason": reason, "at": now}
        )
        audit.record(
            action="presence.contested", actor=manager, team=team, subject=manager, now=now, **_ids(said)
        )
    return said


def _ids(row: Exclusion | Contest) -> dict[str, int]:
    """What it is about, for the audit trail: its id alone."""
    if row.touchpoint_id:
        return {"touchpoint": row.touchpoint_id}
    return {"post": row.post_id or 0}


def explain(*, manager: User, team: Team, first_day: dt.date, last_day: dt.date, text: str) -> ContextNote:
    """Note what explains some days, both included ("festival week"); said twice it is noted once."""
    note, _created = ContextNote.objects.get_or_create(
        manager=manager, team=team, first_day=first_day, last_day=last_day, text=text
    )
    return note


def say_away(*, manager: User, team: Team, first_day: dt.date, last_day: dt.date) -> Leave:
    """Note days of absence, both included; said twice they are noted once."""
    leave, _created = Leave.objects.get_or_create(
        manager=manager, team=team, first_day=first_day, last_day=last_day
    )
    return leave


def acknowledge(*, manager: User, now: dt.datetime) -> bool:
    """The CM knows: nothing more is said about the open episode. False when none is open."""
    with transaction.atomic():
        return bool(Episode.objects.filter(manager=manager, closed_on=None).update(acknowledged_at=now))


def snooze(*, manager: User, today: dt.date, days: int) -> bool:
    """Say nothing about the open episode for 1 to 30 days. False when none is open."""
    until = today + dt.timedelta(days=min(max(days, 1), LONGEST_SNOOZE))
    return bool(Episode.objects.filter(manager=manager, closed_on=None).update(snoozed_until=until))
