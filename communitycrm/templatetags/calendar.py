"""The entries of the calendar. A page has two hundred: drawn here, they take a fraction of what template nodes do."""

from collections.abc import Iterable
from datetime import date
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from communitycrm.pages.calendar import Day, Week
from communitycrm.pages.calendar_lines import Line
from foundation.formatting import weekday_date
from foundation.templatetags.icons import icon

register = template.Library()


@register.simple_tag
def grid_week(week: Week, today: date, plan: str, month: str) -> SafeString:
    """A row of the month: a cell for each day, which plans there from `today` on (`plan`: that page, or ""), and what the
    week has (`month`: the query of this month)."""
    cells = "".join(_cell(day, today, plan, escape(month)) for day in week.days)
    return mark_safe(f'<tr>{cells}<td class="sum">{week_counts(week)}</td></tr>')


def _cell(day: Day, today: date, plan: str, month: str) -> str:
    """Its number, a few entries, and how many more the day's own list has."""
    number, on = str(day.day.day), day.day.isoformat()
    css = "out" if day.is_out else "today" if day.day == today else ""
    if plan and day.day >= today:
        number = f'<a class="d plan" tabindex="-1" href="{escape(plan)}?on={on}">{number}{icon("plus")}</a>'
    else:
        number = f'<span class="d">{number}</span>'
    more = ""
    if day.more and not day.is_out:
        words = ngettext("%(n)d more", "%(n)d more", day.more) % {"n": day.more}
        more = f'<a tabindex="-1" href="?{month}&amp;day={on}#list">{words}</a>'
    return f'<td class="{css}">{number}{"".join(map(_entry, day.few))}{more}</td>'


def _entry(line: Line) -> str:
    css = f"{line.mark.what} off" if line.mark.is_off else line.mark.what
    href = f' href="{escape(line.href)}"' if line.href else ""
    time = f"<b>{line.time}</b> " if line.time else ""
    return f'<a class="{css}" tabindex="-1"{href}>{time}{escape(line.title)}</a>'


@register.simple_tag
def week_counts(week: Week) -> SafeString:
    """A week's meetings beside its posts."""
    met = ngettext("%(n)d meeting", "%(n)d meetings", week.meetings) % {"n": week.meetings}
    posted = ngettext("%(n)d post", "%(n)d posts", week.posts) % {"n": week.posts}
    return mark_safe(
        f'<span class="pair"><span class="real">{icon("users-round")}{met}</span>'
        f' <span class="online">{icon("megaphone")}{posted}</span></span>'
    )


@register.simple_tag
def agenda_day(day: Day, today: date, plan: str, month: str) -> SafeString:
    """A day of the list: its name, which plans there as in `grid_week`, its lines, and how many more its own list has."""
    name, on = weekday_date(day.day, get_language() or "en"), day.day.isoformat()
    today_is, chip, link, more = _("Today"), "", "", ""
    if day.day == today:
        chip = f' <span class="chip ok">{today_is}</span>'
    if plan and day.day >= today:
        words = escape(_("Plan a meeting on %(day)s") % {"day": name})
        link = f'<a class="ib" href="{escape(plan)}?on={on}" aria-label="{words}">{icon("plus")}</a>'
    if day.rest:
        words = ngettext("%(n)s more on this day", "%(n)s more on this day", day.rest) % {"n": day.rest}
        more = f'<p><a href="?{escape(month)}&amp;day={on}#list">{words}</a></p>'
    return mark_safe(
        f'<section class="agenda-day" aria-labelledby="d{day.day:%Y%m%d}"><div class="row">'
        f'<h4 class="g" id="d{day.day:%Y%m%d}">{escape(capfirst(name))}{chip}</h4>{link}</div>'
        f"{list_lines(day.lines) if day.lines else ''}{more}</section>"
    )


@register.simple_tag
def list_lines(lines: Iterable[Line]) -> SafeString:
    """Lines of the list."""
    return mark_safe(f'<ul class="list">{"".join(map(_line, lines))}</ul>')


def _line(line: Line) -> str:
    what, is_off = line.mark.what, line.mark.is_off
    disc = " online" if what == "post" else " real" if what == "meeting" and not is_off else ""
    name = f"<strong>{escape(line.title)}</strong>"
    if line.href:
        title = f"<s>{escape(line.title)}</s>" if is_off else escape(line.title)
        name = f'<a class="name" href="{escape(line.href)}">{title}</a>'
    meta = f'<div class="meta">{escape(line.meta)}</div>' if line.meta else ""
    return (
        f'<li><span class="at">{line.time}</span><span class="disc{disc}">{icon(line.icon)}</span>'
        f'<div class="g">{name}{meta}</div>{_state(line) if line.state else ""}</li>'
    )


def _state(line: Line) -> str:
    """The chip: it took place, it was called off, a draft."""
    what, is_off = line.mark.what, line.mark.is_off
    picture = icon("circle-minus") if is_off else icon("calendar-check") if what == "meeting" else ""
    css = "off" if is_off or what == "post" else "real"
    return f'<span class="chip {css}">{picture}{escape(line.state)}</span>'
