"""What the contacts say in the morning: promises that fall due, and people whom it is time to see again."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contacts import promises, rhythm
from contacts.models import Contact, Promise
from notifications import outbox
from notifications.kinds import Audience, Category, Kind, register
from notifications.models import Notification
from notifications.mornings import Morning

PROMISE, PEOPLE = "promise_due", "people_to_see"
NAMES, FEW = 5, 3
PATIENCE = timedelta(days=7)
"""Fewer than `FEW` names wait for others so long: a mail for each single one would be a nuisance."""
AGAIN = timedelta(days=28)
"""A name that was said is not said again for so long: a list that stays the same is not read."""
LIVES = timedelta(days=7)


def register_kinds() -> None:
    """Called once, from ContactsConfig.ready."""
    register(
        Kind(
            name=PROMISE,
            category=Category.REMINDER,
            still_true=lambda notification, now: _promise(notification) is not None,
            context=promise_context,
            template="contacts/notifications/promise_due",
            url=_contact_page,
            note=lambda notification: f"{reverse('log')}?contact={notification.context['contact']}",
            title=_("A promise is due"),
            about=("promise", _promises_in_words),
            label=_("A promise is due"),
        )
    )
    register(
        Kind(
            name=PEOPLE,
            category=Category.REMINDER,
            audience=Audience.MANAGERS,
            still_true=lambda notification, now: still_to_see(notification).exists(),
            context=people_context,
            template="contacts/notifications/people_to_see",
            url=lambda notification: reverse("today"),
            note=lambda notification: reverse("log"),
            title=_("People to see again"),
            about=("contacts", _names),
            label=_("People it is time to see again"),
        )
    )


def tell_promises(morning: Morning) -> None:
    """The person's open promises of today, and of the days off that follow: each once for the day it is due on."""
    last = morning.next_day - timedelta(days=1)
    for promise in promises.due(team=morning.membership.team, user=morning.person, day=last):
        outbox.notify(
            morning.person,
            PROMISE,
            key=f"{PROMISE}:{promise.pk}:{promise.due_on}",
            now=morning.now,
            context={"promise": promise.pk, "contact": promise.contact_id},
        )


def tell_whom_to_see(morning: Morning, *, booked: Collection[int] | QuerySet[Any, int] = ()) -> None:
    """Up to five whose rhythm is overdue and who were not named in the last weeks; `booked` are met anyway."""
    if not morning.membership.is_manager:
        return
    team, person, now = morning.membership.team, morning.person, morning.now
    told = Notification.objects.filter(recipient=person, kind=PEOPLE, created_at__gt=now - AGAIN)
    named = [pk for context in told.values_list("context", flat=True) for pk in context["contacts"]]
    found = rhythm.suggestions(team=team, user=person, now=now, limit=NAMES, without=[*booked, *named])
    if len(found) >= FEW or (found and not told.filter(created_at__gt=now - PATIENCE).exists()):
        outbox.notify(
            person,
            PEOPLE,
            key=f"{PEOPLE}:{team.pk}:{morning.day}",
            now=now,
            expires_at=now + LIVES,
            context={"contacts": [one.contact.pk for one in found]},
        )


def still_to_see(notification: Notification) -> QuerySet[Contact]:
    """Those of the named who are still in the book and were met by nobody since, in the order of their names."""
    not_since = Q(last_met_at__isnull=True) | Q(last_met_at__lt=notification.created_at)
    contacts = Contact.objects.filter(not_since, pk__in=notification.context["contacts"], binned_at=None)
    return contacts.order_by("sort_key", "pk")


def promise_context(notification: Notification, now: datetime) -> dict[str, Any]:
    """The promise, and whether its day has passed."""
    promise = _promise(notification)
    today = now.astimezone(notification.recipient.zone).date()
    return {"promise": promise, "is_late": promise is not None and promise.due_on < today, "today": today}


def people_context(notification: Notification, now: datetime) -> dict[str, Any]:
    """The people, when each was last met, and where to note or plan."""
    return {
        "people": [
            (contact, settings.PUBLIC_URL + reverse("contact", args=[contact.pk]))
            for contact in still_to_see(notification)
        ],
        "today": now,
        "note": settings.PUBLIC_URL + reverse("log"),
        "plan": settings.PUBLIC_URL + reverse("events:occurrence_new"),
    }


def _promise(notification: Notification) -> Promise | None:
    """The promise as long as it is to be kept; one put off to another day is said again on that day."""
    due_on = notification.key.rpartition(":")[2]
    kept = Promise.objects.filter(pk=notification.context["promise"], due_on=due_on)
    return (
        kept.filter(done_at=None, binned_at=None, contact__binned_at=None).select_related("contact").first()
    )


def _promises_in_words(person: User, ids: Collection[int]) -> dict[int, str]:
    rows = Promise.objects.visible_to(person).filter(pk__in=ids, contact__binned_at=None)
    return {pk: f"{name} · {text}" for pk, name, text in rows.values_list("pk", "contact__name", "text")}


def _names(person: User, ids: Collection[int]) -> dict[int, str]:
    return dict(Contact.objects.visible_to(person).filter(pk__in=ids).values_list("pk", "name"))


def _contact_page(notification: Notification) -> str:
    return reverse("contact", args=[notification.context["contact"]])
