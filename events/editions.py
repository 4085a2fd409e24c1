"""One change of a series and of its dates: written at once, remembered for Undo."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from accounts import changes
from accounts.models import Operation, User
from contacts import tags as tagging
from events import filling, recurrence, rules
from events.matching import matched
from events.models import Occurrence, Series

SERIES = "events.series"
FIELDS = ("kind", "title", "place", "note", "minutes", "starts_on", "starts_time", "zone_name", "rules")
TIMING = ("starts_time", "zone_name", "rules")


@dataclass
class Edition:
    """Collects what rows become; `operation` undoes it. To be used inside a transaction, on a locked series."""

    series: Series
    by: User
    now: datetime
    operation: Operation = field(init=False)
    rows: dict[tuple[str, int], Any] = field(default_factory=dict)
    before: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    dirty: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    made: list[Occurrence] = field(default_factory=list)
    split_off: Series | None = None

    def __post_init__(self) -> None:
        self.operation = changes.begin(
            team=self.series.team, by=self.by, kind=SERIES, now=self.now, series=[self.series.pk]
        )

    def note(self, row: Any, **fields: Any) -> None:
        """A row gets other values; what they were is kept from the first time on."""
        key = (row._meta.label, row.pk)
        was = self.before.setdefault(key, {})
        was.update({name: old for name, old in changes.values(row, fields).items() if name not in was})
        self.rows[key] = row
        self.dirty.setdefault(key, set()).update(fields)
        for name, value in fields.items():
            setattr(row, name, value)

    def split(self, start: datetime) -> None:
        """From an instant on the dates belong to a new series, which says the same until it is changed."""
        old = self.series
        local = start.astimezone(old.zone).replace(tzinfo=None)
        dates = {
            name: [one for one in getattr(old, name) if datetime.fromisoformat(one) >= local]
            for name in ("exdates", "rdates")
        }
        kept = {name: getattr(old, name) for name in ("team", "is_all_day", "filled_until", *FIELDS)}
        new = Series(**kept, **dates, follows=old, created_by=self.by, created_at=self.now)
        new.client_id, new.starts_on = uuid.uuid4(), local.date()
        new.rules = remaining(old, start)
        new.save()
        new.hosts.set(old.hosts.all())
        new.tags.set(old.tags.all())
        self.note(
            old,
            rules=[rules.cut_before(rule, start) for rule in old.rules],
            sequence=old.sequence + 1,
            **{name: [one for one in getattr(old, name) if one not in dates[name]] for name in dates},
        )
        for row in old.occurrences.filter(original_start__gte=start, binned_at=None):
            self.note(row, series=new)
        self.flush()
        self.operation.details["series"].append(new.pk)
        self.series = self.split_off = new

    def say(self, values: dict[str, Any]) -> None:
        """The series and its dates to come say what is wanted; `values` are all of FIELDS."""
        series = self.series
        was = {name: getattr(series, name) for name in FIELDS}
        rows = filling.rows_to_come(series, self.now)
        if self._is_retimed(values, rows):
            exdates = _at_other_time(series.exdates, series.starts_time, values["starts_time"])
            self.note(series, **values, exdates=exdates, sequence=series.sequence + 1)
            self._go_to_new_dates(rows)
        else:
            stays = {"starts_on": series.starts_on}
            self.note(series, **{**values, **stays}, sequence=series.sequence + 1)
        for row in rows:
            self._copy(row, was)

    def give(self, *, hosts: Sequence[User], tags: Sequence[str]) -> None:
        """Other hosts and tags, on the series and its dates to come that had the same ones. After `flush`."""
        series = self.series
        before, after = _ids(series.hosts), sorted(host.pk for host in hosts)
        if before != after:
            rows = filling.rows_to_come(series, self.now)
            alike = [row.pk for row in rows if sorted(host.pk for host in row.hosts.all()) == before]
            series.hosts.set(after)
            filling.give_hosts(alike, after)
            self._remember("hosts", before, after, rows=alike)
        before = _ids(series.tags)
        series.tags.set(tagging.named(series.team, tags))
        self._remember("tags", before, _ids(series.tags))

    def end(self, *, keep: bool = False) -> None:
        """No more dates: those to come go, and those with something on them are called off, or (`keep`) stay."""
        rows = [row for row in filling.rows_to_come(self.series, self.now) if row.cancelled_at is None]
        busy = filling.holding_something(rows, self.series)
        self.note(self.series, ended_at=self.now, sequence=self.series.sequence + 1)
        for row in rows:
            if row.pk not in busy or not keep:
                what = "cancelled_at" if row.pk in busy else "binned_at"
                self.note(row, **{what: self.now}, sequence=row.sequence + 1)

    def flush(self) -> None:
        """Write what was noted so far, in a statement for each set of fields."""
        groups: dict[tuple[Any, ...], list[Any]] = {}
        for key, names in self.dirty.items():
            groups.setdefault((type(self.rows[key]), *sorted(names)), []).append(self.rows[key])
        for (model, *fields), group in groups.items():
            model.objects.bulk_update(group, fields, batch_size=filling.BATCH)
        self.dirty = {}

    def finish(self) -> Operation:
        """Write the rest, and what everything was."""
        self.flush()
        if self.split_off:
            self.before.pop((self.split_off._meta.label, self.split_off.pk), None)
            changes.created(self.operation, [self.split_off])
        changes.changed_many(self.operation, [(self.rows[key], was) for key, was in self.before.items()])
        changes.created(self.operation, self.made, ["starts_at", "outcome"])
        self.operation.save(update_fields=["details"])
        return self.operation

    def _is_retimed(self, values: dict[str, Any], rows: list[Occurrence]) -> bool:
        """Whether other dates are wanted: another rule, time or zone, or a first day that is not the next date's."""
        if any(values[name] != getattr(self.series, name) for name in TIMING):
            return True
        coming = [row.original_start for row in rows if row.original_start]
        next_one = {coming[0].astimezone(self.series.zone).date()} if coming else set()
        return values["starts_on"] not in {self.series.starts_on, *next_one}

    def _go_to_new_dates(self, rows: list[Occurrence]) -> None:
        """Each date becomes the nearest new one; without a new one it stays if there is something on it."""
        series, now = self.series, self.now
        wanted = filling.starts_to_come(series, now)
        # What has begun or was answered keeps its date, and no second one is made beside it.
        lately = series.occurrences.filter(binned_at=None, original_start__gte=now - timedelta(days=1))
        fixed = lately.exclude(pk__in=[row.pk for row in rows]).values_list("original_start", flat=True)
        became = matched(
            [*(row.original_start for row in rows if row.original_start), *filter(None, fixed)], wanted
        )
        busy = filling.holding_something(rows, series)
        extra = set(series.rdates)
        for row in rows:
            start = became.get(row.original_start) if row.original_start else None
            if start:
                self._put(row, start)
            elif row.pk not in busy:
                self.note(row, binned_at=now)
            elif row.original_start and row.cancelled_at is None:
                extra.add(row.original_start.astimezone(series.zone).replace(tzinfo=None).isoformat())
        self.note(series, rdates=sorted(extra))
        self.flush()
        self.made += filling.make(series, sorted(set(wanted) - set(became.values())), now)

    def _put(self, row: Occurrence, start: datetime) -> None:
        """A date becomes another; one that was moved by hand stays where it was put."""
        if row.original_start == start:
            return
        if not row.is_moved:
            self.note(row, starts_at=start, ends_at=start + (row.ends_at - row.starts_at), ask_again_at=None)
        self.note(row, original_start=start, sequence=row.sequence + 1)

    def _copy(self, row: Occurrence, was: dict[str, Any]) -> None:
        """What the series says now, where the date said what the series said before."""
        if row.binned_at:
            return
        fields = {
            name: getattr(self.series, name) for name in filling.COPIED if getattr(row, name) == was[name]
        }
        if row.ends_at - row.starts_at == timedelta(minutes=was["minutes"]):
            fields["ends_at"] = row.starts_at + self.series.duration
        other = {name: value for name, value in fields.items() if getattr(row, name) != value}
        if other:
            self.note(row, **other)

    def _remember(self, what: str, before: list[int], after: list[int], **more: Any) -> None:
        kept = {"what": what, "series": self.series.pk, "before": before, "after": after, **more}
        self.operation.details.setdefault("people", []).append(kept)


def put_people_back(operation: Operation) -> None:
    """Hosts and tags that an edition changed, as they were, where nobody chose others since; a tag erased since is gone."""
    for kept in operation.details.get("people", []):
        relation = getattr(Series.objects.get(pk=kept["series"]), kept["what"])
        if _ids(relation) == kept["after"]:
            relation.set(relation.model._default_manager.filter(pk__in=kept["before"]))
        rows = Occurrence.objects.filter(pk__in=kept.get("rows", [])).prefetch_related("hosts")
        alike = [row.pk for row in rows if sorted(host.pk for host in row.hosts.all()) == kept["after"]]
        filling.give_hosts(alike, kept["before"])


def remaining(series: Series, start: datetime) -> list[str]:
    """The rules of a series from an instant on: those that count have fewer times left."""
    window = (series.starts_on, start.astimezone(series.zone).date())
    left = []
    for rule in series.rules:
        if count := rules.count_of(rule):
            given = recurrence.expand(dtstart=series.dtstart, zone=series.zone, rules=[rule], window=window)
            earlier = sum(1 for instance in given if instance.starts_at < start)
            left.append(rules.with_count(rule, max(1, count - earlier)))
        else:
            left.append(rule)
    return left


def _ids(relation: Any) -> list[int]:
    return sorted(relation.values_list("pk", flat=True))


def _at_other_time(exdates: Iterable[str], was: time, now: time) -> list[str]:
    """Exceptions follow when the time of day changes."""
    moments = [datetime.fromisoformat(one) for one in exdates]
    return [(datetime.combine(one.date(), now) if one.time() == was else one).isoformat() for one in moments]
