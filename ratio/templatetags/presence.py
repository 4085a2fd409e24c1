"""The presence bar and the equaliser, drawn by the server. Words and markup are in templates/ratio/partials/."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.translation import get_language, gettext, pgettext

from foundation import formatting
from ratio import drawing, words
from ratio.presence import Bar, Column
from ratio.verdicts import Counts

register = template.Library()

_RECT = '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>'


@register.inclusion_tag("ratio/partials/bar.html")
def presence_bar(bar: Bar, keys: str = "percent") -> dict[str, Any]:
    """What was real on the left, online on the right, the target as a notch; below, two keys with their counts.

    `keys`: "percent" or "counts". While nothing can be said the bar is dashed, without notch or percent.
    """
    counts, share = bar.counts, bar.counts.share
    shown = bar.known and share is not None
    whole = _whole_percents(counts)
    return {
        "known": shown,
        "real": counts.real,
        "online": counts.online,
        "real_percent": whole[0] if shown and keys == "percent" else "",
        "online_percent": whole[1] if shown and keys == "percent" else "",
        "width": drawing.percent(share) if share else "",
        "all_real": share == 1,
        "mark": drawing.percent(bar.target) if shown and bar.target is not None else "",
        "anchor": drawing.anchor(bar.target) if bar.target is not None else "",
        "target": words.percent(bar.target),
    }


def _whole_percents(counts: Counts) -> tuple[str, str]:
    """Two whole percents that make a hundred."""
    if counts.share is None:
        return "", ""
    real = int(counts.share * 100 + 0.5)
    return words.whole_percent(real), words.whole_percent(100 - real)


@register.inclusion_tag("ratio/partials/equaliser.html")
def equaliser(columns: Sequence[Column], peak: Counts | None = None) -> dict[str, Any]:
    """Blocks of 7 days: meetings above the line, posts below, what is planned dashed; then the table of figures."""
    done = [column for column in columns if not column.planned]
    drawn = drawing.equaliser(
        [_blocks(column, label) for column, label in zip(columns, _labels(columns), strict=True)],
        peak_real=peak.real if peak else 0,
        peak_online=peak.online if peak else 0,
    )
    return {
        "drawing": drawn,
        # Hundreds of blocks on a team's page: joined here, since a loop of the template takes five times as long.
        "rects": format_html_join(
            "", _RECT, ((one.css, one.x, one.y, one.width, one.height, one.rx) for one in drawn.rects)
        ),
        "columns": list(reversed(columns)),
        "total": sum_of(done[-4:]),
    }


def sum_of(columns: Sequence[Column]) -> Counts:
    """The counts of some columns together."""
    total = Counts()
    for column in columns:
        total += column.counts
    return total


def _blocks(column: Column, label: str) -> drawing.Blocks:
    return drawing.Blocks(
        real=column.counts.real,
        online=column.counts.online,
        label=label,
        is_now=column.is_now,
        planned=column.planned,
        empty=column.away or column.before,
        word=pgettext("a week away, very short", "away") if column.away else "",
    )


def _labels(columns: Sequence[Column]) -> list[str]:
    """The day a block begins under the first one and every second before today's; its month where it changes."""
    now = next((number for number, column in enumerate(columns) if column.is_now), len(columns))
    labels, month = [], 0
    for number, column in enumerate(columns):
        if column.planned:
            labels.append(pgettext("under the planned column, very short", "plans"))
        elif column.is_now:
            labels.append(pgettext("under the last column, very short", "today"))
        elif number and (number < 2 or (now - number) % 2):
            labels.append("")
        else:
            same = column.first.month == month
            month = column.first.month
            labels.append(str(column.first.day) if same else _short(column.first))
    return labels


def _short(day: dt.date) -> str:
    return formatting.short_date(day, get_language() or "en")


@register.simple_tag
def equaliser_label(columns: Sequence[Column], total: Counts) -> str:
    """The picture in one sentence, for those who do not see it."""
    return gettext(
        "Blocks of seven days, meetings above the line, posts below: %(real)s and %(online)s in the last 28 days. "
        "The table of figures follows."
    ) % {"real": total.real, "online": total.online}


@register.filter
def block_days(column: Column) -> str:
    """17 – 23 nov.; 27 oct. – 2 nov."""
    if column.first.month == column.last.month:
        return f"{column.first.day}\u00a0– {_short(column.last)}"
    return f"{_short(column.first)} – {_short(column.last)}"
