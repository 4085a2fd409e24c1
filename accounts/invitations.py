"""Invitations: by e-mail, or by a link to copy. The link is the key; it works once, for 14 days."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit, memberships, people
from accounts.models import Invitation, Role, Team, User

VALID = timedelta(days=14)
log = logging.getLogger(__name__)


class AlreadyThere(Exception):
    """The person invited already belongs to the team, or already is an admin."""


class Closed(Exception):
    """Used, withdrawn or expired; `reason` is one of these words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def invite(
    *, team: Team | None, email: str, role: str, is_admin: bool, by: User, now: datetime
) -> Invitation:
    """Invite somebody to a team, as an organisation admin, or both; without `email` by a link to copy.

    An older open invitation of the same address to the same team is withdrawn. Raises AlreadyThere.
    """
    email = email.lower()
    if email and _is_there(email, team, is_admin=is_admin):
        raise AlreadyThere
    with transaction.atomic():
        if email:
            Invitation.objects.open(now).filter(email=email, team=team).update(withdrawn_at=now)
        invitation = Invitation.objects.create(
            team=team,
            email=email,
            role=role if team else "",
            is_admin=is_admin,
            invited_by=by,
            created_at=now,
            expires_at=now + VALID,
        )
        audit.record(action="invitation.made", actor=by, team=team, now=now, invitation=invitation.pk)
    return invitation


def send(invitation: Invitation, *, link: str) -> bool:
    """Mail the link at once, in the inviter's language. False when the mail server did not take it."""
    team, by = invitation.team, invitation.invited_by
    context = {
        "language": by.language,
        "invited_by": by.name,
        "team": team.name if team else "",
        "link": link,
        "until": timezone.localtime(invitation.expires_at, team.zone if team else by.zone).date(),
    }
    try:
        get_adapter().send_mail("account/email/invitation", invitation.email, context)
    except (OSError, SMTPException):
        log.warning("invitation %s could not be mailed", invitation.pk, exc_info=True)
        return False
    return True


def withdraw(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Make an open invitation useless."""
    if Invitation.objects.open(now).filter(pk=invitation.pk).update(withdrawn_at=now):
        audit.record(
            action="invitation.withdrawn", actor=by, team=invitation.team, now=now, invitation=invitation.pk
        )


def why_closed(invitation: Invitation, now: datetime) -> str:
    """`used`, `withdrawn` or `expired`; empty while it can be accepted."""
    if invitation.accepted_at:
        return "used"
    if invitation.withdrawn_at:
        return "withdrawn"
    return "" if now < invitation.expires_at else "expired"


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether a person who is signed in may take it: it names their address, or none."""
    return invitation.email in ("", user.email)


def accept_as_new(
    invitation: Invitation, *, email: str, name: str, password: str, language: str, now: datetime
) -> User:
    """Make the person and let them in. Raises Closed, people.EmailTaken.

    `email` counts only where the invitation names none.
    """
    with transaction.atomic():
        user = people.create_person(
            email=invitation.email or email,
            name=name,
            password=password,
            language=language,
            time_zone=(invitation.team or invitation.invited_by).time_zone,
        )
        accept(invitation, user=user, now=now)
    return user


def accept(invitation: Invitation, *, user: User, now: datetime) -> None:
    """Let an existing person in, once. Raises Closed, memberships.AlreadyThere, memberships.ManagesElsewhere."""
    with transaction.atomic():
        taken = Invitation.objects.open(now).filter(pk=invitation.pk)
        if not taken.update(accepted_at=now, accepted_by=user):
            invitation.refresh_from_db()
            raise Closed(why_closed(invitation, now))
        if invitation.team:
            memberships.join(user=user, team=invitation.team, role=invitation.role, by=user, now=now)
        if invitation.is_admin:
            people.make_admin(user, by=invitation.invited_by, now=now)
        audit.record(
            action="invitation.accepted", actor=user, team=invitation.team, now=now, invitation=invitation.pk
        )


def may_invite(user: User, team: Team | None, role: str, *, is_admin: bool) -> bool:
    """An admin invites anybody; a lead invites community managers to the team they lead."""
    if user.is_admin:
        return True
    leads = team is not None and Team.objects.led_by(user).filter(pk=team.pk).exists()
    return leads and role == Role.MANAGER and not is_admin


def _is_there(email: str, team: Team | None, *, is_admin: bool) -> bool:
    people_there = User.objects.filter(email__iexact=email, is_active=True)
    belongs = Q(memberships__team=team, memberships__until__isnull=True) if team else Q(is_admin=True)
    return people_there.filter(belongs).exists() and not (team and is_admin)
