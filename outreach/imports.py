"""A scheduler's export becomes posts: `preview` says what would happen, `apply` does it in one transaction.

The same file twice adds nothing: a post is known again by its author, time and text (`import_key`) however it was
edited since, or by the id that the file gives it. Posts of the same source that a newer file no longer has are
shown, and cancelled only when the person says so.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import audit, changes
from accounts.changes import Undone
from accounts.models import Operation, Team, User
from contacts.imports import reading
from contacts.imports.rows import Rejected
from contacts.names import fold
from outreach import known, planning
from outreach.models import COUNTING, Channel, Post, PostsKnownUntil, Status
from outreach.schedules import formats, moments, parsing, words
from outreach.schedules.base import Mapping, Schedule, ScheduledPost
from outreach.schedules.when import DateOrder

KIND = "outreach.import"
_PROTECTING = ("text", "publish_at", "status", "manager")


@dataclass(frozen=True, slots=True)
class Options:
    """What the person says about a file. `channel` is for posts that the file gives none; `mapping` makes any file
    readable; `format` is a name of `formats.NAMES` or "auto"."""

    format: str = formats.AUTO
    channel: str = ""
    order: DateOrder | None = None
    mapping: Mapping | None = None


@dataclass(slots=True)
class Incoming:
    """A post of the file, its instant worked out, and the post of ours that it is, if there is one already."""

    said: ScheduledPost
    publish_at: datetime | None
    key: str
    post: Post | None = None


@dataclass(slots=True)
class Outcome:
    """What an import did or would do. Counted in rows of the file: `read` is the sum of the next four.

    `gone` are posts to come of the same source that the file does not have; `cancelled` says how many of them were.
    """

    format: str
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    first_at: datetime | None = None
    last_at: datetime | None = None
    gone: list[Post] = field(default_factory=list)
    cancelled: int = 0
    drafts: int = 0
    incoming: list[Incoming] = field(default_factory=list)
    operation: Operation | None = None

    def as_json(self) -> dict[str, Any]:
        """The keys that `--json` prints: those of contacts, and the posts that are gone."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [{"line": row.line, "reason": row.reason} for row in self.rejected],
            "warnings": self.warnings,
            "gone": [{"id": post.pk, "publish_at": post.publish_at, "text": post.text} for post in self.gone],
            "cancelled": self.cancelled,
        }


@dataclass(slots=True)
class _Decision:
    schedule: Schedule
    incoming: list[Incoming]
    gone: list[Post]
    file_channels: tuple[str, ...] | None  # None: the rows say their channels themselves
    warnings: list[str]


def preview(
    content: bytes, name: str, *, team: Team, manager: User | None, options: Options, now: datetime
) -> Outcome:
    """What `apply` would do now, without doing it. Raises ReadingError, of which AmbiguousDateOrder and
    UnknownFormat are two."""
    schedule, file_channels = read(content, name, options=options)
    return _outcome(_decide(schedule, file_channels, team=team, manager=manager, now=now))


def apply(
    content: bytes,
    name: str,
    *,
    team: Team,
    manager: User | None,
    options: Options,
    by: User | None,
    now: datetime,
    cancel_missing: bool = False,
) -> Outcome:
    """Import the file as posts of `manager`, or of the team when None. One operation; `take_back` undoes it.

    Raises ReadingError as `preview` does.
    """
    schedule, file_channels = read(content, name, options=options)
    with transaction.atomic():
        # Two imports of the same file at once: the second waits, and then finds the posts of the first.
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        decision = _decide(schedule, file_channels, team=team, manager=manager, now=now)
        outcome = _outcome(decision)
        operation = changes.begin(
            team=team, by=by, kind=KIND, now=now, file=name[:200], format=schedule.format
        )
        _write(decision, operation, manager=manager, now=now)
        if cancel_missing:
            outcome.cancelled = _cancel(decision, operation)
        _say_known(decision, operation, manager=manager, now=now)
        operation.save(update_fields=["details"])
        outcome.operation = operation
        audit.record(
            action="posts.imported",
            actor=by,
            team=team,
            now=now,
            operation=operation.pk,
            format=schedule.format,
            created=outcome.created,
            updated=outcome.updated,
            cancelled=outcome.cancelled,
        )
    return outcome


def take_back(operation: Operation, *, by: User, now: datetime) -> Undone:
    """Undo an import: its posts go to the bin, changed ones are as before, and it no longer says how far posts are
    known. Raises `changes.CannotUndo`."""
    through = Post.channels.through
    with transaction.atomic():
        done = changes.undo(operation, by=by, now=now)
        details = operation.details
        PostsKnownUntil.objects.filter(team=operation.team, pk__in=details.get("known_until", [])).delete()
        for post, channel in details.get("channels_added", []):
            through.objects.filter(post_id=post, channel_id=channel).delete()
        through.objects.bulk_create(
            [
                through(post_id=post, channel_id=channel)
                for post, channel in details.get("channels_removed", [])
            ],
            ignore_conflicts=True,
        )
    return done


def read(content: bytes, name: str, *, options: Options) -> tuple[Schedule, tuple[str, ...] | None]:
    """The file's schedule, and the channels that hold for all of it (None where its rows say their own)."""
    table = reading.read(content, name)
    if options.mapping:
        format_name, mapping = formats.MAPPED, options.mapping
    else:
        format_name, mapping = formats.recognise(table, options.format)
    given = words.channels(options.channel) or words.networks_in_name(name)
    schedule = parsing.parse(table, mapping, name=format_name, order=options.order, channels=given)
    own_channels = mapping.channels is not None or bool(mapping.flags)
    return schedule, None if own_channels else given


def import_key(manager: User | None, publish_at: datetime | None, text: str) -> str:
    """By what a post is known again: its author (or the team), its instant, its words."""
    author = str(manager.pk) if manager else "team"
    at = publish_at.astimezone(UTC).isoformat() if publish_at else ""
    return hashlib.sha256("\0".join((author, at, _words(text))).encode()).hexdigest()


def _words(text: str) -> str:
    return " ".join(text.split())


def _decide(
    schedule: Schedule,
    file_channels: tuple[str, ...] | None,
    *,
    team: Team,
    manager: User | None,
    now: datetime,
) -> _Decision:
    zone = manager.zone if manager else team.zone
    warnings = list(schedule.warnings)
    incoming: list[Incoming] = []
    for said in schedule.posts:
        at, remark = moments.instant(said.publish_at, zone) if said.publish_at else (None, "")
        if remark:
            warnings.append(_("Line %(line)d: %(text)s") % {"line": said.line, "text": remark})
        incoming.append(Incoming(said, at, import_key(manager, at, said.text)))
    mine = Post.objects.filter(team=team, manager=manager, binned_at__isnull=True)
    _recognise(incoming, mine, origin=schedule.format)
    found = {row.post.pk for row in incoming if row.post}
    gone = _gone(mine, found, origin=schedule.format, file_channels=file_channels, now=now)
    return _Decision(schedule, incoming, gone, file_channels, warnings)


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
        row.post = (
            by_id.get(row.said.external_id)
            or by_key.get(row.key)
            or by_hand.get((row.publish_at, _words(row.said.text)) if row.publish_at else (None, ""))
        )


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


def _outcome(decision: _Decision) -> Outcome:
    schedule = decision.schedule
    outcome = Outcome(
        schedule.format,
        schedule.read,
        rejected=schedule.rejected,
        warnings=decision.warnings,
        gone=decision.gone,
    )
    for row, rows in zip(decision.incoming, schedule.rows, strict=True):
        if row.post is None:
            outcome.created += 1
        elif _new_channels(row) or _new_values(row):
            outcome.updated += 1
        else:
            outcome.unchanged += 1
        outcome.unchanged += rows - 1
        outcome.drafts += row.said.status == Status.DRAFT
    outcome.incoming = decision.incoming
    outcome.channels = sorted({name for row in decision.incoming for name in row.said.channels}, key=fold)
    times = sorted(row.publish_at for row in decision.incoming if row.publish_at)
    outcome.first_at, outcome.last_at = (times[0], times[-1]) if times else (None, None)
    return outcome


def _new_channels(row: Incoming) -> list[str]:
    theirs = {channel.key for channel in row.post.channels.all()} if row.post else set()
    return [name for name in row.said.channels if fold(name)[:80] not in theirs]


def _new_values(row: Incoming) -> dict[str, Any]:
    """What the file changes on a post of ours. Only what is still open: a cancelled post stays cancelled."""
    post = row.post
    if post is None or post.status not in (Status.DRAFT, Status.SCHEDULED):
        return {}
    new: dict[str, Any] = {}
    if row.said.status != post.status and not (post.publish_at is None and row.said.status in COUNTING):
        new["status"] = row.said.status
    if row.said.external_id and row.said.external_id == post.external_id and row.key != post.import_key:
        # The source knows the post by its id, and has since moved or rewritten it.
        new |= {"text": row.said.text, "publish_at": row.publish_at, "import_key": row.key}
    return new


def _write(decision: _Decision, operation: Operation, *, manager: User | None, now: datetime) -> None:
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
        values = _new_values(row) if row not in new else {}
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
        if post is None:  # never: `_write` made them all
            continue
        for name in row.said.channels if id(row) in made else _new_channels(row):
            channel: Channel = channels[fold(name)[:80]]
            links.append(through(post_id=post.pk, channel_id=channel.pk))
            if id(row) not in made:
                added.append((post.pk, channel.pk))
    through.objects.bulk_create(links, batch_size=500, ignore_conflicts=True)
    operation.details["channels_added"] = added


def _cancel(decision: _Decision, operation: Operation) -> int:
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


def _say_known(decision: _Decision, operation: Operation, *, manager: User | None, now: datetime) -> None:
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
