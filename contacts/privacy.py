"""Requests of people about their data: registered, answered within a month, step by step (GDPR, articles 12 to 21)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from contacts import points, search, suppression, suppression_file
from contacts.models import Contact, ContactPoint, PrivacyRequest, RequestKind, Scope
from contacts.names import sort_key
from contacts.points import Point

MONTH = relativedelta(months=1)
LONGER = relativedelta(months=2)  # for complex ones, told within the month (article 12(3))
IDENTITY, FOUND, DONE, ANSWERED = "identity", "found", "done", "answered"
_IDENTITY = _("It is really them: they wrote from an address we know, or we asked something only they know")
_FOUND = _("Everybody they may be is found: every team, the bin, other spellings")
STEPS: dict[str, list[tuple[str, Any]]] = {
    RequestKind.ACCESS: [
        (IDENTITY, _IDENTITY),
        (FOUND, _FOUND),
        (DONE, _("The download was read: nothing in it is about somebody else")),
        (ANSWERED, _("It was sent to them, and to nobody else")),
    ],
    RequestKind.CORRECTION: [
        (IDENTITY, _IDENTITY),
        (FOUND, _FOUND),
        (DONE, _("It is corrected")),
        (ANSWERED, _("They were told")),
    ],
    RequestKind.ERASURE: [
        (IDENTITY, _IDENTITY),
        (FOUND, _FOUND),
        (ANSWERED, _("They were told that they are erased: afterwards we no longer know where to write")),
        (DONE, _("They are erased")),
    ],
    RequestKind.OBJECTION: [
        (IDENTITY, _IDENTITY),
        (FOUND, _FOUND),
        (ANSWERED, _("They were told what we do about it")),
        (DONE, _("They are no longer written to, or erased")),
    ],
}


# What came of a request. The first four are chosen by hand; the others come with what is done.
BY_HAND = ("answered", "corrected", "nobody", "unfounded")
OUTCOMES: dict[str, Any] = {
    "answered": _("Answered"),
    "corrected": _("Corrected"),
    "nobody": _("We hold nothing about them"),
    "unfounded": _("Refused, and told why"),
    "erased": _("Erased"),
    "unwritten": _("No longer written to"),
}


@dataclass(frozen=True)
class Step:
    """One line of the checklist, and the day it was done."""

    code: str
    words: str
    done_on: date | None


def register(
    *, kind: str, name: str, address: str, note: str, received_on: date, by: User, now: datetime
) -> PrivacyRequest:
    """Write a request down. Its month runs from the day it was received, whoever received it."""
    with transaction.atomic():
        request = PrivacyRequest.objects.create(
            kind=kind,
            name=name,
            address=address,
            note=note,
            received_on=received_on,
            due_on=received_on + MONTH,
            created_by=by,
            created_at=now,
        )
        audit.record(action="privacy.requested", actor=by, now=now, request=request.pk, kind=kind)
    return request


def checklist(request: PrivacyRequest) -> list[Step]:
    """What is to be done for a request of its kind, and what is."""
    done = {code: date.fromisoformat(day) for code, day in request.steps.items()}
    return [Step(code, str(words), done.get(code)) for code, words in STEPS[request.kind]]


def tick_off(request: PrivacyRequest, code: str, *, day: date, done: bool = True) -> None:
    """A step is done, or is not after all."""
    with transaction.atomic():
        row = PrivacyRequest.objects.select_for_update().get(pk=request.pk)
        row.steps = {name: on for name, on in row.steps.items() if name != code}
        if done:
            row.steps[code] = day.isoformat()
        row.save(update_fields=["steps"])
        request.steps = row.steps


def extend(request: PrivacyRequest, *, because: str, by: User, now: datetime) -> bool:
    """Two months more, once, for a reason that the person is told within the first month; False: taken before."""
    with transaction.atomic():
        open_still = PrivacyRequest.objects.open().filter(pk=request.pk, extended_because="")
        if not open_still.update(due_on=request.received_on + MONTH + LONGER, extended_because=because):
            return False
        audit.record(action="privacy.extended", actor=by, now=now, request=request.pk)
    return True


def close(request: PrivacyRequest, *, outcome: str, by: User, now: datetime) -> bool:
    """The request is answered; False: it was closed before."""
    with transaction.atomic():
        closed = PrivacyRequest.objects.open().filter(pk=request.pk)
        if not closed.update(outcome=outcome, closed_at=now, closed_by=by):
            return False
        audit.record(action="privacy.closed", actor=by, now=now, request=request.pk, outcome=outcome)
    return True


def object_to_writing(
    contacts: Iterable[Contact], *, by: User, now: datetime, request: PrivacyRequest | None = None
) -> None:
    """They do not want to be written to (article 21(2) and (3)): their rows stay, and no list of addresses has them.

    Kept as a hash too, so that a row of theirs that comes in later is marked by itself. Who objects to being held at
    all (article 21(1)) is erased: we have no ground that would weigh more than theirs.
    """
    rows = list(contacts)
    with transaction.atomic():
        pks = [row.pk for row in rows]
        Contact.objects.filter(pk__in=pks, objected_at=None).update(objected_at=now)
        traits = [(_points_of(row), row.name, row.town) for row in rows]
        suppression.add(traits, day=now.date(), scope=Scope.WRITING, shared=_shared(rows))
        transaction.on_commit(suppression_file.write)
        audit.record(action="person.objected", actor=by, now=now, contacts=pks)
        if request:
            close(request, outcome="unwritten", by=by, now=now)


def may_write_again(contacts: Iterable[Contact], *, by: User, now: datetime) -> None:
    """They changed their mind: the mark and its hash go."""
    with transaction.atomic():
        rows = list(contacts)
        Contact.objects.filter(pk__in=[row.pk for row in rows]).update(objected_at=None)
        for row in rows:
            suppression.lift(points=_points_of(row), name=row.name, town=row.town, scope=Scope.WRITING)
        transaction.on_commit(suppression_file.write)
        audit.record(action="person.agreed", actor=by, now=now, contacts=[row.pk for row in rows])


def let_in(*, points: list[Point], name: str, town: str, by: User, now: datetime) -> int:
    """Somebody who was held back comes back of their own will. How many people that were: 0 or 1 as a rule."""
    with transaction.atomic():
        people = suppression.lift(points=points, name=name, town=town)
        if people:
            transaction.on_commit(suppression_file.write)
            audit.record(action="person.let_in", actor=by, now=now, people=people)
    return people


def farewell(language: str) -> str:
    """What to send to somebody before they are erased."""
    with override(language):
        return gettext(
            "Hello,\n\n"
            "as you asked, we erase everything we hold about you. So that nobody enters you again by mistake, we keep a"
            " fingerprint of your name and addresses from which nothing can be read. Should you want to be in touch"
            " again, just tell us."
        )


def candidates(text: str, *, limit: int = 30) -> list[Contact]:
    """Contacts of all teams, those in the bin and those merged included, that a name, e-mail or phone may mean."""
    everybody = Contact.objects.select_related("team", "kind", "merged_into").prefetch_related("points")
    if not text.strip():
        return []
    keys = [point.key for point in read_points(text)]
    by_point = ContactPoint.objects.filter(key__in=keys).values("contact")
    exact: QuerySet[Contact] = everybody.filter(Q(pk__in=by_point) | Q(sort_key=sort_key(text)))
    found = list(exact.order_by("pk")[:limit])
    if not found:
        found = list(search.find(everybody, text).order_by("sort_key", "pk")[:limit])
    if not found:
        found = list(everybody.filter(pk__in=search.guess(everybody, text)).order_by("sort_key", "pk"))
    return found


def read_points(text: str) -> list[Point]:
    """The e-mail, phone or link that a text is, however it is written."""
    read = [points.email(text), points.phone(text, "FR"), points.link(text) if "." in text else None]
    return [point for point in read if point]


def days_to_answer() -> float | None:
    """How many days answers took on average, of the last hundred; None before the first."""
    closed = PrivacyRequest.objects.filter(closed_at__isnull=False).order_by("-closed_at")[:100]
    took = [(row.closed_at.date() - row.received_on).days for row in closed if row.closed_at]
    return sum(took) / len(took) if took else None


def _points_of(contact: Contact) -> list[Point]:
    return [Point(row.property, row.value, row.key) for row in contact.points.all()]


def _shared(rows: list[Contact]) -> set[tuple[str, str]]:
    keys = [point.key for row in rows for point in row.points.all()]
    others = ContactPoint.objects.filter(key__in=keys, contact__binned_at=None)
    return set(others.exclude(contact__in=rows).values_list("property", "key"))
