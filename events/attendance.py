"""Did it take place, who came? The one place where a plan becomes a touchpoint.

An answer is taken once: the row of the occurrence goes from "not answered" to answered in one conditional update,
and the touchpoint's client id is derived from the occurrence and the number of its answer, so that two clicks, two
tabs or two hosts can never make two touchpoints of it.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache

from django.db import transaction
from django.db.models import F, prefetch_related_objects

from accounts import changes
from accounts.models import Operation, Team, User
from contacts import logbook
from contacts.models import Contact, Touchpoint
from events.guests import everybody
from events.models import Attendance, Occurrence, Outcome
from events.models.occurrence import as_invited
from events.planning import CannotChange, instant
from foundation.compiled import Compiled, given

ASKED_AGAIN_AT = time(9)
ANSWER = "events.answer"


@dataclass(frozen=True)
class Noted:
    """What came of "yes": the touchpoint, and the operation that `take_back` undoes."""

    touchpoint: Touchpoint
    operation: Operation


class NotYet(Exception):
    """It has not begun: what is planned cannot have taken place."""


def to_answer(team: Team, user: User, now: datetime, limit: int = 3) -> list[Occurrence]:
    """What the person hosted, is over, and nobody has answered for: asked on Today, the latest first; without guests
    (`bring_guests`)."""
    return _to_answer(limit).rows(team=team, user=user, now=now)


@cache
def _to_answer(limit: int) -> Compiled:
    asked = Occurrence.objects.filter(team=given("team")).hosted_by(given("user")).unanswered(given("now"))
    return Compiled(asked.select_related("kind", "team").order_by("-starts_at", "pk")[:limit])


def bring_guests(occurrences: Iterable[Occurrence]) -> None:
    """Give each its guests, as `invited`; one query for all, none without any."""
    prefetch_related_objects(list(occurrences), as_invited())


def near(team: Team, user: User, instant: datetime) -> list[Occurrence]:
    """The person's own occurrences within three hours of an instant, not noted yet: a meeting may be one of them."""
    around = timedelta(hours=3)
    own = Occurrence.objects.filter(team=team, outcome="").standing().hosted_by(user)
    close = own.filter(starts_at__lte=instant + around, ends_at__gte=instant - around)
    return list(close.with_guests().order_by("starts_at", "pk"))


def took_place(
    *,
    occurrence: Occurrence,
    contacts: Iterable[Contact],
    by: User,
    now: datetime,
    new_names: Iterable[str] = (),
    managers: Iterable[User] | None = None,
    note: str = "",
) -> Noted:
    """It took place with these contacts: note it, once, for all its hosts. `by` is one of them.

    `managers` are those of the team who were there, when these are not simply the hosts. Exactly one touchpoint comes
    of it, at the time it began, with the tags of its series; names nobody knows become draft contacts. Raises NotYet
    before it begins, CannotChange when it is cancelled or was answered already: nothing is noted a second time.
    """
    if not occurrence.has_begun(now):
        raise NotYet
    with transaction.atomic():
        before = _answer(occurrence, Outcome.TOOK_PLACE)
        noted = logbook.note(
            team=occurrence.team,
            by=by,
            client_id=touchpoint_id(occurrence),
            kind=occurrence.kind,
            met_at=occurrence.starts_at,
            contacts=list(contacts),
            new_names=list(new_names),
            managers=list(occurrence.hosts.all() if managers is None else managers),
            place=occurrence.place,
            tags=[tag.name for tag in occurrence.series.tags.all()] if occurrence.series else [],
            note=note,
            now=now,
        )
        _attach(occurrence, noted.touchpoint)
        if noted.operation is None:  # cannot be: the answer was open, so its id was never used
            raise CannotChange
        noting = noted.operation.pk
        operation = changes.begin(team=occurrence.team, by=by, kind=ANSWER, now=now, noting=noting)
        changes.changed(operation, occurrence, before)
    return Noted(touchpoint=noted.touchpoint, operation=operation)


def also_came(
    *, occurrence: Occurrence, contacts: Iterable[Contact], new_names: Iterable[str], by: User, now: datetime
) -> list[Contact]:
    """Further contacts who were there: onto the same touchpoint, said by somebody who was there too.

    Raises CannotChange when there is none, or `by` was not there.
    """
    with transaction.atomic():
        touchpoint = occurrence.touchpoint
        if touchpoint is None or touchpoint.binned_at or not touchpoint.managers.filter(pk=by.pk).exists():
            raise CannotChange
        added = everybody(team=occurrence.team, by=by, contacts=contacts, new_names=new_names, now=now)
        logbook.join(touchpoint, manager=by, contacts=added, now=now)
    return added


def take_back(operation: Operation, *, by: User, now: datetime) -> None:
    """Undo `took_place`: the question is open again and its touchpoint is gone, both or neither.

    Raises changes.CannotUndo when it was undone already, is too old, or one of the two was edited since.
    """
    with transaction.atomic():
        noting = Operation.objects.get(pk=operation.details["noting"])
        for done in (changes.undo(operation, by=by, now=now), logbook.take_back(noting, by=by, now=now)):
            if not done.restored:
                raise changes.CannotUndo


def reopen(*, occurrence: Occurrence, by: User, now: datetime) -> None:
    """The answer was wrong: ask again. The touchpoint that came of it goes to the bin; one that had been noted by
    itself and attached is only let go. Raises CannotChange when there was no answer."""
    with transaction.atomic():
        touchpoint = occurrence.touchpoint
        answered = Occurrence.objects.filter(pk=occurrence.pk, touchpoint=touchpoint).exclude(outcome="")
        if not answered.update(outcome="", touchpoint=None, ask_again_at=None):
            raise CannotChange
        if touchpoint and not touchpoint.binned_at and touchpoint.client_id == touchpoint_id(occurrence):
            logbook.bin_touchpoint(touchpoint, by=by, now=now)
        occurrence.refresh_from_db()


def attach(*, occurrence: Occurrence, touchpoint: Touchpoint, by: User, now: datetime) -> Operation:
    """A touchpoint that was just noted is this occurrence's: no second one will come of it.

    Raises CannotChange when the occurrence is cancelled or was answered already.
    """
    with transaction.atomic():
        before = _answer(occurrence, Outcome.TOOK_PLACE)
        _attach(occurrence, touchpoint)
        operation = changes.begin(team=occurrence.team, by=by, kind="events.attach", now=now, plain=True)
        changes.changed(operation, occurrence, before)
    return operation


def nobody_came(*, occurrence: Occurrence, by: User, now: datetime) -> Operation:
    """The hosts were there, nobody else: no touchpoint. Raises NotYet and CannotChange."""
    return _without_touchpoint(occurrence, Outcome.NOBODY_CAME, by, now)


def did_not_take_place(*, occurrence: Occurrence, by: User, now: datetime) -> Operation:
    """It fell through: no touchpoint. Raises NotYet and CannotChange."""
    return _without_touchpoint(occurrence, Outcome.DID_NOT, by, now)


def later(*, occurrence: Occurrence, by: User, now: datetime) -> Operation:
    """Ask again tomorrow morning, in the person's zone. Raises CannotChange when it was answered meanwhile."""
    tomorrow = now.astimezone(by.zone).date() + timedelta(days=1)
    before = changes.values(occurrence, ["ask_again_at"])
    with transaction.atomic():
        again = instant(tomorrow, ASKED_AGAIN_AT, by.zone)
        if not Occurrence.objects.standing().filter(pk=occurrence.pk, outcome="").update(ask_again_at=again):
            raise CannotChange
        occurrence.ask_again_at = again
        operation = changes.begin(team=occurrence.team, by=by, kind="events.later", now=now, plain=True)
        changes.changed(operation, occurrence, before)
    return operation


def replied(*, attendance: Attendance, answer: str) -> None:
    """What a guest answered to the invitation (a value of Reply)."""
    attendance.reply = answer
    attendance.save(update_fields=["reply"])


def touchpoint_id(occurrence: Occurrence) -> uuid.UUID:
    """The client id of the touchpoint that comes of the occurrence's present answer (RFC 9562, version 5)."""
    return uuid.uuid5(occurrence.client_id, f"answer {occurrence.answers}")


def _answer(occurrence: Occurrence, outcome: Outcome) -> dict[str, object]:
    """Take the answer if there is none yet; gives the values before, for undo. Raises CannotChange."""
    before = changes.values(occurrence, ["outcome", "touchpoint"])
    open_still = Occurrence.objects.standing().filter(pk=occurrence.pk, outcome="", touchpoint=None)
    if not open_still.update(outcome=outcome, answers=F("answers") + 1):
        raise CannotChange
    occurrence.refresh_from_db()
    return before


def _attach(occurrence: Occurrence, touchpoint: Touchpoint) -> None:
    occurrence.touchpoint = touchpoint
    occurrence.save(update_fields=["touchpoint"])


def _without_touchpoint(occurrence: Occurrence, outcome: Outcome, by: User, now: datetime) -> Operation:
    if not occurrence.has_begun(now):
        raise NotYet
    with transaction.atomic():
        before = _answer(occurrence, outcome)
        operation = changes.begin(team=occurrence.team, by=by, kind="events.outcome", now=now, plain=True)
        changes.changed(operation, occurrence, before)
    return operation
