"""What a file brings, held against the posts we have: which are new, which we know, which are gone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Team, User
from contacts.names import fold
from outreach.models import COUNTING, Post, Status
from outreach.schedules import moments
from outreach.schedules.base import Schedule, ScheduledPost


@dataclass(slots=True)
class Incoming:
    """A post of the file, its instant worked out, and the post of ours that it is, if there is one already."""

    said: ScheduledPost
    publish_at: datetime | None
    key: str
    rows: int = 1
    post: Post | None = None
    follows: bool = False  # the source knows the post by its id, and has since moved or rewritten it


@dataclass(slots=True)
class Decision:
    """What a file asks for. `gone` are posts to come of the same source that it does not have; `file_channels` hold
    for all of it, None where its rows say their own."""

    schedule: Schedule
    incoming: list[Incoming]
    gone: list[Post]
    file_channels: tuple[str, ...] | None
    warnings: list[str]


def decide(
    schedule: Schedule,
    file_channels: tuple[str, ...] | None,
    *,
    team: Team,
    manager: User | None,
    now: datetime,
) -> Decision:
    """Work out the instants, find the posts we have, and those that are gone. Three queries."""
    zone = manager.zone if manager else team.zone
    warnings = list(schedule.warnings)
    incoming: dict[str, Incoming] = {}
    for said, rows in zip(schedule.posts, schedule.rows, strict=True):
        at, remark = moments.instant(said.publish_at, zone) if said.publish_at else (None, "")
        if remark:
            warnings.append(_("Line %(line)d: %(text)s") % {"line": said.line, "text": remark})
        key = import_key(manager, at, said)
        first = incoming.get(key)
        if first:  # the same instant, written in two zones
            channels = tuple(dict.fromkeys((*first.said.channels, *said.channels)))
            first.said = replace(first.said, channels=channels)
            first.rows += rows
        else:
            incoming[key] = Incoming(said, at, key, rows)
    mine = Post.objects.filter(team=team, manager=manager, binned_at__isnull=True)
    brought = list(incoming.values())
    _recognise(brought, mine, origin=schedule.format)
    found = {row.post.pk for row in brought if row.post}
    gone = _gone(mine, found, origin=schedule.format, file_channels=file_channels, now=now)
    return Decision(schedule, brought, gone, file_channels, warnings)


def _recognise(incoming: Sequence[Incoming], mine: Any, *, origin: str) -> None:
    """Find for each post of the file the one of ours that it is: by id, as imported before, or as typed by hand."""
    keys = [row.key for row in incoming]
    ids = [row.said.external_id for row in incoming if row.said.external_id]
    times = [row.publish_at for row in incoming if row.publish_at]
    wanted = Q(import_key__in=keys) | Q(origin=origin, external_id__in=ids)
    if times:
        wanted |= Q(import_key="", publish_at__range=(min(times), max(times)))
    posts = list(mine.filter(wanted).prefetch_related("channels"))
    by_id = {post.external_id: post for post in posts if post.external_id and post.origin == origin}
    by_key = {post.import_key: post for post in posts if post.import_key}
    by_hand = {(post.publish_at, _words(post.text)): post for post in posts if not post.import_key}
    for row in incoming:
        same = by_id.get(row.said.external_id)
        row.follows = same is not None and same.import_key != row.key and row.key not in by_key
        row.post = same or by_key.get(row.key)
        if row.post is None and row.publish_at:
            row.post = by_hand.get((row.publish_at, _words(row.said.text)))


def _gone(
    mine: Any, found: set[int], *, origin: str, file_channels: tuple[str, ...] | None, now: datetime
) -> list[Post]:
    """Posts to come that came from the same source and are not in the file.

    A file of one channel speaks of that channel only: the Instagram file says nothing of Facebook's posts.
    """
    to_come = Q(publish_at__gt=now) | Q(publish_at__isnull=True)
    posts = mine.filter(to_come, origin=origin, status__in=[Status.SCHEDULED, Status.DRAFT])
    posts = posts.order_by("publish_at", "pk").prefetch_related("channels")
    here = {fold(name) for name in file_channels or ()}
    gone = []
    for post in posts:
        theirs = {channel.key for channel in post.channels.all()}
        spoken_of = file_channels is None or bool(theirs & here) or (not theirs and not here)
        if post.pk not in found and spoken_of:
            gone.append(post)
    return gone


def import_key(manager: User | None, publish_at: datetime | None, said: ScheduledPost) -> str:
    """By what a post is known again: its author (or the team), its instant, its words; without an instant its id."""
    author = str(manager.pk) if manager else "team"
    at = publish_at.astimezone(UTC).isoformat() if publish_at else f"id {said.external_id}"
    return hashlib.sha256("\0".join((author, at, _words(said.text))).encode()).hexdigest()


def _words(text: str) -> str:
    return " ".join(text.split())


def new_channels(row: Incoming) -> list[str]:
    """The channels that the file gives a post and ours does not have."""
    theirs = {channel.key for channel in row.post.channels.all()} if row.post else set()
    return [name for name in row.said.channels if fold(name)[:80] not in theirs]


def new_values(row: Incoming) -> dict[str, Any]:
    """What the file changes on a post of ours. Only what is still open: a cancelled post stays cancelled."""
    post = row.post
    if post is None or post.status not in (Status.DRAFT, Status.SCHEDULED):
        return {}
    new: dict[str, Any] = {}
    if row.said.status != post.status and not (post.publish_at is None and row.said.status in COUNTING):
        new["status"] = row.said.status
    if row.follows:
        new |= {"text": row.said.text, "publish_at": row.publish_at, "import_key": row.key}
    return new
