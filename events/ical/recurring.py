"""Events that recur: a calendar's rules and dates become a series and its rows, and change them."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from accounts import changes
from events import filling, scheduling
from events.editions import Edition
from events.ical.incoming import Incoming, Said
from events.models import Occurrence, Series
from events.planning import CannotChange

if TYPE_CHECKING:
    from events.ical.intake import Intake

TEXTS = ("title", "place", "note")
TIMING = ("starts_on", "starts_time", "zone_name", "minutes", "rules", "rdates", "exdates", "is_all_day")


def values_of(event: Incoming) -> dict[str, Any]:
    """The fields of a series that a calendar gives."""
    return {
        **{name: getattr(event.said, name) for name in TEXTS},
        "starts_on": event.dtstart.date(),
        "starts_time": event.dtstart.time(),
        "zone_name": event.zone.key,
        "minutes": int(event.duration.total_seconds() // 60),
        "is_all_day": event.said.is_all_day,
        "rules": list(event.rules),
        "rdates": [local.isoformat() for local in event.rdates],
        "exdates": [local.isoformat() for local in event.exdates],
    }


def said(event: Incoming) -> dict[str, Any]:
    """What a calendar said of an event that recurs, as JSON."""
    fields = values_of(event)
    changed = {start.isoformat(): one.as_json() for start, one in sorted(event.changed.items())}
    return {
        **changes.values(Series(**fields), fields),
        "changed": changed,
        "is_cancelled": event.said.is_cancelled,
    }


def create(intake: "Intake", event: Incoming) -> Series:
    """A new series with its dates of the coming half year."""
    source = intake.source
    series = Series.objects.create(
        team=source.team,
        kind=source.kind,
        uid=event.uid,
        created_by=source.by,
        client_id=uuid.uuid4(),
        created_at=intake.now,
        **values_of(event),
    )
    if source.host:
        series.hosts.set([source.host])
    filling.fill(series, now=intake.now)
    changes.created(intake.operation, [series], ["rules", "title"])
    intake.operation.details["series"].append(series.pk)
    _follow_dates(intake, series, event, {})
    return series


def update(
    intake: "Intake", series: Series, event: Incoming, before: dict[str, Any], *, was_gone: bool
) -> None:
    """Rules, times and words follow the calendar where nobody changed them here; then the dates do."""
    if event.said.is_cancelled:
        end(intake, series)
        return
    if series.binned_at:
        return
    if series.ended_at:
        if not was_gone and not before.get("is_cancelled"):  # somebody ended it here
            return
        _remember(intake, scheduling.resume(series=series, by=intake.source.by, now=intake.now))
        series.refresh_from_db()
    values = _unchanged_here(series, values_of(event), before)
    if values:
        _edit(intake, series, values)
    _follow_dates(intake, series, event, before.get("changed", {}))


def end(intake: "Intake", series: Series, *, keep: bool = False) -> None:
    """No more dates; those that hold something are called off, or (`keep`) stay, the others go."""
    try:
        _remember(intake, scheduling.end(series=series, by=intake.source.by, now=intake.now, keep=keep))
    except CannotChange:
        return


def _unchanged_here(series: Series, wanted: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """What the calendar may change: words one by one, everything about time together."""
    is_now = changes.values(series, wanted)
    names = [name for name in TEXTS if is_now[name] == before[name]]
    if all(is_now[name] == before[name] for name in TIMING):
        names += TIMING
    told = changes.values(Series(**wanted), wanted)
    return {name: wanted[name] for name in names if told[name] != is_now[name]}


def _edit(intake: "Intake", series: Series, values: dict[str, Any]) -> None:
    edition = Edition(series, intake.source.by, intake.now)
    beside = {name: values.pop(name) for name in ("rdates", "exdates", "is_all_day") if name in values}
    if beside:
        edition.note(series, **beside, sequence=series.sequence + 1)
        edition.flush()
    names = ("kind", *TEXTS, "minutes", "starts_on", "starts_time", "zone_name", "rules")
    edition.say({**{name: getattr(series, name) for name in names}, **values})
    _remember(intake, edition.finish())
    if beside:
        Series.objects.filter(pk=series.pk).update(**beside)
        series.refresh_from_db()
        filling.settle(series, intake.now)
    if "is_all_day" in beside:
        ids = [row.pk for row in filling.rows_to_come(series, intake.now)]
        Occurrence.objects.filter(pk__in=ids).update(is_all_day=series.is_all_day)


def _remember(intake: "Intake", operation: Any) -> None:
    intake.operation.details["editions"].append(operation.pk)


def _follow_dates(intake: "Intake", series: Series, event: Incoming, before: dict[str, Any]) -> None:
    """The dates that the calendar has otherwise than its rules, and those that it had so before."""
    starts = {*event.changed, *map(datetime.fromisoformat, before)}
    rows = {
        row.original_start: row
        for row in series.occurrences.filter(original_start__in=starts, binned_at=None).select_related("team")
    }
    for start in sorted(starts):
        wanted, row = event.changed.get(start) or _as_ruled(event, start), rows.get(start)
        if max(start, wanted.starts_at) <= intake.now or (row and (row.outcome or row.touchpoint_id)):
            continue
        if row is None:
            if start not in event.changed:
                continue
            row = _row(intake, series, start)
        told = before.get(start.isoformat()) or _as_ruled(event, start).as_json()
        intake.follow(row, wanted, told)


def _as_ruled(event: Incoming, start: datetime) -> Said:
    """What a date says when nothing else is said of it."""
    said = event.said
    return Said(
        start, start + event.duration, said.is_all_day, said.title, said.place, said.note, is_cancelled=False
    )


def _row(intake: "Intake", series: Series, start: datetime) -> Occurrence:
    """A row for a date that has none yet: further ahead than series are filled, or beside the rules."""
    made = filling.make(series, [start], intake.now)
    changes.created(intake.operation, made)
    intake.made.update(row.pk for row in made)
    return series.occurrences.select_related("team").get(original_start=start, binned_at=None)
