"""`{{ occurrence|when }}`: its moment in words."""

from datetime import datetime

from django import template

from events import moments
from events.models import Occurrence, Series

register = template.Library()


@register.filter
def when(occurrence: Occurrence) -> str:
    """jeudi 26 novembre, 18 h 30 / Thursday 26 November, 18:30; the day alone when it takes all day."""
    return moments.when(occurrence)


@register.filter
def moment_of(starts_at: datetime, series: Series) -> str:
    """The same of a moment of a series: `{{ series.next_at|moment_of:series }}`."""
    return moments.said(starts_at, all_day_in=series.zone if series.is_all_day else None)
