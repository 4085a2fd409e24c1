"""Writes what a file brings, as part of one operation; and what undoing it takes besides `accounts.changes`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from accounts import changes
from accounts.models import Operation, User
from contacts.names import fold
from outreach import known, planning
from outreach.incoming import Decision, Incoming, new_channels, new_values
from outreach.models import COUNTING, Channel, Post, PostsKnownUntil, Status

# An edit of one of these since the import keeps a post from being taken back with it.
_PROTECTING = ("text", "publish_at", "status", "manager")


def write(decision: Decision, operation: Operation, *, manager: User | None, now: datetime) -> None:
    """Make what is new, change what the file changes, add channels. Inside the caller's transaction."""
    team, origin = operation.team, decision.schedule.format
    new = [row for row in decision.incoming if row.post is None]
    for row in new:
        row.post = Post(
            team=team,
            manager=manager,
            text=row.said.text,
            publish_at=row.publish_at,
            status=row.said.status,
            origin=origin,
            external_id=row.said.external_id,
            import_key=row.key,
            created_by=operation.by,
            created_at=now,
        )
    made = Post.objects.bulk_create([row.post for row in new if row.post], batch_size=500)
    changes.created(operation, made, _PROTECTING)
    changed = []
    for row in decision.incoming:
        values = new_values(row) if row not in new else {}
        if values and row.post:
            changed.append((row.post, changes.values(row.post, values)))
            for name, value in values.items():
                setattr(row.post, name, value)
    Post.objects.bulk_update(
        [post for post, _before in changed], ["status", "text", "publish_at", "import_key"], batch_size=200
    )
    changes.changed_many(operation, changed)
    _add_channels(decision.incoming, new, operation)


def _add_channels(incoming: Iterable[Incoming], new: Sequence[Incoming], operation: Operation) -> None:
    incoming = list(incoming)
    names = {name for row in incoming for name in row.said.channels}
    channels = (
        {channel.key: channel for channel in planning.channels_named(operation.team, names)} if names else {}
    )
    through = Post.channels.through
    made = {id(row) for row in new}
    links: list[Any] = []
    added: list[tuple[int, int]] = []
    for row in incoming:
        post = row.post
        if post is None:  # never: `write` made them all
            continue
        for name in row.said.channels if id(row) in made else new_channels(row):
            channel: Channel = channels[fold(name)[:80]]
            links.append(through(post_id=post.pk, channel_id=channel.pk))
            if id(row) not in made:
                added.append((post.pk, channel.pk))
    through.objects.bulk_create(links, batch_size=500, ignore_conflicts=True)
    operation.details["channels_added"] = added


def cancel(decision: Decision, operation: Operation) -> int:
    """Cancel what is gone; a post that has other channels than the file's only leaves those."""
    here = {fold(name)[:80] for name in decision.file_channels or ()}
    removed: list[tuple[int, int]] = []
    cancelled = []
    for post in decision.gone:
        theirs = list(post.channels.all())
        leaving = [channel for channel in theirs if channel.key in here]
        if decision.file_channels is not None and len(leaving) < len(theirs):
            removed += [(post.pk, channel.pk) for channel in leaving]
            continue
        before = changes.values(post, ["status"])
        post.status = Status.CANCELLED
        cancelled.append((post, before))
    Post.objects.bulk_update([post for post, _before in cancelled], ["status"], batch_size=200)
    changes.changed_many(operation, cancelled)
    through = Post.channels.through
    for post_pk, channel_pk in removed:
        through.objects.filter(post_id=post_pk, channel_id=channel_pk).delete()
    operation.details["channels_removed"] = removed
    return len(cancelled) + len({post for post, _channel in removed})


def say_known(decision: Decision, operation: Operation, *, manager: User | None, now: datetime) -> None:
    """The import says that these are all posts until its last; never less than somebody said before."""
    team = operation.team
    days = [
        row.publish_at.astimezone(team.zone).date()
        for row in decision.incoming
        if row.publish_at and row.said.status in COUNTING
    ]
    if not days:
        return
    day: date = max(days)
    said = known.known_until(team=team, manager=manager).said_until
    if said is None or day > said:
        word = known.say_until(team=team, manager=manager, day=day, by=operation.by, now=now)
        operation.details["known_until"] = [word.pk]


def take_back(operation: Operation) -> None:
    """What an undo does besides putting rows back: the word on how far posts are known, and channels."""
    through = Post.channels.through
    details = operation.details
    PostsKnownUntil.objects.filter(team=operation.team, pk__in=details.get("known_until", [])).delete()
    for post, channel in details.get("channels_added", []):
        through.objects.filter(post_id=post, channel_id=channel).delete()
    through.objects.bulk_create(
        [through(post_id=post, channel_id=channel) for post, channel in details.get("channels_removed", [])],
        ignore_conflicts=True,
    )
