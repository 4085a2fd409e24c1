"""Who is in which team, as what, since when. A role is never edited: one membership ends, another begins."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import LEADING, MANAGING, Invitation, Membership, Team, User


class AlreadyThere(Exception):
    """The person already belongs to the team."""


class ManagesElsewhere(Exception):
    """A community manager works in one team at a time; `team` is the other one (None: it just happened)."""

    def __init__(self, team: Team | None) -> None:
        super().__init__(team)
        self.team = team


def local_day(team: Team, now: datetime) -> date:
    """The team's day at that instant."""
    return now.astimezone(team.zone).date()


def join(*, user: User, team: Team, role: str, by: User, now: datetime) -> Membership:
    """Begin a membership today. Raises AlreadyThere, ManagesElsewhere."""
    if Membership.objects.current().filter(user=user, team=team).exists():
        raise AlreadyThere
    _check_manages_nowhere_else(user, team, role)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user, team=team, role=role, since=local_day(team, now)
            )
            audit.record(action="membership.began", actor=by, subject=user, team=team, now=now, role=role)
    except IntegrityError as error:  # the constraint speaks: two at the same moment
        raise ManagesElsewhere(None) from error
    return membership


def change_role(membership: Membership, *, role: str, by: User, now: datetime) -> Membership:
    """End the membership yesterday and begin one with the new role today. Raises ManagesElsewhere.

    A role that began today is corrected in place: nobody held it for a day. With leading end the invitations given out.
    """
    if role == membership.role:
        return membership
    user, team, today = membership.user, membership.team, local_day(membership.team, now)
    _check_manages_nowhere_else(user, team, role)
    try:
        with transaction.atomic():
            before = membership.role
            if membership.since >= today:
                membership.role = role
                membership.save(update_fields=["role"])
                changed = membership
            else:
                membership.until = today - timedelta(days=1)
                membership.save(update_fields=["until"])
                changed = Membership.objects.create(user=user, team=team, role=role, since=today)
            if before in LEADING and role not in LEADING:
                withdraw_invitations(user, now=now, team=team)
            audit.record(
                action="role.changed", actor=by, subject=user, team=team, now=now, before=before, after=role
            )
    except IntegrityError as error:
        raise ManagesElsewhere(None) from error
    return changed


def end(membership: Membership, *, by: User, now: datetime) -> None:
    """Let a person leave the team today; the invitations they gave out for it are withdrawn."""
    with transaction.atomic():
        _close(membership, now)
        withdraw_invitations(membership.user, now=now, team=membership.team)
        audit.record(
            action="membership.ended", actor=by, subject=membership.user, team=membership.team, now=now
        )


def end_all(*, user: User, now: datetime) -> list[int]:
    """End all of a person's memberships today; returns their ids. The caller records why."""
    current = list(Membership.objects.current().filter(user=user).select_related("team"))
    for membership in current:
        _close(membership, now)
    return [membership.pk for membership in current]


def resume(membership: Membership, *, now: datetime) -> None:
    """Take up a membership that ended: on the same day as if it never had, later as a new one in the same role."""
    today = local_day(membership.team, now)
    if Membership.objects.current().filter(user=membership.user, team=membership.team).exists():
        return
    if membership.until == today:
        membership.until = None
        membership.save(update_fields=["until"])
    else:
        Membership.objects.create(
            user=membership.user, team=membership.team, role=membership.role, since=today
        )


def withdraw_invitations(by: User, *, now: datetime, team: Team | None = None) -> None:
    """Make what a person gave out useless, all or that of a team they no longer lead: a link kept in a pocket must not
    let its maker in again, with the keys they no longer have. (An admin's are not those of a team.)"""
    given_out = Invitation.objects.open(now).filter(invited_by=by)
    if team:
        given_out = given_out.filter(team=team, invited_by__is_admin=False)
    given_out.update(withdrawn_at=now)


def _close(membership: Membership, now: datetime) -> None:
    membership.until = max(local_day(membership.team, now), membership.since)
    membership.save(update_fields=["until"])


def _check_manages_nowhere_else(user: User, team: Team, role: str) -> None:
    if role not in MANAGING:
        return
    elsewhere = Membership.objects.current().managing().filter(user=user).exclude(team=team)
    other = elsewhere.select_related("team").first()
    if other:
        raise ManagesElsewhere(other.team)
