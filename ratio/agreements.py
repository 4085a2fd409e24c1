"""What a team agrees on: targets, how the ratio is read, and whether others may see single people."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import Team, User
from ratio.models import Policy, Target


def policy_of(team: Team) -> Policy:
    """The team's policy; an unsaved one with the defaults when nothing was decided yet."""
    return Policy.objects.filter(team=team).first() or Policy(team=team)


def set_target(
    *,
    team: Team,
    manager: User | None,
    share: Decimal,
    since: dt.date,
    until: dt.date | None,
    reason: str,
    by: User,
    now: dt.datetime,
) -> Target:
    """Agree on a target from a day on: the team's (no manager) or one CM's own. Typed twice it exists once."""
    with transaction.atomic():
        target, created = Target.objects.get_or_create(
            team=team,
            manager=manager,
            share=share,
            since=since,
            until=until,
            defaults={"reason": reason, "set_by": by},
        )
        if created:
            audit.record(action="target.set", actor=by, team=team, subject=manager, now=now, target=target.pk)
    return target


def drop_target(target: Target, *, by: User, now: dt.datetime) -> bool:
    """Take a target back: one that held before today ends yesterday, since each day is judged by its own target.

    True when it is gone altogether. One that has ended already stays as it is.
    """
    today = now.astimezone(target.team.zone).date()
    if target.until and target.until < today:
        return False
    with transaction.atomic():
        audit.record(
            action="target.dropped",
            actor=by,
            team=target.team,
            subject=target.manager,
            now=now,
            target=target.pk,
        )
        if target.since >= today:
            target.delete()
            return True
        target.until = today - dt.timedelta(days=1)
        target.save(update_fields=["until"])
    return False


def change_policy(*, team: Team, values: dict[str, Any], by: User, now: dt.datetime) -> Policy:
    """Change how the team's ratio is read (margin, minimums, caps, whether the lead is told)."""
    with transaction.atomic():
        policy, _created = Policy.objects.update_or_create(team=team, defaults=values)
        audit.record(action="policy.changed", actor=by, team=team, now=now, fields=sorted(values))
    return policy


def show_people(
    *,
    team: Team,
    purpose: str,
    informed_on: dt.date,
    informed_how: str,
    works_council_on: dt.date | None,
    by: User,
    now: dt.datetime,
) -> Policy:
    """Turn the individual view on: its purpose, when and how people were told, and when the works council was."""
    today = now.astimezone(team.zone).date()
    with transaction.atomic():
        policy, _created = Policy.objects.get_or_create(team=team)
        policy.individual_view_since = policy.individual_view_since or today
        policy.individual_view_purpose = purpose
        policy.people_informed_on = informed_on
        policy.people_informed_how = informed_how
        policy.works_council_informed_on = works_council_on
        policy.save()
        audit.record(action="individual_view.on", actor=by, team=team, now=now)
    return policy


def hide_people(*, team: Team, by: User, now: dt.datetime) -> Policy:
    """Turn it off, and with it that the lead is told of single people."""
    with transaction.atomic():
        policy, _created = Policy.objects.get_or_create(team=team)
        policy.individual_view_since = None
        policy.tell_lead = False
        policy.save()
        audit.record(action="individual_view.off", actor=by, team=team, now=now)
    return policy
