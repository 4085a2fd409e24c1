"""A calendar read back by others: what a client would show."""

from datetime import UTC, date, datetime, time

import icalendar
import recurring_ical_events


def read(content: bytes) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(content)


def events_of(content: bytes) -> list[icalendar.Event]:
    return list(read(content).walk("VEVENT"))


def shown(content: bytes, first: date, last: date) -> list[tuple[datetime, datetime, str]]:
    """Begin, end (UTC) and title of what takes place on those days, in order."""
    query = recurring_ical_events.of(read(content), skip_bad_series=False)
    found = query.between(datetime.combine(first, time(0), UTC), datetime.combine(last, time(0), UTC))
    return sorted(
        (_instant(one.start), _instant(one.end), str(one["summary"]))
        for one in found
        if one.get("status") != "CANCELLED"
    )


def _instant(moment: date) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.combine(moment, time(0), UTC)
