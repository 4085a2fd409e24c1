"""A calendar that was read becomes series and single dates here, or changes those it became before.

A row that still says what the calendar said last time follows the calendar; what somebody changed here stays, and
what was noted (it took place, nobody came) is never touched. Dates that are over are not read in: nobody should be
asked whether they took place.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts import changes
from accounts.models import Operation
from events import filling
from events.ical import recurring
from events.ical.incoming import Incoming, Reading, Said
from events.ical.lines import CalendarRefused
from events.models import Attendance, Entry, Occurrence, Series, Source

MOST_DATES = 10_000
MOST_SERIES = 500
BATCH = 500
AHEAD = timedelta(days=5 * 366)
"""How far ahead something must come to be read in."""
PLAIN = ("title", "place", "note", "is_all_day")
TIMES = ("starts_at", "ends_at")
TOLD = ("said", "gone_at", "series", "occurrence")


@dataclass
class Outcome:
    """What a reading did, in events of the calendar. `over` have nothing to come; `known` are here already by their
    UID, from another calendar or from ours."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    over: int = 0
    known: int = 0
    operation: Operation | None = None


@dataclass
class Intake:
    """One reading of one source. To be used inside a transaction, on a locked source."""

    source: Source
    operation: Operation
    now: datetime
    outcome: Outcome = field(default_factory=Outcome)
    rows: dict[tuple[str, int], tuple[Any, dict[str, Any]]] = field(default_factory=dict)
    made: set[int] = field(default_factory=set)
    remembered: list[Entry] = field(default_factory=list)

    def take(self, reading: Reading, *, deletes: bool) -> Outcome:
        """Write what is new or different; with `deletes`, take away what the calendar no longer has."""
        entries = {entry.uid: entry for entry in self._entries()}
        incoming = {event.uid: event for event in reading.events}
        new = [event for uid, event in incoming.items() if uid not in entries]
        self._create(self._to_come(self._unknown(new)))
        for uid, entry in entries.items():
            if uid in incoming:
                self._update(entry, incoming[uid])
            elif deletes and entry.gone_at is None and uid not in reading.unread:
                self.take_away(entry)
        self.finish()
        return self.outcome

    def take_away_all(self) -> None:
        """The source is no longer followed: what is to come of it and nobody has touched goes, the rest is ours now."""
        for entry in self._entries():
            if entry.gone_at is None:
                self.take_away(entry, keep=True)
        self.finish()

    def take_away(self, entry: Entry, *, keep: bool = False) -> None:
        """The calendar does not have it any more: what somebody has touched is called off; or (`keep`) it is not asked
        any more, and that stays."""
        self.remember(entry, entry.said)
        entry.gone_at = self.now
        self.outcome.removed += 1
        if entry.series:
            recurring.end(self, entry.series, keep=keep)
        elif entry.occurrence and self._is_open(entry.occurrence):
            row = entry.occurrence
            touched = _is_touched(row, entry.said)
            if not touched or not keep:
                self.note(row, **{"cancelled_at" if touched else "binned_at": self.now})

    def note(self, row: Any, **values: Any) -> None:
        """A row gets other values, which the operation remembers."""
        before = changes.values(row, values)
        for name, value in values.items():
            setattr(row, name, value)
        row.sequence += 1
        row.save(update_fields=[*values, "sequence"])
        key = (row._meta.label, row.pk)
        if key in self.rows:
            known = self.rows[key][1]
            known.update({name: value for name, value in before.items() if name not in known})
        elif row.pk not in self.made:
            self.rows[key] = (row, before)

    def remember(self, entry: Entry, said: dict[str, Any]) -> None:
        """An entry says something else now; what it said is kept for Undo."""
        self.operation.details["said"].setdefault(str(entry.pk), changes.values(entry, TOLD))
        entry.said, entry.gone_at = said, None
        self.remembered.append(entry)

    def finish(self) -> None:
        """Write what is left to be written."""
        changes.changed_many(self.operation, self.rows.values())
        Entry.objects.bulk_update(self.remembered, TOLD, batch_size=BATCH)
        self.operation.save(update_fields=["details"])

    def _entries(self) -> models.QuerySet[Entry]:
        return self.source.entries.select_related("series__kind", "series__team", "occurrence__team")

    def _unknown(self, events: list[Incoming]) -> list[Incoming]:
        """Without those that are in the team's calendar by the same UID: our own feed, read back, adds nothing."""
        known = {
            uid
            for start in range(0, len(events), BATCH)
            for uid in self._known(events[start : start + BATCH])
        }
        self.outcome.known += len(known)
        return [event for event in events if event.uid not in known]

    def _known(self, events: list[Incoming]) -> set[str]:
        uids = {event.uid: event.uid for event in events}
        ids = {parsed: uid for uid in uids if (parsed := _uuid(uid))}
        known: set[str] = set()
        for model in (Occurrence, Series):
            rows: Any = model._default_manager.filter(team=self.source.team, binned_at=None)
            known |= set(rows.filter(uid__in=uids).values_list("uid", flat=True))
            known |= {
                ids[found] for found in rows.filter(client_id__in=ids).values_list("client_id", flat=True)
            }
        return known

    def _to_come(self, events: list[Incoming]) -> list[Incoming]:
        """Those that take place from now on; the others are counted. Raises CalendarRefused when they are too many."""
        coming, dates = [], 0
        for event in events:
            count = 0 if event.said.is_cancelled else self._count_to_come(event)
            if count:
                coming.append(event)
            else:
                self.outcome.over += 1
            dates += count
            if dates > MOST_DATES:
                raise CalendarRefused(
                    _("The calendar would bring more than %(most)d dates within half a year.")
                    % {"most": MOST_DATES}
                )
        if sum(event.recurs for event in coming) > MOST_SERIES:
            raise CalendarRefused(
                _("The calendar has more than %(most)d events that recur.") % {"most": MOST_SERIES}
            )
        return coming

    def _count_to_come(self, event: Incoming) -> int:
        """How many dates it has within half a year; 1 when the next lies beyond."""
        if not event.recurs:
            return int(event.said.ends_at > self.now)
        today = self.now.astimezone(event.zone).date()
        soon = [start for start in event.starts(today, today + filling.HORIZON) if start > self.now]
        return len(soon) or int(bool(event.starts(today + filling.HORIZON, today + AHEAD)))

    def _create(self, events: list[Incoming]) -> None:
        singles = [event for event in events if not event.recurs]
        rows = self._singles(singles)
        entries = [
            Entry(source=self.source, uid=event.uid, occurrence=row, said=event.said.as_json())
            for event, row in zip(singles, rows, strict=True)
        ]
        for event in events:
            if event.recurs:
                series = recurring.create(self, event)
                entries.append(
                    Entry(source=self.source, uid=event.uid, series=series, said=recurring.said(event))
                )
        made = Entry.objects.bulk_create(entries, batch_size=BATCH)
        self.operation.details["entries"] += [entry.pk for entry in made]
        self.outcome.created += len(events)

    def _row(self, event: Incoming) -> Occurrence:
        said = event.said
        return Occurrence(
            team=self.source.team,
            kind=self.source.kind,
            uid=event.uid,
            created_by=self.source.by,
            client_id=uuid.uuid4(),
            created_at=self.now,
            **{name: getattr(said, name) for name in (*TIMES, *PLAIN)},
        )

    def _update(self, entry: Entry, event: Incoming) -> None:
        """What the calendar says otherwise than last time."""
        said = recurring.said(event) if event.recurs else event.said.as_json()
        if said == entry.said and entry.gone_at is None:
            self.outcome.unchanged += 1
            return
        if event.recurs != bool(entry.series):
            self._replace(entry, event, said)
            return
        before, was_gone = entry.said, entry.gone_at is not None
        self.remember(entry, said)
        if entry.series:
            recurring.update(self, entry.series, event, before, was_gone=was_gone)
        elif entry.occurrence:
            self._update_single(entry.occurrence, event.said, before, was_gone=was_gone)
        self.outcome.updated += 1

    def _replace(self, entry: Entry, event: Incoming, said: dict[str, Any]) -> None:
        """What took place once recurs now, or the other way round: the entry stands for the new thing from now on."""
        self.take_away(entry)
        self.outcome.removed -= 1
        entry.said, entry.gone_at, entry.series, entry.occurrence = said, None, None, None
        for coming in self._to_come([event]):
            if coming.recurs:
                entry.series = recurring.create(self, coming)
            else:
                entry.occurrence = self._single(coming)
        self.outcome.updated += 1

    def _single(self, event: Incoming) -> Occurrence:
        """A new date by itself."""
        (row,) = self._singles([event])
        return row

    def _singles(self, events: list[Incoming]) -> list[Occurrence]:
        rows = Occurrence.objects.bulk_create([self._row(event) for event in events], batch_size=BATCH)
        filling.give_hosts([row.pk for row in rows], [self.source.host_id] if self.source.host_id else [])
        changes.created(self.operation, rows, ["starts_at", "outcome"])
        return rows

    def _update_single(self, row: Occurrence, said: Said, before: dict[str, Any], *, was_gone: bool) -> None:
        if was_gone and (row.binned_at or row.cancelled_at) and not row.outcome:
            self.note(row, binned_at=None, cancelled_at=None)
        if self._is_open(row):
            self.follow(row, said, before)

    def follow(self, row: Occurrence, said: Said, before: dict[str, Any]) -> None:
        """A date follows the calendar, field by field, where it still says what the calendar said `before`."""
        is_now = changes.values(row, (*TIMES, *PLAIN))
        wanted = said.as_json()
        names = [name for name in PLAIN if is_now[name] == before[name]]
        if all(is_now[name] == before[name] for name in TIMES):
            names += TIMES
        values = {name: getattr(said, name) for name in names if is_now[name] != wanted[name]}
        if "starts_at" in values:
            values["ask_again_at"] = None
        if said.is_cancelled != before["is_cancelled"] and said.is_cancelled != bool(row.cancelled_at):
            values["cancelled_at"] = self.now if said.is_cancelled else None
        if values:
            self.note(row, **values)

    def _is_open(self, row: Occurrence) -> bool:
        """To come, and nobody has noted anything of it."""
        noted = row.outcome or row.touchpoint_id or row.binned_at
        return not noted and row.starts_at > self.now


def _is_touched(row: Occurrence, said: dict[str, Any]) -> bool:
    """Whether somebody here did anything to it: changed it, or invited somebody."""
    is_now = changes.values(row, (*TIMES, *PLAIN))
    changed = any(is_now[name] != said.get(name) for name in is_now)
    return changed or Attendance.objects.filter(occurrence=row).exists()


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def untold(operation: Operation) -> None:
    """After an undo: entries forget what they were told, so that the same calendar may be read in again."""
    Entry.objects.filter(pk__in=operation.details["entries"]).delete()
    entries = Entry.objects.in_bulk(map(int, operation.details["said"]))
    for pk, told in operation.details["said"].items():
        if entry := entries.get(int(pk)):
            entry.said, gone_at = told["said"], told["gone_at"]
            entry.gone_at = datetime.fromisoformat(gone_at) if gone_at else None
            entry.series_id, entry.occurrence_id = told["series"], told["occurrence"]
            entry.save(update_fields=TOLD)
