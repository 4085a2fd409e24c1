"""Filters for dates, times and numbers in the reader's language and zone (see foundation.formatting)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from django import template
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language

from foundation import formatting

register = template.Library()
Day = date | datetime | None


def _language() -> str:
    return get_language() or "en"


def _day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter(expects_localtime=True)
def sentence_date(value: Day) -> str:
    """22 novembre / 22 November."""
    return formatting.day_month(_day(value), _language()) if value else ""


@register.filter(expects_localtime=True)
def full_date(value: Day) -> str:
    """22 novembre 2026 / 22 November 2026."""
    return formatting.full_date(_day(value), _language()) if value else ""


@register.filter(expects_localtime=True)
def short_date(value: Day) -> str:
    """22 nov. / 22 Nov."""
    return formatting.short_date(_day(value), _language()) if value else ""


@register.filter(expects_localtime=True)
def weekday_date(value: Day) -> str:
    """dimanche 22 novembre / Sunday 22 November; `|capfirst` at the start of a line."""
    return formatting.weekday_date(_day(value), _language()) if value else ""


@register.filter(expects_localtime=True)
def sentence_time(value: time | datetime | None) -> str:
    """18 h 30 / 18:30."""
    return formatting.sentence_time(value, _language()) if value is not None else ""


@register.filter(expects_localtime=True)
def day_and_time(value: datetime | None) -> str:
    """jeudi 26 novembre, 18 h 30 / Thursday 26 November, 18:30."""
    return formatting.day_and_time(value, _language()) if value else ""


@register.filter
def percent(value: Fraction | Decimal | float | None) -> str:
    """A share as a whole percent: 33 % / 33%."""
    return formatting.percent(value, _language()) if value is not None else ""


@register.filter
def number(value: float | Decimal | None) -> str:
    """6 000 / 6,000. Never inside an address or a field's value."""
    return number_format(value, force_grouping=True) if value is not None else ""


@register.filter(expects_localtime=True)
def ago(value: Day, today: Day) -> str:
    """`{{ contact.last_met_at|ago:today }}`: il y a 9 semaines / 9 weeks ago."""
    return formatting.ago(_day(value), _day(today), _language()) if value and today else ""


@register.filter
def initials(name: object) -> str:
    """Two letters for an avatar."""
    return formatting.initials(str(name))


@register.filter
def short_name(name: object, is_group: bool) -> str:  # noqa: FBT001  # a filter has no keywords
    """`{{ contact.name|short_name:contact.is_group }}`: Jo, La Cale."""
    return formatting.short_name(str(name), is_group=is_group)


@register.filter
def duration(value: timedelta | None) -> str:
    """12 min, 3 h 05: how long something took."""
    if value is None:
        return ""
    hours, minutes = divmod(int(value.total_seconds()) // 60, 60)
    return f"{hours}\u00a0h\u00a0{minutes:02d}" if hours else f"{minutes}\u00a0min"
