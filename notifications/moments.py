"""When and how a person may be told something by e-mail: their hours, zone, days off and wishes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Membership, User
from foundation import workdays
from notifications.kinds import Kind
from notifications.models import Address, Choice, How, Preference

FRIDAY = 4
"""The day of the weekly e-mail."""


@dataclass(frozen=True)
class Hours:
    """A person's hours and wishes as rows say them at this moment.

    `mail_at`: the daily e-mail leaves from then on. `is_refused`: their mail server refused the address for good.
    """

    zone: ZoneInfo
    country: str
    by_email: bool
    quiet_from: time
    quiet_until: time
    on_days_off: bool
    mail_at: time = time.min
    is_refused: bool = False
    chosen: Mapping[str, How] = field(default_factory=dict)

    def how(self, kind: Kind) -> How:
        """How a kind reaches the person: as they chose, as far as its owner still offers that, else as is usual."""
        chosen = self.chosen.get(kind.name, kind.how)
        return chosen if chosen in (*kind.offered, How.OFF) else kind.how

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

    def next_mail(self, instant: datetime, how: How = How.DAILY) -> datetime:
        """The first moment at or after `instant` at which the daily (weekly) e-mail may leave (UTC)."""
        if how == How.WEEKLY:
            instant = max(instant, self._friday(self.day(instant)))
        moment = self.next_allowed(instant)
        opening = datetime.combine(self.day(moment), self.mail_at, self.zone)
        return self.next_allowed(opening) if moment < opening else moment

    def _friday(self, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=(FRIDAY - day.weekday()) % 7), time.min, self.zone)

    def day(self, instant: datetime) -> date:
        """The person's local date."""
        return instant.astimezone(self.zone).date()

    def after(self, day: date) -> datetime:
        """The first instant after a local day."""
        return datetime.combine(date.fromordinal(day.toordinal() + 1), time.min, self.zone)

    def is_open(self, day: date) -> bool:
        """Whether the person may be told something on that day at all."""
        return self.on_days_off or workdays.is_working_day(day, country=self.country)

    def next_open(self, day: date) -> date:
        """The first such day after `day`."""
        following = day + timedelta(days=1)
        while not self.is_open(following):
            following += timedelta(days=1)
        return following


def hours_of(person: User) -> Hours:
    """What holds for a person; without a Preference the defaults of its fields. Four queries."""
    return hours_of_many([person])[person.pk]


def hours_of_many(people: Iterable[User]) -> dict[int, Hours]:
    """The same for many, by their id. Four queries however many people."""
    by_id = {person.pk: person for person in people}
    preferences = {chosen.user_id: chosen for chosen in Preference.objects.filter(user__in=by_id)}
    choices: dict[int, dict[str, How]] = defaultdict(dict)
    for user, kind, how in Choice.objects.filter(user__in=by_id).values_list("user", "kind", "how"):
        choices[user][kind] = How(how)
    countries = _countries_of_teams(by_id)
    emails = [person.email.lower() for person in by_id.values()]
    refused = set(Address.objects.filter(value__in=emails).values_list("value", flat=True))
    return {
        pk: _hours(
            person,
            preferences.get(pk) or Preference(user=person),
            country=person.country or countries.get(pk, ""),
            is_refused=person.email.lower() in refused,
            chosen=choices[pk],
        )
        for pk, person in by_id.items()
    }


def _hours(
    person: User, preference: Preference, *, country: str, is_refused: bool, chosen: Mapping[str, How]
) -> Hours:
    return Hours(
        zone=person.zone,
        country=country,
        by_email=preference.by_email,
        quiet_from=preference.quiet_from,
        quiet_until=preference.quiet_until,
        on_days_off=preference.on_days_off,
        mail_at=preference.mail_at,
        is_refused=is_refused,
        chosen=chosen,
    )


def _countries_of_teams(people: Mapping[int, User]) -> dict[int, str]:
    """The country of the team each joined last; none for those without a team (only weekends are off then)."""
    memberships = Membership.objects.current().filter(user__in=people).order_by("since", "pk")
    return dict(memberships.values_list("user", "team__country"))
