"""What hosts are told in the morning: a date whose outcome nobody has noted, a series that has come to a stop."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from events import moments
from events.models import Occurrence, Outcome, Series
from notifications import outbox
from notifications.kinds import Audience, Category, Kind, register
from notifications.models import Notification
from notifications.mornings import Morning

TOOK_PLACE, STOPPED = "did_it_take_place", "series_stopped"
ASKED_FOR = timedelta(days=4)  # a longer weekend; what is older waits in the calendar
CANCELLED_IN_A_ROW = 3


@dataclass(frozen=True)
class Stopped:
    """A series that does not take place: it has no next date, or (`cancelled`) its last three were called off.

    `last` is the id of the latest date that has passed.
    """

    series: Series
    cancelled: bool
    last: int | None


def register_kinds() -> None:
    """Called once, from EventsConfig.ready."""
    register(
        Kind(
            name=TOOK_PLACE,
            category=Category.REMINDER,
            still_true=_is_unanswered,
            context=lambda notification, now: {"occurrence": _occurrence(notification)},
            template="events/notifications/did_it_take_place",
            url=lambda notification: reverse("occurrence", args=[notification.context["occurrence"]]),
            title=_("Did it take place?"),
            about=("occurrence", moments.of_ids),
            label=_("Did it take place, and who came?"),
            audience=Audience.MANAGERS,
        )
    )
    register(
        Kind(
            name=STOPPED,
            category=Category.REMINDER,
            still_true=lambda notification, now: _stopped_now(notification, now) is not None,
            context=lambda notification, now: {"stopped": _stopped_now(notification, now)},
            template="events/notifications/series_stopped",
            url=lambda notification: reverse("events:series_detail", args=[notification.context["series"]]),
            title=_("A regular meeting has no next date"),
            about=("series", _series_in_words),
            label=_("A regular meeting that has come to a stop"),
            audience=Audience.MANAGERS,
        )
    )


def tell(morning: Morning) -> None:
    """The person's own dates of the last days that nobody has noted, each once; their series that stopped, each once
    for each time it stops."""
    person, team, now = morning.person, morning.membership.team, morning.now
    ended = Occurrence.objects.filter(team=team, ends_at__gt=now - ASKED_FOR).hosted_by(person)
    for occurrence in ended.unanswered(now):
        if occurrence.ends_at.astimezone(person.zone).date() < morning.day:
            outbox.notify(
                person,
                TOOK_PLACE,
                key=f"{TOOK_PLACE}:{occurrence.pk}",
                now=now,
                expires_at=now + ASKED_FOR,
                context={"occurrence": occurrence.pk},
            )
    for stopped in of_host(team, person, now):
        key = f"{STOPPED}:{stopped.series.pk}:{stopped.last or 0}"
        outbox.notify(person, STOPPED, key=key, now=now, context={"series": stopped.series.pk})


def of_host(team: Team, person: User, now: datetime) -> list[Stopped]:
    """The series the person hosts that have come to a stop; one query."""
    return stopped(Series.objects.filter(team=team).hosted_by(person), now)


def stopped(series: QuerySet[Series], now: datetime) -> list[Stopped]:
    """Those of some series that go on by their rules but not in fact; one query."""
    return [Stopped(one, one.is_idle, one.last) for one in idle(series, now)]  # type: ignore[attr-defined]


def idle(series: QuerySet[Series], now: datetime) -> QuerySet[Series]:
    """The same as rows, with `last`, and `is_idle`: their last three dates were called off."""
    coming = Occurrence.objects.upcoming(now).filter(series=OuterRef("pk"))
    rows = Series.objects.going_on().filter(pk__in=series.values("pk")).select_related("kind", "team")
    rows = rows.annotate(
        has_date=Exists(coming),
        last=Subquery(_passed(now).values("pk")[:1]),
        third=Subquery(_passed(now).values("starts_at")[CANCELLED_IN_A_ROW - 1 : CANCELLED_IN_A_ROW]),
    )
    held = _passed(now).filter(starts_at__gte=OuterRef("third")).exclude(_FELL_THROUGH)
    rows = rows.annotate(is_idle=Case(When(Q(third__isnull=False) & ~Exists(held), then=True), default=False))
    return rows.filter(Q(has_date=False) | Q(is_idle=True))


_FELL_THROUGH = Q(cancelled_at__isnull=False) | Q(outcome=Outcome.DID_NOT)


def _passed(now: datetime) -> QuerySet[Occurrence]:
    """The dates of the series of the outer query that have passed, the latest first."""
    rows = Occurrence.objects.filter(series=OuterRef("pk"), binned_at=None, starts_at__lte=now)
    return rows.order_by("-starts_at", "-pk")


def _occurrence(notification: Notification) -> Occurrence | None:
    rows = Occurrence.objects.filter(pk=notification.context.get("occurrence"), binned_at=None)
    return rows.with_people().first()


def _series_in_words(person: User, ids: Collection[int]) -> dict[int, str]:
    rows = Series.objects.visible_to(person).filter(pk__in=ids).select_related("kind")
    return {row.pk: str(row) for row in rows}


def _is_unanswered(notification: Notification, now: datetime) -> bool:
    """Nobody has answered meanwhile, and the person still hosts it."""
    rows = Occurrence.objects.filter(pk=notification.context.get("occurrence"))
    return rows.unanswered(now).hosted_by(notification.recipient).exists()


def _stopped_now(notification: Notification, now: datetime) -> Stopped | None:
    """The series as it is now, if it still stands still and the person still hosts it."""
    rows = Series.objects.filter(pk=notification.context.get("series")).hosted_by(notification.recipient)
    found: list[Any] = stopped(rows, now)
    return found[0] if found else None
