"""Persons: made with a verified address, deactivated, brought back, given and taken the organisation's keys."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction

from accounts import audit, memberships, teams
from accounts.models import Language, Membership, Role, Team, Theme, User


class EmailTaken(Exception):
    """Somebody already signs in with this address."""


class SomebodyIsHere(Exception):
    """The first admin can only be made while there is nobody at all."""


class LastAdmin(Exception):
    """Nobody would be left to run the place."""


def nobody_yet() -> bool:
    """Whether this is an empty installation that waits for its first admin. One cheap query."""
    return not User.objects.exists()


def is_taken(email: str) -> bool:
    """Whether an address already belongs to somebody."""
    return (
        User.objects.filter(email__iexact=email).exists()
        or EmailAddress.objects.filter(email__iexact=email, verified=True).exists()
    )


def create_person(
    *,
    email: str,
    name: str,
    password: str | None,
    language: str = Language.FRENCH,
    time_zone: str = "Europe/Paris",
    country: str = "",
    theme: str = Theme.SYSTEM,
    is_admin: bool = False,
    is_staff: bool = False,
) -> User:
    """A user and their verified address, in one transaction. Raises EmailTaken.

    The address counts as verified: whoever makes a person (a first admin, an invitation, the demo) vouches for it.
    """
    if is_taken(email):
        raise EmailTaken
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email,
                password,
                name=name,
                language=language,
                time_zone=time_zone,
                country=country,
                theme=theme,
                is_admin=is_admin,
                is_staff=is_staff,
                is_superuser=is_staff,
            )
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError as error:  # two at the same moment
        raise EmailTaken from error
    return user


def make_first(
    *,
    email: str,
    name: str,
    password: str,
    language: str,
    time_zone: str,
    team_name: str,
    role: str = Role.BOTH,
    now: datetime,
) -> User:
    """The first admin with their team, once: two at the same moment give one. Raises SomebodyIsHere.

    `role` is the admin's own part in the team; empty when they only set things up. The first admin may also open
    Django's admin.
    """
    with transaction.atomic():
        _one_at_a_time()
        if not nobody_yet():
            raise SomebodyIsHere
        user = create_person(
            email=email,
            name=name,
            password=password,
            language=language,
            time_zone=time_zone,
            is_admin=True,
            is_staff=True,
        )
        team = teams.create(name=team_name, time_zone=time_zone, country="FR", by=user, now=now)
        if role:
            memberships.join(user=user, team=team, role=role, by=user, now=now)
    return user


def deactivate(user: User, *, by: User, now: datetime) -> None:
    """End a leaver's memberships, sessions and open invitations; what they did stays. Raises LastAdmin."""
    with transaction.atomic():
        if user.is_admin:
            _keep_an_admin(besides=user)
        ended = memberships.end_all(user=user, now=now)
        user.is_active, user.deactivated_at = False, now
        user.save(update_fields=["is_active", "deactivated_at"])
        memberships.withdraw_invitations(user, now=now)
        audit.record(action="person.deactivated", actor=by, subject=user, now=now, memberships=ended)


def reactivate(user: User, *, by: User, now: datetime) -> None:
    """Let a person in again, in the roles they had when they were deactivated (on the same day: as if nothing was)."""
    with transaction.atomic():
        came_back = User.objects.filter(pk=user.pk, is_active=False).update(is_active=True)
        if not came_back:
            return
        user.is_active = True
        left = user.looked_at.filter(action="person.deactivated").order_by("-at", "-pk").first()
        ended = left.details.get("memberships", []) if left else []
        for membership in Membership.objects.filter(pk__in=ended, user=user).select_related("team"):
            memberships.resume(membership, now=now)
        audit.record(action="person.reactivated", actor=by, subject=user, now=now)


def make_admin(user: User, *, by: User, now: datetime) -> None:
    """Give somebody the organisation's keys (not those of Django's admin: `is_staff` stays as it is)."""
    if User.objects.filter(pk=user.pk, is_admin=False).update(is_admin=True):
        audit.record(action="person.made_admin", actor=by, subject=user, now=now)


def unmake_admin(user: User, *, by: User, now: datetime) -> None:
    """Take the organisation's keys back, and the invitations given out with them. Raises LastAdmin."""
    with transaction.atomic():
        _keep_an_admin(besides=user)
        if User.objects.filter(pk=user.pk, is_admin=True).update(
            is_admin=False, is_staff=False, is_superuser=False
        ):
            memberships.withdraw_invitations(user, now=now)
            audit.record(action="person.unmade_admin", actor=by, subject=user, now=now)


def teams_of(user: User) -> list[Team]:
    """The teams a person belongs to today."""
    return list(Team.objects.filter(memberships__in=Membership.objects.current().filter(user=user)))


def _keep_an_admin(*, besides: User) -> None:
    """Hold the rows of all admins, so that two do not remove each other at the same moment."""
    admins = list(User.objects.select_for_update().filter(is_admin=True, is_active=True))
    if not any(admin.pk != besides.pk for admin in admins):
        raise LastAdmin


def _one_at_a_time() -> None:
    """Make a second first admin wait. SQLite's write transactions already queue (see DATABASES in the settings)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE accounts_user IN SHARE ROW EXCLUSIVE MODE")
