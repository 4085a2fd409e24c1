"""Plan a one-off occurrence, change it, call it off. A plan never counts by itself."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from accounts import changes
from accounts.models import Membership, Operation, Team, User
from contacts import directory, rhythm
from contacts.models import Contact, TouchpointKind
from contacts.rhythm import Suggestion
from events.guests import everybody
from events.models import Attendance, Occurrence
from foundation import meanwhile
from foundation.compiled import Compiled, given


class CannotChange(Exception):
    """The occurrence is not in a state in which this can be done (already answered, cancelled, or not cancelled)."""


def instant(day: date, at: time, zone: tzinfo) -> datetime:
    """The instant of a wall clock reading.

    A reading that the spring night skips (02:30) is the one an hour later; of two in autumn it is the first.
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def days_later(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """The same wall clock time some days later, whatever the clocks do in between."""
    local = moment.astimezone(zone)
    return instant(local.date() + timedelta(days=days), local.time(), zone)


def plan(
    *,
    team: Team,
    by: User,
    client_id: UUID,
    kind: TouchpointKind,
    starts_at: datetime,
    now: datetime,
    minutes: int = 60,
    contacts: Iterable[Contact] = (),
    new_names: Iterable[str] = (),
    hosts: Iterable[User] = (),
    title: str = "",
    place: str = "",
    note: str = "",
) -> tuple[Occurrence, Operation | None]:
    """Plan a meeting with contacts, hosted by the person unless `hosts` says otherwise.

    `new_names` become draft contacts. Posted twice (same person, same `client_id`) it exists once; the second time the operation is None.
    """
    fields = {
        "team": team,
        "kind": kind,
        "title": title.strip(),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "place": place.strip(),
        "note": note.strip(),
        "created_at": now,
    }
    with transaction.atomic():
        occurrence, is_new = Occurrence.objects.get_or_create(
            created_by=by, client_id=client_id, defaults=fields
        )
        if not is_new:
            return occurrence, None
        occurrence.hosts.set(list(hosts) or [by])
        drafts = directory.add_drafts(team=team, by=by, names=new_names, now=now)
        invite(occurrence, dict.fromkeys([*contacts, *drafts]))
        operation = changes.begin(team=team, by=by, kind="events.plan", now=now, plain=True)
        changes.created(operation, drafts, directory.DRAFTED)
        changes.created(operation, [occurrence], ["starts_at", "outcome"])
    return occurrence, operation


def invite(occurrence: Occurrence, contacts: Iterable[Contact]) -> None:
    """Add guests; those already invited keep their reply."""
    rows = [Attendance(occurrence=occurrence, contact=contact) for contact in contacts]
    Attendance.objects.bulk_create(rows, ignore_conflicts=True)


def state(occurrence: Occurrence) -> str:
    """What tells whether an occurrence still says what its page showed (`edit`, `seen`)."""
    said = changes.values(occurrence, ["kind", "title", "starts_at", "ends_at", "place", "note"])
    guests = sorted(occurrence.attendances.values_list("contact", flat=True))
    return meanwhile.digest(said, guests, sorted(host.pk for host in occurrence.hosts.all()))


def edit(
    *,
    occurrence: Occurrence,
    by: User,
    now: datetime,
    kind: TouchpointKind,
    starts_at: datetime,
    minutes: int,
    contacts: Iterable[Contact],
    new_names: Iterable[str] = (),
    hosts: Iterable[User],
    title: str,
    place: str,
    note: str,
    seen: str = "",
) -> None:
    """Change what was planned. Guests who stay keep their reply, and so do those in the bin, whom nobody could choose.
    `seen` is the `state` it is edited from.

    Raises CannotChange once it has been answered, ChangedMeanwhile.
    """
    team = occurrence.team
    midnight = instant(starts_at.astimezone(team.zone).date(), time.min, team.zone)
    with meanwhile.unless_changed(occurrence, seen, state):
        changed = Occurrence.objects.filter(pk=occurrence.pk, outcome="").update(
            kind=kind,
            title=title.strip(),
            starts_at=starts_at,
            # Given a time of day it no longer takes all of it.
            is_all_day=occurrence.is_all_day and starts_at in (occurrence.starts_at, midnight),
            ends_at=starts_at + timedelta(minutes=minutes),
            place=place.strip(),
            note=note.strip(),
            # Another time is another question.
            ask_again_at=None,
            sequence=F("sequence") + 1,
        )
        if not changed:
            raise CannotChange
        guests = everybody(team=team, by=by, contacts=contacts, new_names=new_names, now=now)
        occurrence.attendances.filter(contact__binned_at=None).exclude(contact__in=guests).delete()
        invite(occurrence, guests)
        here = Membership.objects.current().filter(team=team).values("user")
        occurrence.hosts.set(list(hosts) or list(occurrence.hosts.filter(pk__in=here)) or [by])
        occurrence.refresh_from_db()


def move(*, occurrence: Occurrence, days: int, by: User, now: datetime) -> Operation:
    """Put it off (or bring it forward) by days, at the same local time of the team.

    Raises CannotChange when it is cancelled or has been answered.
    """
    zone = occurrence.team.zone
    fields = {
        "starts_at": days_later(occurrence.starts_at, days, zone),
        "ends_at": days_later(occurrence.starts_at, days, zone) + (occurrence.ends_at - occurrence.starts_at),
        "ask_again_at": None,
    }
    return _change(occurrence, "events.move", by, now, fields, cancelled_at=None)


def cancel(*, occurrence: Occurrence, by: User, now: datetime) -> Operation:
    """Call it off. Raises CannotChange when it is cancelled already or has been answered."""
    return _change(occurrence, "events.cancel", by, now, {"cancelled_at": now}, cancelled_at=None)


def restore(*, occurrence: Occurrence, by: User, now: datetime) -> Operation:
    """It is on again. Raises CannotChange when it was not cancelled."""
    if occurrence.cancelled_at is None:
        raise CannotChange
    was = occurrence.cancelled_at
    return _change(occurrence, "events.restore", by, now, {"cancelled_at": None}, cancelled_at=was)


def _change(
    occurrence: Occurrence,
    kind: str,
    by: User,
    now: datetime,
    fields: dict[str, datetime | None],
    *,
    cancelled_at: datetime | None,
) -> Operation:
    """Write fields if the row is still as it was seen (two tabs, two clicks), and note what they were.

    With them that it is not answered: an answer given since protects it from undo, or what was noted would be at a time
    at which nothing was.
    """
    before = {**changes.values(occurrence, fields), "outcome": ""}
    with transaction.atomic():
        seen = Occurrence.objects.filter(
            pk=occurrence.pk, outcome="", cancelled_at=cancelled_at, starts_at=occurrence.starts_at
        )
        if not seen.update(**fields, sequence=F("sequence") + 1):
            raise CannotChange
        occurrence.refresh_from_db()
        operation = changes.begin(team=occurrence.team, by=by, kind=kind, now=now, plain=True)
        changes.changed(operation, occurrence, before)
    return operation


def booked(team: Team, now: datetime) -> QuerySet[Attendance, int]:
    """The ids of the contacts that are invited to something to come: nobody need suggest them."""
    coming = Attendance.objects.filter(occurrence__in=Occurrence.objects.filter(team=team).upcoming(now))
    return coming.order_by().values_list("contact", flat=True).distinct()


def to_see(
    *, team: Team, user: User, now: datetime, limit: int = 5, has_rules: bool | None = None
) -> list[Suggestion]:
    """Whom the person might see again (`contacts.rhythm`), but those who are booked."""
    return rhythm.suggestions(
        team=team, user=user, now=now, limit=limit, has_rules=has_rules, asked=_due_and_free
    )


@cache
def _due_and_free(has_rules: bool) -> Compiled:  # noqa: FBT001
    contacts = rhythm.due(has_rules=has_rules)
    return Compiled(contacts.exclude(pk__in=booked(given("team"), given("now"))))
