"""Calendars of others, read in: a file once, an address again and again."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit, changes
from accounts.models import Membership, Operation, Team, User
from contacts import suppression
from contacts.models import TouchpointKind
from events import scheduling
from events.ical import intake, reading
from events.ical.incoming import Reading
from events.ical.intake import Intake, Outcome
from events.ical.lines import CalendarRefused
from events.models import Source
from events.models.source import EACH, LONGEST
from foundation import fetch, leases
from foundation.fetch import Answer, FetchError
from foundation.leases import LeaseLost, State

KIND = "events.calendar"
AT_ONCE = 20
_FIRST_WAIT = timedelta(minutes=15)


class AlreadyFollowed(Exception):
    """The team follows this address already."""


@dataclass
class Imported:
    """What a file held, and what became of it."""

    read: Reading
    outcome: Outcome = field(default_factory=Outcome)


def import_file(
    content: bytes,
    name: str,
    *,
    team: Team,
    by: User,
    kind: TouchpointKind,
    host: User | None,
    now: datetime,
    actor: User | None = None,
) -> Imported:
    """Read a file into the team's calendar, all of it or nothing; one operation, which `take_back` undoes.

    A newer file of the same calendar changes what the older one brought, and takes away what it no longer has if the
    calendar says which one it is (X-WR-RELCALID or a name). Raises CalendarRefused.
    """
    read = _read(content, team)
    identity = _digest("file", read.identity or name)
    name = suppression.load().without(name, team.country)
    with transaction.atomic():
        source, _made = Source.objects.get_or_create(
            team=team,
            identity=identity,
            ended_at=None,
            defaults={
                "by": by,
                "host": host,
                "kind": kind,
                "name": (read.name or name)[:200],
                "created_at": now,
            },
        )
        outcome = _take_in(source, read, by=by, now=now, deletes=bool(read.identity), file=name[:200])
        audit.record(
            action="calendar.imported",
            actor=actor or by,
            team=team,
            now=now,
            operation=outcome.operation and outcome.operation.pk,
            created=outcome.created,
            updated=outcome.updated,
            removed=outcome.removed,
        )
    return Imported(read, outcome)


def take_back(operation: Operation, *, by: User, now: datetime) -> changes.Undone:
    """Undo what a file, or the end of a subscription, did.

    Raises changes.CannotUndo; with a sentence where the team follows the same address again by now.
    """
    with transaction.atomic():
        done = scheduling.take_back(operation, by=by, now=now)
        for edition in Operation.objects.filter(pk__in=operation.details["editions"]).order_by("-pk"):
            more = scheduling.take_back(edition, by=by, now=now)
            done.restored += more.restored
            done.edited_since += more.edited_since
        intake.untold(operation)
        if source := operation.details.get("unsubscribed"):
            _follow_again(source, now)
    return done


def subscribe(
    url: str, *, team: Team, by: User, kind: TouchpointKind, host: User | None, now: datetime
) -> tuple[Source, Outcome]:
    """Follow an address from now on: what stands there is read at once.

    Raises FetchError or CalendarRefused when it cannot be, and AlreadyFollowed.
    """
    url = fetch.check(_https(url))
    identity = _digest("url", url)
    if Source.objects.filter(team=team, identity=identity, ended_at=None).exists():
        raise AlreadyFollowed
    answer = fetch.get(url)
    read = _read(answer.body, team)
    with transaction.atomic():
        source, made = Source.objects.get_or_create(
            team=team,
            identity=identity,
            ended_at=None,
            defaults={
                "by": by,
                "host": host,
                "kind": kind,
                "name": (read.name or url.partition("://")[2])[:200],
                "url": url,
                "created_at": now,
            },
        )
        if not made:
            raise AlreadyFollowed
        outcome = _take_in(source, read, by=by, now=now, deletes=True)
        Source.objects.filter(pk=source.pk).update(**_went_well(answer, now))
        audit.record(
            action="calendar.subscribed",
            actor=by,
            team=team,
            now=now,
            source=source.pk,
            created=outcome.created,
        )
    return source, outcome


def unsubscribe(*, source: Source, by: User, now: datetime) -> Operation:
    """Follow it no longer; what is to come of it goes, but for what somebody changed or invited people to: that stays, as
    the team's own. `take_back` undoes it."""
    with transaction.atomic():
        operation = _begin(source, by=by, now=now, unsubscribed=source.pk)
        Source.objects.filter(pk=source.pk).update(ended_at=now, due_at=None)
        Intake(source, operation, now).take_away_all()
        audit.record(action="calendar.unsubscribed", actor=by, team=source.team, now=now, source=source.pk)
    return operation


def ask_for_due(now: datetime) -> list[int]:
    """Addresses for which a worker is to be sent: those that are due, and those whose worker died."""
    _count, given_up = leases.take_back(Source.objects.all(), now=now)
    # One at which workers die again and again is left alone until tomorrow.
    Source.objects.filter(pk__in=given_up).update(due_at=now + LONGEST)
    due = Source.objects.due(now).filter(state__in=[State.OPEN, State.FAILED])
    for pk in due.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE]:
        leases.ask(Source.objects.all(), pk)
    return leases.waiting(Source.objects.all())


def refresh(pk: int, *, clock: Callable[[], datetime]) -> None:
    """Look at an address and let its events follow. What cannot be fetched or read changes nothing and is said."""
    token = leases.claim(Source.objects.all(), pk, now=clock())
    if token is None:
        return
    source = Source.objects.select_related("team", "by", "host", "kind").get(pk=pk)
    with translation.override(source.by.language):
        try:
            answer = fetch.get(source.url, etag=source.etag, last_modified=source.last_modified)
            read = None if answer.not_modified else _read(answer.body, source.team)
            now = clock()
            with transaction.atomic():
                leases.settle(Source.objects.subscribed(), token, State.OPEN, **_went_well(answer, now))
                if read:
                    _take_in(source, read, by=source.by, now=now, deletes=True)
        except LeaseLost:
            return
        except (FetchError, CalendarRefused) as problem:
            lasting = isinstance(problem, CalendarRefused) or problem.permanent
            values = _went_wrong(source, str(problem), clock(), lasting=lasting)
            try:
                leases.settle(Source.objects.all(), token, State.OPEN, **values)
            except LeaseLost:
                return


def _follow_again(pk: int, now: datetime) -> None:
    """An address is looked at as before. The constraint says whether another source follows it, whoever is faster."""
    try:
        with transaction.atomic():
            Source.objects.filter(pk=pk).update(ended_at=None, due_at=now)
    except IntegrityError:
        said = _("The team follows this calendar again already: there is nothing to undo.")
        raise changes.CannotUndo(said) from None


def _read(content: bytes, team: Team) -> Reading:
    """What a calendar says, without those who asked not to be held. Raises CalendarRefused."""
    read = reading.read(content, zone=team.zone)
    register = suppression.load()
    read.let_through(lambda text: register.without(text, team.country))
    return read


def _take_in(
    source: Source, read: Reading, *, by: User, now: datetime, deletes: bool, **details: Any
) -> Outcome:
    """Under a lock: two readings of the same calendar come one after the other. No operation where nothing changed."""
    Source.objects.select_for_update(no_key=True).get(pk=source.pk)
    if source.host and not Membership.objects.current().filter(user=source.host, team=source.team).exists():
        source.host = None
    operation = _begin(source, by=by, now=now, **details)
    outcome = Intake(source, operation, now).take(read, deletes=deletes)
    rejected = [[one.title, one.reason] for one in read.rejected[:50]]
    Source.objects.filter(pk=source.pk).update(read_at=now, rejected=rejected)
    if outcome.created or outcome.updated or outcome.removed:
        outcome.operation = operation
    else:
        operation.delete()
    return outcome


def _begin(source: Source, *, by: User, now: datetime, **details: Any) -> Operation:
    kept: dict[str, Any] = {"series": [], "editions": [], "entries": [], "said": {}, "source": source.pk}
    return changes.begin(team=source.team, by=by, kind=KIND, now=now, **kept, **details)


def _went_well(answer: Answer, now: datetime) -> dict[str, Any]:
    told = {"etag": answer.etag[:500], "last_modified": answer.last_modified[:100]}
    kept = {name: value for name, value in told.items() if value or not answer.not_modified}
    return {**kept, "due_at": now + EACH, "failures": 0, "problem": "", "read_at": now}


def _went_wrong(source: Source, problem: str, now: datetime, *, lasting: bool) -> dict[str, Any]:
    """Look again later, and later each time: up to a day."""
    wait = LONGEST if lasting else min(_FIRST_WAIT * 2 ** min(source.failures, 10), LONGEST)
    return {"due_at": now + wait, "failures": min(source.failures + 1, 1000), "problem": problem[:500]}


def _https(url: str) -> str:
    """The address as browsers write it: calendars like to say webcal."""
    scheme, separator, rest = url.strip().partition("://")
    return f"https://{rest}" if separator and scheme.lower() in ("webcal", "webcals") else url.strip()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
