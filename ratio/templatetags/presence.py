"""The presence bar and the equaliser, drawn by the server. Words and markup are in templates/ratio/partials/."""

import datetime as dt
from collections.abc import Sequence
from html import escape
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from foundation import formatting
from ratio import drawing, history, lines, presence, words
from ratio.history import Stretch
from ratio.presence import Bar, Column
from ratio.verdicts import Counts

register = template.Library()

_MARKS = {
    (strong, anchor): (' class="now"' if strong else "") + (f' text-anchor="{anchor}"' if anchor else "")
    for strong in (False, True)
    for anchor in ("", "start", "end")
}
_MANY = 20  # columns: beyond that not each can have its label


@register.inclusion_tag("ratio/partials/bar.html")
def presence_bar(bar: Bar, keys: str = "percent", planned: bool = False) -> dict[str, Any]:  # noqa: FBT001
    """What was real on the left, online on the right, the target as a notch; below, two keys with their counts.

    `keys`: "percent" or "counts". While nothing can be said the bar is dashed, without notch or percent; what is only
    `planned` is outlined.
    """
    counts, share = bar.counts, bar.counts.share
    shown = bar.known and share is not None
    whole = _whole_percents(counts)
    return {
        "known": shown,
        "planned": planned,
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
        "inside": _drawn(drawn),
        "columns": list(reversed(columns)),
        "total": sum_of(done[-4:]),
        "long": len(columns) if len(done) > presence.BLOCKS else 0,
    }


@register.inclusion_tag("ratio/partials/year_picture.html")
def year_picture(stretches: Sequence[Stretch], caption: str, by: str = "week") -> dict[str, Any]:
    """Bars of a long time, and the table under them, the latest first. `by`: "week", "month" or "block" (7 days)."""
    drawn = drawing.year(
        [
            drawing.Blocks(one.counts.real, one.counts.online, label, is_now=one.is_now)
            for one, label in zip(stretches, _year_labels(stretches, by), strict=True)
        ]
    )
    return {
        "drawing": drawn,
        "inside": _drawn(drawn),
        "by": by,
        "caption": caption,
        "stretches": list(reversed(stretches)),
        "total": history.total(stretches),
        "conclusion": words.halves(stretches),
    }


def _drawn(picture: drawing.Picture) -> SafeString:
    """Joined here, and only words escaped: a loop of the template takes many times as long, and a team's page has
    thousands of these.
    """
    paths = [f'<path class="{one.css}" d="{one.d}"/>' for one in picture.paths]
    texts = [
        f'<text{_MARKS[one.strong, one.anchor]} x="{one.x}" y="{one.y}">{escape(one.words)}</text>'
        for one in picture.texts
    ]
    return SafeString("".join(paths + texts))


def _year_labels(stretches: Sequence[Stretch], by: str) -> list[str]:
    """Months by their names; of weeks the first of each month, and not side by side."""
    labels = []
    last = -_MANY
    for number, one in enumerate(stretches):
        new_month = number == 0 or one.last.month != stretches[number - 1].last.month
        if by == "month" or len(stretches) <= presence.BLOCKS:
            labels.append(_month(one.first) if by == "month" else _short(one.first))
        elif new_month and number - last > len(stretches) // 16:
            labels.append(_month(one.last))
            last = number
        else:
            labels.append("")
    return labels


def _month(day: dt.date) -> str:
    return formatting.short_date(day, get_language() or "en").partition(formatting.NBSP)[2]


@register.filter
def stretch_days(one: Stretch, by: str) -> str:
    """17 – 23 Nov. of a week or block; November 2026 of a month."""
    if by == "month":
        return date_format(one.first, "F Y")
    return block_days(one)


def sum_of(columns: Sequence[Column]) -> Counts:
    """The counts of some columns together."""
    return sum((column.counts for column in columns), start=Counts())


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
    done = [column for column in columns if not column.planned and not column.before]
    before = sum_of(done[-8:-4])
    text = gettext(
        "Blocks of seven days, meetings above the line, posts below: %(real)s and %(online)s in the last 28 days"
    ) % {"real": total.real, "online": total.online}
    if len(done) >= presence.BLOCKS:
        text += gettext(", %(real)s and %(online)s in the 28 days before") % {
            "real": before.real,
            "online": before.online,
        }
    return text + ". " + gettext("The table of figures follows.")


@register.filter
def block_days(column: Column | Stretch) -> str:
    """17 – 23 nov.; 27 oct. – 2 nov."""
    if column.first.month == column.last.month:
        return f"{column.first.day}\u00a0– {_short(column.last)}"
    return f"{_short(column.first)} – {_short(column.last)}"


@register.simple_tag
def figures(columns: Sequence[Column]) -> SafeString:
    """The rows of an equaliser's table, joined here like its blocks."""
    away = f'<td colspan="2" class="n">{escape(pgettext("state", "Away"))}</td>'
    rows = []
    for column in columns:
        if column.before:
            continue
        counts = f'<td class="n">{column.counts.real}</td><td class="n">{column.counts.online}</td>'
        rows.append(
            f'<tr><th scope="row">{escape(_days_of(column))}</th>{away if column.away else counts}</tr>'
        )
    return SafeString("".join(rows))


def _days_of(column: Column) -> str:
    if column.planned:
        return gettext("Planned until %(day)s") % {"day": _short(column.last)}
    return block_days(column)


register.filter("said_of", lines.said_of)
