"""`{{ occurrence|when }}`: its moment in words."""

from datetime import datetime

from django import template

from events import moments
from events.models import Occurrence

register = template.Library()


@register.filter
def when(occurrence: Occurrence) -> str:
    """jeudi 26 novembre, 18 h 30 / Thursday 26 November, 18:30; the day alone when it takes all day."""
    return moments.when(occurrence)


@register.filter
def moment(starts_at: datetime, is_all_day: bool) -> str:  # noqa: FBT001  # a filter has no keywords
    """The same of a moment: `{{ series.next_at|moment:series.is_all_day }}`."""
    return moments.said(starts_at, is_all_day=is_all_day)
