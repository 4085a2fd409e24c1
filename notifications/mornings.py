"""The morning of a person's day: everything daily is looked at once, by whoever begins it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import Membership, User
from notifications import moments
from notifications.models import MorningRound
from notifications.moments import Hours

FROM_HOUR = 7
KEPT = timedelta(days=14)


@dataclass(frozen=True)
class Morning:
    """A person's morning in one of their teams, on a day on which they may be told something.

    `next_day` is the next such day: what falls on the days between is said today.
    """

    membership: Membership
    day: date
    next_day: date
    hours: Hours
    now: datetime

    @property
    def person(self) -> User:
        return self.membership.user

    def is_first_of_week(self) -> bool:
        """Monday, or the first day after it that is no day off."""
        monday = self.day.toordinal() - self.day.weekday()
        return not any(
            self.hours.is_open(date.fromordinal(day)) for day in range(monday, self.day.toordinal())
        )

    def is_last_of_week(self) -> bool:
        """Friday, or the last day before it that is no day off."""
        friday = self.day.toordinal() + moments.FRIDAY - self.day.weekday()
        return self.day.weekday() <= moments.FRIDAY and self.next_day.toordinal() > friday


def due(now: datetime) -> Iterator[list[Morning]]:
    """Those whose local day has begun (from 07:00 on) and was not looked at: for each person, one for each team."""
    two_days = MorningRound.objects.filter(day__gte=(now - timedelta(days=1)).date())
    seen = set(two_days.values_list("person", "day"))
    current = Membership.objects.current().filter(user__is_active=True).select_related("user", "team")
    of_person: dict[int, list[Membership]] = {}
    for membership in current.order_by("user", "pk"):
        local = now.astimezone(membership.user.zone)
        if local.hour >= FROM_HOUR and (membership.user_id, local.date()) not in seen:
            of_person.setdefault(membership.user_id, []).append(membership)
    hours = moments.hours_of_many(memberships[0].user for memberships in of_person.values())
    for pk, memberships in of_person.items():
        day = hours[pk].day(now)
        if hours[pk].is_open(day):
            next_day = hours[pk].next_open(day)
            yield [Morning(membership, day, next_day, hours[pk], now) for membership in memberships]


def begin(morning: Morning) -> bool:
    """In the caller's transaction: True for the one who is the first to begin it, and so has to do it."""
    return MorningRound.objects.get_or_create(person=morning.person, day=morning.day)[1]


def forget(now: datetime) -> None:
    """Rounds of two weeks ago: nobody's day is that far behind."""
    MorningRound.objects.filter(day__lt=(now - KEPT).date()).delete()
