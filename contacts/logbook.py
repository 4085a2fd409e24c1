"""The logbook: the only writer of touchpoints and participations; with them it keeps `Contact.last_met_at`. (Who is
erased leaves them by `unnaming`.)

A touchpoint exists once for each (author, client id): sent twice, it is there once, and both answers are the same.
Nothing in it lies in the future. Each function is one transaction and joins its caller's.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from accounts import changes
from accounts.models import Operation, Team, User
from contacts import directory, last_met, promises
from contacts import tags as tagging
from contacts.kind_rules import counts_as_real
from contacts.models import Contact, Participation, Promise, Touchpoint, TouchpointKind
from contacts.models.kind import COLLEAGUE
from contacts.timeline import JOINABLE
from foundation import meanwhile

# A phone's clock may run ahead of ours; beyond this it is a mistake to be told of.
CLOCK_SKEW = timedelta(minutes=2)
NOTE, JOIN, BIN = "contacts.note", "contacts.join", "contacts.bin_note"
_CONTENT = ("kind", "met_at", "place", "note", "is_private", "minutes")


class InTheFuture(ValueError):
    """A meeting is noted after it took place; what lies ahead is planned."""


class TooLongAgo(ValueError):
    """A teammate's meeting is joined within a week of it; later it would be memory against memory."""


@dataclass(frozen=True)
class Noted:
    """A touchpoint in the logbook. `created` is False when the same note came before.

    `operation` takes the note back; None when it can no longer be found.
    """

    touchpoint: Touchpoint
    operation: Operation | None
    created: bool


@dataclass(frozen=True)
class Joined:
    """A teammate was there too. `is_whole` is False when their word was left out; `operation` takes it back, None when
    they were there already."""

    is_whole: bool
    operation: Operation | None


def note(
    *,
    team: Team,
    by: User,
    client_id: uuid.UUID,
    kind: TouchpointKind,
    met_at: datetime,
    contacts: Iterable[Contact],
    now: datetime,
    new_names: Sequence[str] = (),
    managers: Iterable[User] = (),
    place: str = "",
    tags: Sequence[str] = (),
    note: str = "",
    is_private: bool = False,
    minutes: int | None = None,
    promise: tuple[str, date] | None = None,
) -> Noted:
    """Note a touchpoint of `by` (and of `managers` who were there) with contacts of their team.

    `new_names` become draft contacts. `promise` is (what, by when), made to the first contact. A note taken back
    and sent again comes back as it was. Raises InTheFuture.
    """
    met_at, contacts = _happened(met_at, now), _once(contacts)
    try:
        with transaction.atomic():
            touchpoint = Touchpoint.objects.create(
                team=team,
                author=by,
                client_id=client_id,
                kind=kind,
                is_real=counts_as_real(team=team, kind=kind, day=team.day_of(met_at)),
                colleagues_only=not new_names and _colleagues_only(contacts),
                met_at=met_at,
                place=place,
                note=note,
                is_private=is_private,
                minutes=minutes,
                created_at=now,
            )
            drafts = directory.add_drafts(team=team, by=by, names=new_names, now=now)
            everybody = [*contacts, *drafts]
            _link(touchpoint, everybody, {by.pk} | {manager.pk for manager in managers})
            if tags:
                touchpoint.tags.set(tagging.named(team, tags))
            promised = _promise(touchpoint, everybody, promise, now) if promise else None
            operation = changes.begin(
                team=team,
                by=by,
                kind=NOTE,
                now=now,
                touchpoint=touchpoint.pk,
                drafts=[draft.pk for draft in drafts],
                promise=promised.pk if promised else None,
            )
            changes.created(operation, [touchpoint], fields=["kind", "met_at", "note"])
    except IntegrityError:
        if not Touchpoint.objects.filter(author=by, client_id=client_id).exists():
            raise
        return _noted_before(by, client_id)
    return Noted(touchpoint, operation, created=True)


def state(touchpoint: Touchpoint) -> str:
    """What tells whether a touchpoint still says what its page showed (`edit`, `seen`)."""
    linked = (touchpoint.contacts, touchpoint.managers, touchpoint.tags)
    said = [sorted(one.pk for one in rows.all()) for rows in linked]
    return meanwhile.digest(changes.values(touchpoint, _CONTENT), said)


def edit(
    touchpoint: Touchpoint,
    *,
    kind: TouchpointKind,
    met_at: datetime,
    contacts: Iterable[Contact],
    by: User,
    now: datetime,
    new_names: Sequence[str] = (),
    managers: Iterable[User] | None = None,
    place: str = "",
    tags: Sequence[str] = (),
    note: str = "",
    is_private: bool = False,
    minutes: int | None = None,
    seen: str = "",
) -> Touchpoint:
    """Replace what a touchpoint says. `managers` are all who were there, its author in any case; None leaves them. Whether
    it is private is its author's to say. `seen` is the `state` it is edited from. Raises InTheFuture, ChangedMeanwhile."""
    met_at = _happened(met_at, now)
    team = touchpoint.team
    with meanwhile.unless_changed(touchpoint, seen, state):
        before = set(touchpoint.contacts.values_list("pk", flat=True))
        everybody = [*_once(contacts), *directory.add_drafts(team=team, by=by, names=new_names, now=now)]
        touchpoint.kind, touchpoint.met_at = kind, met_at
        touchpoint.place, touchpoint.note = place, note
        touchpoint.minutes = minutes
        if (
            by.pk == touchpoint.author_id
        ):  # a teammate who made it private could no longer read their own words
            touchpoint.is_private = is_private
        touchpoint.is_real = counts_as_real(team=team, kind=kind, day=team.day_of(met_at))
        after = {contact.pk for contact in everybody}
        if after != before:
            touchpoint.colleagues_only = _colleagues_only(everybody)
            touchpoint.contacts.set(after)
        touchpoint.save()
        touchpoint.tags.set(tagging.named(team, tags))
        _set_managers(touchpoint, managers)
        last_met.mend(before | after)
    return touchpoint


def bin_touchpoint(touchpoint: Touchpoint, *, by: User, now: datetime) -> Operation:
    """Take a touchpoint out; the operation returned brings it back within 30 days."""
    with transaction.atomic():
        before = changes.values(touchpoint, ["binned_at"])
        touchpoint.binned_at = now
        touchpoint.save(update_fields=["binned_at", "updated_at"])
        last_met.mend(touchpoint.contacts.values_list("pk", flat=True))
        operation = changes.begin(team=touchpoint.team, by=by, kind=BIN, now=now, touchpoint=touchpoint.pk)
        changes.changed(operation, touchpoint, before)
    return operation


def take_back(operation: Operation, *, by: User, now: datetime) -> changes.Undone:
    """Undo a note, the binning of one, or having joined it. Drafts and promises that came with a note go with it, unless they live on.

    Raises changes.CannotUndo.
    """
    with transaction.atomic():
        touchpoint = Touchpoint.objects.get(pk=operation.details["touchpoint"])
        contacts = list(touchpoint.contacts.values_list("pk", flat=True))
        done = changes.undo(operation, by=by, now=now)
        last_met.mend(contacts)
        if operation.kind == NOTE and done.restored:
            Promise.objects.filter(pk=operation.details["promise"], done_at=None).update(binned_at=now)
            drafts = Contact.objects.filter(
                pk__in=operation.details["drafts"], is_draft=True, last_met_at=None, merged_into=None
            )
            drafts.update(binned_at=now)
    return done


def join(
    touchpoint: Touchpoint,
    *,
    manager: User,
    now: datetime,
    contacts: Iterable[Contact] = (),
    note: str = "",
    tags: Sequence[str] = (),
) -> Joined:
    """A teammate was there too: the touchpoint counts for both. Joining twice changes nothing.

    What the teammate wrote of it is added: further contacts, tags, and a word under their name, unless what is written
    there is private to somebody else. Raises TooLongAgo.
    """
    may_write = touchpoint.may_read_note(manager)
    of_contacts, of_tags = Touchpoint.contacts.through.objects, Touchpoint.tags.through.objects
    with transaction.atomic():
        participation, is_new = Participation.objects.get_or_create(
            touchpoint=touchpoint, manager=manager, defaults={"met_at": touchpoint.met_at}
        )
        if is_new and touchpoint.met_at <= now - JOINABLE:
            raise TooLongAgo
        before = changes.values(touchpoint, ["note", "colleagues_only"])
        known = list(touchpoint.contacts.select_related("kind"))
        further = [contact for contact in _once(contacts) if contact not in known]
        if further:
            touchpoint.colleagues_only = _colleagues_only([*known, *further])
            touchpoint.contacts.add(*further)
            touchpoint.save(update_fields=["colleagues_only", "updated_at"])
            last_met.mend([contact.pk for contact in further])
        tagged = set(touchpoint.tags.values_list("pk", flat=True)) if tags else set()
        touchpoint.tags.add(*tagging.named(touchpoint.team, tags))
        if note and is_new and may_write:
            touchpoint.note = f"{touchpoint.note}\n\n{manager.get_short_name()}: {note}".strip()
            touchpoint.save(update_fields=["note", "updated_at"])
        operation = None
        if is_new:
            operation = changes.begin(
                team=touchpoint.team, by=manager, kind=JOIN, now=now, touchpoint=touchpoint.pk
            )
            changes.created(operation, [participation])
            changes.created(operation, of_contacts.filter(touchpoint=touchpoint, contact__in=further))
            if tags:
                changes.created(operation, of_tags.filter(touchpoint=touchpoint).exclude(tag__in=tagged))
            if before != changes.values(touchpoint, before):
                changes.changed(operation, touchpoint, before)
    return Joined(may_write or not note, operation)


def teammates_same_day(
    *, team: Team, user: User, contacts: Iterable[Contact], day: date
) -> QuerySet[Touchpoint]:
    """What teammates noted with any of these contacts on the team's day, without the person: perhaps the same meeting."""
    start, end = team.bounds_of(day)
    mine = Participation.objects.filter(manager=user).values("touchpoint")
    met = Touchpoint.contacts.through.objects.filter(contact__in=[contact.pk for contact in contacts])
    return (
        Touchpoint.objects.kept()
        .filter(team=team, met_at__gte=start, met_at__lt=end, pk__in=met.values("touchpoint"))
        .exclude(pk__in=mine)
        .select_related("kind", "author")
    )


def _happened(met_at: datetime, now: datetime) -> datetime:
    if met_at > now + CLOCK_SKEW:
        raise InTheFuture
    return min(met_at, now)


def _once(contacts: Iterable[Contact]) -> list[Contact]:
    return list({contact.pk: contact for contact in contacts}.values())


def _colleagues_only(contacts: Sequence[Contact]) -> bool:
    return bool(contacts) and all(
        contact.kind.code == COLLEAGUE and contact.kind.team_id is None for contact in contacts
    )


def _link(touchpoint: Touchpoint, contacts: list[Contact], managers: set[int]) -> None:
    """Tie a new touchpoint to its contacts and CMs. The later date wins without reading it: no lock is needed."""
    through: Any = Touchpoint.contacts.through
    through.objects.bulk_create(
        [through(touchpoint_id=touchpoint.pk, contact_id=contact.pk) for contact in contacts]
    )
    Participation.objects.bulk_create(
        [
            Participation(touchpoint=touchpoint, manager_id=pk, met_at=touchpoint.met_at)
            for pk in sorted(managers)
        ]
    )
    earlier = Q(last_met_at__isnull=True) | Q(last_met_at__lt=touchpoint.met_at)
    ids = sorted(contact.pk for contact in contacts)
    Contact.objects.filter(earlier, pk__in=ids).update(last_met_at=touchpoint.met_at)


def _set_managers(touchpoint: Touchpoint, managers: Iterable[User] | None) -> None:
    rows = Participation.objects.filter(touchpoint=touchpoint)
    rows.update(met_at=touchpoint.met_at)
    if managers is None:
        return
    wanted = {touchpoint.author_id} | {manager.pk for manager in managers}
    rows.exclude(manager__in=wanted).delete()
    Participation.objects.bulk_create(
        [
            Participation(touchpoint=touchpoint, manager_id=pk, met_at=touchpoint.met_at)
            for pk in sorted(wanted)
        ],
        ignore_conflicts=True,
    )


def _promise(
    touchpoint: Touchpoint, contacts: list[Contact], promise: tuple[str, date], now: datetime
) -> Promise | None:
    if not contacts:
        return None
    text, due_on = promise
    return promises.add(
        team=touchpoint.team,
        contact=contacts[0],
        manager=touchpoint.author,
        text=text,
        due_on=due_on,
        client_id=uuid.uuid5(touchpoint.client_id, "promise"),
        now=now,
        touchpoint=touchpoint,
    )


def _noted_before(by: User, client_id: uuid.UUID) -> Noted:
    """The first answer to the same note; one that was taken back in between comes back."""
    with transaction.atomic():
        touchpoint = Touchpoint.objects.select_related("team").get(author=by, client_id=client_id)
        operations = Operation.objects.filter(
            team=touchpoint.team, kind=NOTE, at=touchpoint.created_at, by=by
        )
        operation = next((one for one in operations if one.details["touchpoint"] == touchpoint.pk), None)
        if touchpoint.binned_at:
            Touchpoint.objects.filter(pk=touchpoint.pk).update(binned_at=None)
            touchpoint.binned_at = None
            if operation:
                Operation.objects.filter(pk=operation.pk).update(undone_at=None, undone_by=None)
                drafts = Contact.objects.filter(pk__in=operation.details["drafts"], merged_into=None)
                drafts.filter(erase_at=None).update(binned_at=None)
                Promise.objects.filter(pk=operation.details["promise"]).update(binned_at=None)
            last_met.mend(touchpoint.contacts.values_list("pk", flat=True))
    return Noted(touchpoint, operation, created=False)
