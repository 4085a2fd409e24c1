"""What the events say in the morning: what is planned for tomorrow."""

from datetime import datetime, time
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events import moments
from events.models import Occurrence
from notifications import outbox
from notifications.kinds import Category, Kind, register
from notifications.models import How, Notification
from notifications.mornings import Morning

TOMORROW = "event_tomorrow"


def register_kinds() -> None:
    """Called once, from EventsConfig.ready."""
    register(
        Kind(
            name=TOMORROW,
            category=Category.REMINDER,
            still_true=lambda notification, now: _occurrence(notification, now) is not None,
            context=event_context,
            template="events/notifications/event_tomorrow",
            url=lambda notification: reverse("occurrence", args=[notification.context["occurrence"]]),
            title=_("You have something planned"),
            about=("occurrence", moments.of_ids),
            label=_("What I have planned for tomorrow"),
            offers=(How.AT_ONCE, How.DAILY, How.OFF),
        )
    )


def tell(morning: Morning) -> None:
    """What the person hosts up to the end of the next working day, today's excepted: each once for its moment."""
    hosted = Occurrence.objects.filter(team=morning.membership.team).hosted_by(morning.person)
    first = morning.hours.after(morning.day)
    until = datetime.combine(morning.next_day, time.max, morning.hours.zone)
    for occurrence in hosted.upcoming(morning.now).filter(starts_at__gte=first, starts_at__lte=until):
        outbox.notify(
            morning.person,
            TOMORROW,
            key=f"{TOMORROW}:{occurrence.pk}:{occurrence.starts_at:%Y%m%dT%H%M}",
            now=morning.now,
            expires_at=occurrence.starts_at,
            context={"occurrence": occurrence.pk},
        )


def event_context(notification: Notification, now: datetime) -> dict[str, Any]:
    """The occurrence with its guests; those who declined are left out."""
    occurrence = _occurrence(notification, now)
    guests = [one.contact.name for one in occurrence.invited if one.reply != "declined"] if occurrence else []
    return {"occurrence": occurrence, "guests": guests}


def _occurrence(notification: Notification, now: datetime) -> Any:
    """The occurrence while it stands, at the moment it was announced for, hosted by the recipient."""
    hosted = Occurrence.objects.hosted_by(notification.recipient).upcoming(now)
    found = hosted.with_guests().filter(pk=notification.context["occurrence"]).first()
    announced = notification.key.rpartition(":")[2]
    return found if found and f"{found.starts_at:%Y%m%dT%H%M}" == announced else None
