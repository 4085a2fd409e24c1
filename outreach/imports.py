"""A scheduler's export becomes posts: `preview` says what would happen, `apply` does it in one transaction.

The same file twice adds nothing: a post is known again by its author, time and text (`import_key`) however it was
edited since, or by the id that the file gives it. Posts of the same source that a newer file no longer has are
shown, and cancelled only when the person says so.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit, changes
from accounts.changes import Undone
from accounts.models import Operation, Team, User
from contacts import suppression
from contacts.imports import sandbox
from contacts.imports.rows import Rejected
from contacts.names import fold
from outreach import intake
from outreach.incoming import Decision, Incoming, decide, new_channels, new_values
from outreach.models import Post, Status
from outreach.schedules import formats, parsing, words
from outreach.schedules.base import Mapping, Schedule
from outreach.schedules.when import DateOrder

KIND = "outreach.import"
Found = tuple[Schedule, tuple[str, ...] | None]


@dataclass(frozen=True, slots=True)
class Options:
    """What the person says about a file. `channel` is for posts that the file gives none; `mapping` makes any file
    readable; `format` is a name of `formats.NAMES` or "auto"."""

    format: str = formats.AUTO
    channel: str = ""
    order: DateOrder | None = None
    mapping: Mapping | None = None


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


def preview(
    content: bytes, name: str, *, team: Team, manager: User | None, options: Options, now: datetime
) -> Outcome:
    """What `apply` would do now, without doing it. Raises ReadingError, of which AmbiguousDateOrder and
    UnknownFormat are two."""
    schedule, file_channels = read(content, name, options=options)
    return _outcome(decide(schedule, file_channels, team=team, manager=manager, now=now))


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
    found = read(content, name, options=options)
    return write(found, name, team=team, manager=manager, by=by, now=now, cancel_missing=cancel_missing)


def write(
    found: Found,
    name: str,
    *,
    team: Team,
    manager: User | None,
    by: User | None,
    now: datetime,
    cancel_missing: bool = False,
) -> Outcome:
    """Import what `read` found, in its caller's transaction where there is one: the second half of `apply`."""
    schedule, file_channels = found
    with transaction.atomic():
        # Two imports of the same file at once: the second waits, and then finds the posts of the first.
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        decision = decide(schedule, file_channels, team=team, manager=manager, now=now)
        outcome = _outcome(decision)
        shown = suppression.load().without(name, team.country)[:200]
        operation = changes.begin(team=team, by=by, kind=KIND, now=now, file=shown, format=schedule.format)
        intake.write(decision, operation, manager=manager, now=now)
        if cancel_missing:
            outcome.cancelled = intake.cancel(decision, operation)
        intake.say_known(decision, operation, manager=manager, now=now)
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
    with transaction.atomic():
        done = changes.undo(operation, by=by, now=now)
        intake.take_back(operation)
    return done


def read(content: bytes, name: str, *, options: Options) -> Found:
    """The file's schedule, and the channels that hold for all of it (None where its rows say their own).

    A child process reads it, for as long as 90 seconds: never in a transaction, which would keep others from writing.
    """
    table = sandbox.read(content, name)
    if options.mapping:
        format_name, mapping = formats.MAPPED, options.mapping
    else:
        format_name, mapping = formats.recognise(table, options.format)
    given = words.channels(options.channel) or words.networks_in_name(name)
    schedule = parsing.parse(table, mapping, name=format_name, order=options.order, channels=given)
    own_channels = mapping.channels is not None or bool(mapping.flags)
    return schedule, None if own_channels else given


def _outcome(decision: Decision) -> Outcome:
    schedule = decision.schedule
    outcome = Outcome(
        schedule.format,
        schedule.read,
        rejected=schedule.rejected,
        warnings=decision.warnings,
        gone=decision.gone,
    )
    for row in decision.incoming:
        if row.post is None:
            outcome.created += 1
        elif new_channels(row) or new_values(row):
            outcome.updated += 1
        else:
            outcome.unchanged += 1
        outcome.unchanged += row.rows - 1
        outcome.drafts += row.said.status == Status.DRAFT
    outcome.incoming = decision.incoming
    outcome.channels = sorted({name for row in decision.incoming for name in row.said.channels}, key=fold)
    times = sorted(row.publish_at for row in decision.incoming if row.publish_at)
    outcome.first_at, outcome.last_at = (times[0], times[-1]) if times else (None, None)
    return outcome
