"""When an occurrence is, as it is said: day and time, or the day alone."""

from collections.abc import Collection
from datetime import date, datetime, timedelta, tzinfo

from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from events.models import Occurrence
from foundation.formatting import day_and_time, weekday_date

_NOON = timedelta(hours=12)


def day_of_midnight(moment: datetime, zone: tzinfo) -> date:
    """The day that begins at a midnight of `zone`: the same day for every reader.

    What takes all day is kept as the instant of that midnight in the zone of its team, of a series in the series’
    own. The instant alone could mean two days (11:00 UTC is a midnight at +13 and at -11), with the zone it means one.
    Its noon is asked for, not its midnight: so it stays on its day when the team has another zone since, less than
    twelve hours away.
    """
    return (moment + _NOON).astimezone(zone).date()


def said(moment: datetime, *, all_day_in: tzinfo | None = None) -> str:
    """In the reader’s language and zone: jeudi 26 novembre, 18 h 30; without a time when it takes all day, in the zone
    in which it does."""
    language = get_language() or "en"
    if all_day_in:
        return weekday_date(day_of_midnight(moment, all_day_in), language)
    return day_and_time(timezone.localtime(moment), language)


def when(occurrence: Occurrence) -> str:
    """When it begins, as `said` has it. `team` should be at hand."""
    return said(occurrence.starts_at, all_day_in=occurrence.team.zone if occurrence.is_all_day else None)


def of_ids(person: User, ids: Collection[int]) -> dict[int, str]:
    """What and when the occurrences are, as far as the person may see them. One query."""
    rows = Occurrence.objects.visible_to(person).filter(pk__in=ids).select_related("kind", "team")
    return {row.pk: f"{row} · {when(row)}" for row in rows}
