"""Prepare a launch: write it down, choose whom to meet, share them out, say what they answered. All with undo."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import changes
from accounts.models import Operation, Team, User
from contacts import tags as tagging
from contacts.models import Contact
from outreach.launches import pace, relays
from outreach.launches.coverage import State
from outreach.models import Answer, Approach, Launch

MOST = 300
"""Contacts in one launch: more than a team can meet, and few enough for one page."""
_FIELDS = (
    "name",
    "day",
    "what",
    "address",
    "goal",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
)


class NameTaken(Exception):
    """Another launch of the team has this name, and with it the tag that meetings carry."""


class TooMany(Exception):
    """More contacts than one launch takes (MOST)."""


class MetAlready(Exception):
    """A noted meeting says they were met: that is changed where it is noted."""


@dataclass(frozen=True)
class Details:
    """What is known of a launch."""

    name: str
    day: date
    what: str = ""
    address: str = ""
    goal: int = 6000


def prepare(
    *,
    team: Team,
    by: User | None,
    client_id: UUID,
    details: Details,
    contacts: Iterable[Contact],
    now: datetime,
) -> tuple[Launch, Operation | None]:
    """A new launch with the contacts to be met for it, each with the CM who looks after them and a day to meet them by.

    Sent twice it exists once, and the operation is None. Raises NameTaken, TooMany.
    """
    sent = Launch.objects.filter(created_by=by, client_id=client_id).select_related("team")
    if before := sent.first():
        return before, None
    try:
        with transaction.atomic():
            (tag,) = tagging.named(team, [details.name])
            launch = Launch.objects.create(
                team=team,
                tag=tag,
                created_by=by,
                client_id=client_id,
                created_at=now,
                utm_campaign=relays.slug(details.name),
                **details.__dict__,
            )
            operation = _noted(launch, by, now)
            changes.created(operation, [launch], fields=["name", "day"])
            _approach(launch, list(contacts), operation, now)
    except IntegrityError:
        if before := sent.first():  # the same form, a moment earlier
            return before, None
        raise NameTaken from None
    return launch, operation


def edit(launch: Launch, *, by: User, now: datetime, **fields: object) -> Operation:
    """Change what is known of a launch, its parameters included. Meetings keep the tag it was given first."""
    before = changes.values(launch, _FIELDS)
    for name, value in fields.items():
        setattr(launch, name, value)
    with transaction.atomic():
        launch.save(update_fields=list(_FIELDS))
        return _noted(launch, by, now, [(launch, before)])


def bin_launch(launch: Launch, *, by: User, now: datetime) -> Operation:
    """Put a launch into the bin. Its meetings stay; its links lead nowhere until it is back."""
    before = changes.values(launch, ["binned_at"])
    launch.binned_at = now
    with transaction.atomic():
        launch.save(update_fields=["binned_at"])
        return _noted(launch, by, now, [(launch, before)])


def add(launch: Launch, *, contacts: Iterable[Contact], by: User, now: datetime) -> tuple[int, Operation]:
    """Add contacts to meet; those that are in already stay as they are. How many are new. Raises TooMany."""
    with transaction.atomic():
        Launch.objects.select_for_update().get(pk=launch.pk)  # two who add at once: one after the other
        operation = _noted(launch, by, now)
        added = _approach(launch, list(contacts), operation, now)
    return added, operation


def leave_out(approach: Approach, *, by: User, now: datetime) -> Operation:
    """This contact is not to be met for the launch after all."""
    before = changes.values(approach, ["binned_at"])
    approach.binned_at = now
    with transaction.atomic():
        approach.save(update_fields=["binned_at"])
        return _noted(approach.launch, by, now, [(approach, before)])


def say(approach: Approach, state: State, *, by_meeting: bool, by: User, now: datetime) -> Operation:
    """Say in one tap where a contact stands. Whoever comes on board gets a link of their own.

    Being met stays known when they answer; `to_meet` takes it back, unless a meeting says so. Raises MetAlready.
    """
    if state is State.TO_MEET and by_meeting:
        raise MetAlready
    today = now.astimezone(approach.launch.team.zone).date()
    before = changes.values(approach, ["met_on", "answer", "answered_on"])
    answers = {State.ON_BOARD: Answer.ON_BOARD, State.NO: Answer.NO}
    approach.answer = answers.get(state, Answer.NONE)
    approach.answered_on = today if approach.answer else None
    if state is State.TO_MEET:
        approach.met_on = None
    elif state is State.MET and not by_meeting:
        approach.met_on = approach.met_on or today
    with transaction.atomic():
        approach.save(update_fields=list(before))
        if state is State.ON_BOARD:
            relays.give(approach, now=now)
        return _noted(approach.launch, by, now, [(approach, before)])


def share_out(
    launch: Launch, *, plan: Mapping[Approach, tuple[User | None, date | None]], by: User, now: datetime
) -> Operation | None:
    """Who meets whom, by when. Only what differs is written; None when nothing does."""
    before = []
    for approach, (manager, due_on) in plan.items():
        if (approach.manager_id, approach.due_on) != (manager.pk if manager else None, due_on):
            before.append((approach, changes.values(approach, ["manager", "due_on"])))
            approach.manager, approach.due_on = manager, due_on
    if not before:
        return None
    with transaction.atomic():
        Approach.objects.bulk_update([approach for approach, _ in before], ["manager", "due_on"])
        return _noted(launch, by, now, before)


def _approach(launch: Launch, contacts: list[Contact], by: Operation, now: datetime) -> int:
    """Approaches to contacts that have none, spread evenly over the time left; those left out once come back."""
    rows = {row.contact_id: row for row in launch.approaches.all()}
    new = [contact for contact in dict.fromkeys(contacts) if contact.pk not in rows]
    back = [rows[contact.pk] for contact in contacts if contact.pk in rows and rows[contact.pk].binned_at]
    if len(new) + len(back) + sum(row.binned_at is None for row in rows.values()) > MOST:
        raise TooMany
    here = set(launch.team.memberships.current().managing().values_list("user", flat=True)) if new else set()
    days = pace.spread(len(new), since=now.astimezone(launch.team.zone).date(), day=launch.day)
    made = [
        Approach(
            launch=launch,
            contact=contact,
            manager_id=contact.owner_id if contact.owner_id in here else None,
            due_on=due_on,
            created_at=now,
        )
        for contact, due_on in zip(new, days, strict=True)
    ]
    changes.created(by, Approach.objects.bulk_create(made))
    before = [(row, changes.values(row, ["binned_at"])) for row in back]
    for row in back:
        row.binned_at = None
    Approach.objects.bulk_update(back, ["binned_at"])
    changes.changed_many(by, before)
    return len(new) + len(back)


def _noted(
    launch: Launch,
    by: User | None,
    now: datetime,
    before: Iterable[tuple[Launch | Approach, dict[str, object]]] = (),
) -> Operation:
    operation = changes.begin(team=launch.team, by=by, kind="outreach.launch", now=now, plain=True)
    changes.changed_many(operation, before)
    return operation
