"""A scheduler's export between "choose a file" and "import": kept in the database, looked at, applied once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import Team, User
from contacts import suppression
from contacts.imports import sandbox
from contacts.imports.decoding import decode
from contacts.imports.errors import ReadingError
from contacts.imports.reading import Table
from contacts.mentions import Person
from outreach import imports
from outreach.imports import Options, Outcome
from outreach.models import ScheduleUpload
from outreach.schedules.base import Mapping
from outreach.schedules.when import DateOrder

KEPT = timedelta(days=30)


class AlreadyApplied(Exception):
    """The upload was imported before: a second click, or the page of yesterday."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person said about an upload, as its `options` keep it. `columns` are indexes by the names of
    `mapping_of`; `manager` is None for the team's own posts."""

    manager: User | None
    channel: str = ""
    order: DateOrder | None = None
    columns: dict[str, int | None] | None = None

    def as_json(self) -> dict[str, Any]:
        """For the JSON column."""
        return {
            "manager": self.manager.pk if self.manager else None,
            "channel": self.channel,
            "order": self.order.value if self.order else None,
            "columns": self.columns,
        }


def keep(
    *, team: Team, by: User, name: str, content: bytes, settings: Settings, now: datetime
) -> ScheduleUpload:
    """Keep an uploaded file. Raises ReadingError for what is no table."""
    sandbox.parse(content, name)
    shown = suppression.load().without(name, team.country)[:200]
    return ScheduleUpload.objects.create(
        team=team, by=by, name=shown, content=content, options=settings.as_json(), created_at=now
    )


def settings_of(upload: ScheduleUpload) -> Settings:
    """What was said about the upload so far."""
    said = upload.options
    return Settings(
        manager=User.objects.filter(pk=said["manager"]).first() if said.get("manager") else None,
        channel=said.get("channel", ""),
        order=DateOrder(said["order"]) if said.get("order") else None,
        columns=said.get("columns"),
    )


def change(upload: ScheduleUpload, settings: Settings) -> None:
    """Keep what the person says anew."""
    upload.options = settings.as_json()
    upload.save(update_fields=["options"])


def table_of(upload: ScheduleUpload) -> Table:
    """The file as a table, to choose columns from."""
    return sandbox.read(bytes(upload.content), upload.name)


def mapping_of(columns: dict[str, int | None]) -> Mapping | None:
    """The mapping that chosen columns make: `text` and `when`, perhaps `time`, `channels` and `status`."""
    text, when, time = columns.get("text"), columns.get("when"), columns.get("time")
    if text is None:
        return None
    return Mapping(
        text=text,
        at=when if time is None else None,
        day=when if time is not None else None,
        time=time,
        channels=columns.get("channels"),
        status=columns.get("status"),
    )


def preview(upload: ScheduleUpload, *, now: datetime) -> Outcome:
    """What importing the upload would do. Raises ReadingError, AmbiguousDateOrder, UnknownFormat."""
    settings = settings_of(upload)
    return imports.preview(
        bytes(upload.content),
        upload.name,
        team=upload.team,
        manager=settings.manager,
        options=_options(settings),
        now=now,
    )


def apply(upload: ScheduleUpload, *, by: User, now: datetime, cancel_missing: bool) -> Outcome:
    """Import the upload, once; its file goes. Raises AlreadyApplied, and ReadingError as `preview` does."""
    if upload.applied_at:
        raise AlreadyApplied
    settings = settings_of(upload)
    found = imports.read(bytes(upload.content), upload.name, options=_options(settings))
    with transaction.atomic():
        # Of two who read it at once, one imports it; nor does anybody whose file was forgotten meanwhile.
        waiting = ScheduleUpload.objects.filter(pk=upload.pk, applied_at__isnull=True)
        if not waiting.update(applied_at=now, content=b""):
            raise AlreadyApplied
        outcome = imports.write(
            found,
            upload.name,
            team=upload.team,
            manager=settings.manager,
            by=by,
            now=now,
            cancel_missing=cancel_missing,
        )
        ScheduleUpload.objects.filter(pk=upload.pk).update(operation=outcome.operation)
    return outcome


def forget_old(now: datetime) -> int:
    """Files of more than 30 days ago go; how many."""
    count, _by_model = ScheduleUpload.objects.filter(created_at__lt=now - KEPT).delete()
    return count


def forget(person: Person) -> None:
    """Files that name the person go: whoever was at one chooses it again. So do workbooks, which nobody opens inside
    the transaction that erases."""
    waiting = ScheduleUpload.objects.filter(applied_at=None).values_list("pk", "content")
    named = [pk for pk, content in waiting.iterator(chunk_size=1) if _may_name(bytes(content), person)]
    ScheduleUpload.objects.filter(pk__in=named).delete()


def _may_name(content: bytes, person: Person) -> bool:
    try:
        text, _encoding, _findings = decode(content)
    except ReadingError:
        return True
    return person.mentioned_in(text, anywhere=True)


def _options(settings: Settings) -> Options:
    mapping = mapping_of(settings.columns) if settings.columns else None
    return Options(channel=settings.channel, order=settings.order, mapping=mapping)
