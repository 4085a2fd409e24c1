"""When a person may be told something by e-mail: their own hours, their zone, their country's days off."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from accounts.models import Membership, User
from foundation import workdays
from notifications.models import Preference


@dataclass(frozen=True)
class Hours:
    """A person's hours as rows say them at this moment."""

    zone: ZoneInfo
    country: str
    by_email: bool
    quiet_from: time
    quiet_until: time
    on_days_off: bool

    def next_allowed(self, instant: datetime) -> datetime:
        """The first moment at or after `instant` at which a reminder may reach them (UTC)."""
        return workdays.next_allowed(
            instant,
            zone=self.zone,
            country=self.country,
            quiet_from=self.quiet_from,
            quiet_until=self.quiet_until,
            on_days_off=self.on_days_off,
        )

    def day(self, instant: datetime) -> date:
        """The person's local date."""
        return instant.astimezone(self.zone).date()

    def after(self, day: date) -> datetime:
        """The first instant after a local day."""
        return datetime.combine(date.fromordinal(day.toordinal() + 1), time.min, self.zone)


def hours_of(person: User) -> Hours:
    """What holds for a person; without a Preference the defaults of its fields. At most two queries."""
    chosen = Preference.objects.filter(user=person).first() or Preference(user=person)
    return Hours(
        zone=person.zone,
        country=person.country or _country_of_team(person),
        by_email=chosen.by_email,
        quiet_from=chosen.quiet_from,
        quiet_until=chosen.quiet_until,
        on_days_off=chosen.on_days_off,
    )


def _country_of_team(person: User) -> str:
    """The country of the team they joined last; none for those without a team (only weekends are off then)."""
    memberships = Membership.objects.current().filter(user=person).order_by("-since", "-pk")
    return memberships.values_list("team__country", flat=True).first() or ""
