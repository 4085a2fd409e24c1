"""When an occurrence is, as it is said: day and time, or the day alone."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from events.models import Occurrence
from foundation.formatting import day_and_time, weekday_date

_NOON = timedelta(hours=12)


def day_of_midnight(moment: datetime) -> date:
    """The day that begins at a midnight, wherever that was: at its noon the date is the same from UTC-12 to UTC+12.

    A day without times is the same day for every reader, though it is kept as the midnight of one zone.
    """
    return (moment + _NOON).astimezone(UTC).date()


def said(moment: datetime, *, is_all_day: bool) -> str:
    """In the reader’s language and zone: jeudi 26 novembre, 18 h 30; without a time when it takes all day."""
    language = get_language() or "en"
    if is_all_day:
        return weekday_date(day_of_midnight(moment), language)
    return day_and_time(timezone.localtime(moment), language)


def when(occurrence: Occurrence) -> str:
    """When it begins, as `said` has it."""
    return said(occurrence.starts_at, is_all_day=occurrence.is_all_day)


def of_ids(person: User, ids: Collection[int]) -> dict[int, str]:
    """What and when the occurrences are, as far as the person may see them. One query."""
    rows = Occurrence.objects.visible_to(person).filter(pk__in=ids).select_related("kind")
    return {row.pk: f"{row} · {when(row)}" for row in rows}
