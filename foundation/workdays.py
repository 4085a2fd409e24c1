"""Working days and quiet hours: when a person may be disturbed. Pure.

Public holidays and weekends come from the `holidays` package, by country (ISO 3166-1 alpha-2).
"""

import functools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import holidays

SATURDAY = 5


@functools.cache
def _calendar(country: str) -> holidays.HolidayBase | None:
    """The country's calendar, filled year by year as it is asked; None for a country the package does not know."""
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return None


def is_working_day(day: date, *, country: str) -> bool:
    """Whether people of the country commonly work on that day. Unknown country: Monday to Friday."""
    calendar = _calendar(country)
    if calendar is None:
        return day.weekday() < SATURDAY
    return calendar.is_working_day(day)


def holiday(day: date, *, country: str, language: str) -> str:
    """The name of the public holiday on that day, in the language if the package has it; "" for any other day."""
    calendar = _named_calendar(country, language[:2])
    return str(calendar.get(day, "")) if calendar is not None else ""


@functools.cache
def _named_calendar(country: str, language: str) -> holidays.HolidayBase | None:
    """The country's calendar with names in a language, else in the country's own."""
    calendar = _calendar(country)
    if calendar is None:
        return None
    known = sorted(one for one in calendar.supported_languages if one.startswith(language))
    return holidays.country_holidays(country, language=known[0] if known else calendar.default_language)


def is_quiet(at: time, *, quiet_from: time, quiet_until: time) -> bool:
    """Whether a wall time lies in the quiet hours, `quiet_from` included, `quiet_until` not; equal: there are none.

    The hours may pass midnight (19:00 to 08:00).
    """
    if quiet_from <= quiet_until:
        return quiet_from <= at < quiet_until
    return at >= quiet_from or at < quiet_until


def is_allowed(
    instant: datetime, *, zone: tzinfo, country: str, quiet_from: time, quiet_until: time, on_days_off: bool
) -> bool:
    """Whether somebody in `zone` may be disturbed at that instant, by the clock on their wall."""
    local = instant.astimezone(zone)
    if is_quiet(local.time(), quiet_from=quiet_from, quiet_until=quiet_until):
        return False
    return on_days_off or is_working_day(local.date(), country=country)


def next_allowed(
    instant: datetime, *, zone: tzinfo, country: str, quiet_from: time, quiet_until: time, on_days_off: bool
) -> datetime:
    """The first moment at or after `instant` (aware) at which somebody may be disturbed; UTC.

    On the day the clocks change it goes by the wall clock; where the end of the quiet hours is a time that the
    spring night skips, it is that much later.
    """

    def allowed(moment: datetime) -> bool:
        return is_allowed(
            moment,
            zone=zone,
            country=country,
            quiet_from=quiet_from,
            quiet_until=quiet_until,
            on_days_off=on_days_off,
        )

    instant = instant.astimezone(UTC)
    if allowed(instant):
        return instant
    openings = _openings(instant.astimezone(zone).date(), quiet_until, zone)
    return next(opening for opening in openings if opening > instant and allowed(opening))


def _openings(day: date, quiet_until: time, zone: tzinfo) -> Iterator[datetime]:
    """From `day` on, the instants at which a quiet stretch or a day off can end, in order, in UTC.

    A wall time that an autumn night shows twice stands for two instants (PEP 495); both are given.
    """
    while True:
        walls = [datetime.combine(day, at, zone) for at in (time.min, quiet_until)]
        yield from sorted(wall.replace(fold=fold).astimezone(UTC) for wall in walls for fold in (0, 1))
        day += timedelta(days=1)
