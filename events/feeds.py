"""Secret addresses of calendars: made, shown once, found again by their hash, ended."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import Team, User
from events.models import Feed

_BYTES = 32


def hash_of(token: str) -> str:
    """What is kept of a token. It is long and random, so a plain hash cannot be reckoned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def make(*, user: User, team: Team, scope: str, has_names: bool, now: datetime) -> tuple[Feed, str]:
    """A new address, and its token, which nobody can find out again. One that was there before ends with it."""
    token = secrets.token_urlsafe(_BYTES)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two clicks: one after the other
        Feed.objects.visible_to(user).filter(team=team, scope=scope).update(revoked_at=now)
        feed = Feed.objects.create(
            user=user, team=team, scope=scope, has_names=has_names, token_hash=hash_of(token), created_at=now
        )
        audit.record(
            action="feed.made", actor=user, team=team, now=now, feed=feed.pk, scope=scope, names=has_names
        )
    return feed, token


def show_names(*, feed: Feed, has_names: bool, now: datetime) -> None:
    """Switch the names of those invited on or off; the address stays."""
    with transaction.atomic():
        if Feed.objects.filter(pk=feed.pk).exclude(has_names=has_names).update(has_names=has_names):
            audit.record(
                action="feed.names", actor=feed.user, team=feed.team, now=now, feed=feed.pk, names=has_names
            )


def revoke(*, feed: Feed, now: datetime) -> None:
    """End an address, at once."""
    with transaction.atomic():
        if Feed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(revoked_at=now):
            audit.record(action="feed.revoked", actor=feed.user, team=feed.team, now=now, feed=feed.pk)


def find(token: str) -> Feed | None:
    """The feed of a token, if it still leads somewhere."""
    found = Feed.objects.answering().select_related("user", "team")
    return found.filter(token_hash=hash_of(token)).first()


def end_orphaned(now: datetime) -> int:
    """End the addresses of those who left the team or were deactivated, so that a return does not bring them back."""
    ids = list(Feed.objects.orphaned().values_list("pk", flat=True))
    return Feed.objects.filter(pk__in=ids).update(revoked_at=now) if ids else 0
