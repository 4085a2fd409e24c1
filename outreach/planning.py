"""Write a post, change it, move it, cancel it. Nothing is published from here: a post is only known to go out."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import changes
from accounts.models import Change, Operation, Team, User
from contacts.names import fold
from events.models import Occurrence
from events.planning import days_later
from foundation import meanwhile
from outreach.models import Channel, Post, Status

CANCEL = "outreach.cancel"
TOLD_WITHIN = timedelta(weeks=5)
_WRITTEN = ("text", "manager", "publish_at", "status", "occurrence")


class CannotMove(Exception):
    """The post went out, failed or was cancelled, or has no time: there is nothing to move."""


class CannotChange(Exception):
    """The post is not in a state in which this can be done (cancelled already, or not cancelled)."""


def schedule(
    *,
    team: Team,
    by: User,
    client_id: UUID,
    text: str,
    manager: User | None,
    publish_at: datetime | None,
    now: datetime,
    channels: Iterable[str] = (),
    is_draft: bool = False,
    occurrence: Occurrence | None = None,
) -> tuple[Post, Operation | None]:
    """Write a post of a CM, or of the team when `manager` is None. Without a time it is a draft.

    `occurrence`: the meeting it comes of.

    A time in the past notes what went out. Posted twice (same person, same `client_id`) it exists once; the second
    time the operation is None.
    """
    fields = {
        "team": team,
        "manager": manager,
        "text": text.strip(),
        "publish_at": publish_at,
        "status": _status(publish_at, is_draft=is_draft),
        "occurrence": occurrence,
        "created_at": now,
    }
    with transaction.atomic():
        post, is_new = Post.objects.get_or_create(created_by=by, client_id=client_id, defaults=fields)
        if not is_new:
            return post, None
        post.channels.set(channels_named(team, channels))
        operation = changes.begin(team=team, by=by, kind="outreach.schedule", now=now, plain=True)
        changes.created(operation, [post], ["text", "publish_at", "status"])
    return post, operation


def state(post: Post) -> str:
    """What tells whether a post still says what its page showed (`edit`, `seen`)."""
    return meanwhile.digest(
        changes.values(post, _WRITTEN), sorted(channel.pk for channel in post.channels.all())
    )


def edit(
    *,
    post: Post,
    by: User,
    text: str,
    manager: User | None,
    publish_at: datetime | None,
    now: datetime,
    channels: Iterable[str] = (),
    is_draft: bool = False,
    occurrence: Occurrence | None = None,
    seen: str = "",
) -> Operation:
    """Change a post. Undo puts its text, author, time, meeting and channels back. `seen` is the `state` it is edited from.

    Raises CannotMove when a post that went out would be dated to come: it went out, the count must not forget it.
    Raises ChangedMeanwhile.
    """
    if post.is_out(now) and (is_draft or publish_at is None or publish_at > now):
        raise CannotMove
    before = changes.values(post, _WRITTEN)
    post.text, post.manager, post.publish_at = text.strip(), manager, publish_at
    post.occurrence = occurrence
    if post.status in (Status.DRAFT, Status.SCHEDULED):
        post.status = _status(publish_at, is_draft=is_draft)
    with meanwhile.unless_changed(post, seen, state):
        post.save(update_fields=list(before))
        operation = _noted(post.team, [(post, before)], "outreach.edit", by, now)
        _set_channels(post, channels_named(post.team, channels), operation)
    return operation


def cancel(*, post: Post, by: User, now: datetime) -> Operation:
    """It will not go out, or did not. Raises CannotChange when it is cancelled already."""
    return _set_status(post, Status.CANCELLED, CANCEL, by, now)


def restore(*, post: Post, by: User, now: datetime) -> Operation:
    """It goes out after all; without a time it is a draft again. What had failed, or gone out, has again.

    Raises CannotChange when it was not cancelled.
    """
    if post.status != Status.CANCELLED:
        raise CannotChange
    cancelled = Change.objects.filter(operation__kind=CANCEL, model=Post._meta.label, row=post.pk)
    last = cancelled.order_by("-pk").first()
    was = (last.before or {}).get("status") if last else None
    over = next((status for status in (Status.PUBLISHED, Status.FAILED) if status == was), None)
    return _set_status(post, over or _status(post.publish_at, is_draft=False), "outreach.restore", by, now)


def move(*, posts: Iterable[Post], days: int, by: User, now: datetime) -> Operation:
    """Move posts by days at the same local time of their authors, all of them or none. One operation to undo.

    Raises CannotMove when one of them is not to come any more, or there are none.
    """
    moving = list(posts)
    if not moving or not all(post.can_move(now) for post in moving):
        raise CannotMove
    with transaction.atomic():
        before = []
        for post in moving:
            before.append((post, changes.values(post, ["publish_at"])))
            seen = Post.objects.filter(pk=post.pk, publish_at=post.publish_at, status=post.status)
            post.publish_at = days_later(post.publish_at, days, post.zone)  # type: ignore[arg-type]
            if not seen.update(publish_at=post.publish_at):  # somebody else moved it meanwhile
                raise CannotMove
        return _noted(moving[0].team, before, "outreach.move", by, now)


def meetings_to_tell_of(team: Team, user: User, now: datetime, keep: int | None) -> QuerySet[Occurrence]:
    """What a post may come of: what the person hosts within five weeks of now; and `keep`, the id of another."""
    around = Occurrence.objects.hosted_by(user).filter(
        starts_at__range=(now - TOLD_WITHIN, now + TOLD_WITHIN)
    )
    of_team = Occurrence.objects.visible_to(user).filter(team=team, cancelled_at=None)
    return of_team.filter(Q(pk__in=around.values("pk")) | Q(pk=keep)).select_related("kind")


def channels_named(team: Team, names: Iterable[str]) -> list[Channel]:
    """The team's channels of these names, made where they are new. Case and accents do not make another channel."""
    wanted: dict[str, str] = {}
    for name in filter(None, map(str.strip, names)):
        wanted.setdefault(fold(name)[:80], name[:80])
    Channel.objects.bulk_create(
        [Channel(team=team, name=name, key=key) for key, name in wanted.items()], ignore_conflicts=True
    )
    return list(Channel.objects.filter(team=team, key__in=wanted))


def _status(publish_at: datetime | None, *, is_draft: bool) -> Status:
    return Status.DRAFT if is_draft or publish_at is None else Status.SCHEDULED


def _set_status(post: Post, status: Status, kind: str, by: User, now: datetime) -> Operation:
    """Change the status of a post that still has the one that was seen; an earlier click wins."""
    before = changes.values(post, ["status"])
    with transaction.atomic():
        seen = Post.objects.filter(pk=post.pk, status=post.status).exclude(status=status)
        if not seen.update(status=status):
            raise CannotChange
        post.status = status
        return _noted(post.team, [(post, before)], kind, by, now)


def _set_channels(post: Post, channels: Iterable[Channel], operation: Operation) -> None:
    wanted = {channel.pk for channel in channels}
    ties = Post.channels.through.objects.filter(post=post)
    left, there = ties.exclude(channel__in=wanted), set(ties.values_list("channel", flat=True))
    changes.removed(operation, left)
    left.delete()
    post.channels.add(*(wanted - there))
    changes.created(operation, ties.exclude(channel__in=there))


def _noted(
    team: Team, before: list[tuple[Post, dict[str, object]]], kind: str, by: User, now: datetime
) -> Operation:
    operation = changes.begin(team=team, by=by, kind=kind, now=now, plain=True)
    for post, values in before:
        changes.changed(operation, post, values)
    return operation
