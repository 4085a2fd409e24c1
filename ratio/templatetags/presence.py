"""The presence bar, the equaliser and the picture of a year in templates (`ratio.markup` draws them)."""

import datetime as dt
from collections.abc import Sequence

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from accounts.models import Team
from foundation import formatting
from ratio import drawing, history, lines, markup, presence, words
from ratio.history import Stretch
from ratio.presence import Bar, Card, Column
from ratio.verdicts import Counts

register = template.Library()
_MANY = 20  # columns: beyond that not each can have its label


@register.simple_tag
def presence_bar(bar: Bar, planned: bool = False) -> SafeString:  # noqa: FBT001
    """The bar with its two keys; what is only `planned` is outlined."""
    return markup.bar(bar, planned=planned)


@register.simple_tag
def equaliser(columns: Sequence[Column]) -> SafeString:
    """The blocks with their table."""
    return markup.equaliser(columns)


@register.simple_tag
def person_cards(cards: Sequence[Card], team: Team, peak: Counts) -> SafeString:
    """The people of a team, all drawn to one scale (`peak`: the highest counts of any column)."""
    return SafeString("".join(markup.person(card, team, peak=peak) for card in cards))


@register.simple_tag
def person_preview(card: Card, team: Team) -> SafeString:
    """One's own card as it stands among those of the team."""
    return markup.person(card, team, preview=True)


@register.simple_tag
def year_picture(stretches: Sequence[Stretch], caption: str, by: str = "week") -> SafeString:
    """Bars of a long time, and the table under them, the latest first. `by`: "week", "month" or "block" (7 days)."""
    drawn = drawing.year(
        [
            drawing.Blocks(one.counts.real, one.counts.online, label, is_now=one.is_now)
            for one, label in zip(stretches, _year_labels(stretches, by), strict=True)
        ]
    )
    conclusion, follows = words.halves(stretches), gettext("The table of figures follows.")
    above, below = gettext("Meetings, above the line"), gettext("Posts, below it")
    rows = [(_stretch_days(one, by), one.counts) for one in reversed(stretches)]
    foot = (gettext("Together"), history.total(stretches))
    return SafeString(
        f"{markup.svg(drawn, f'{caption}. {conclusion} {follows}', 'eq year')}"
        f'<div class="key"><span><i class="kr"></i>{above}</span> <span><i class="ko"></i>{below}</span></div>'
        f"<p>{conclusion}</p>{markup.table(caption, rows, foot)}"
    )


def _year_labels(stretches: Sequence[Stretch], by: str) -> list[str]:
    """Months by their names; of weeks the first of each month, and not side by side."""
    labels = []
    last = -_MANY
    for number, one in enumerate(stretches):
        new_month = number == 0 or one.last.month != stretches[number - 1].last.month
        if by == "month" or len(stretches) <= presence.BLOCKS:
            labels.append(_month(one.first) if by == "month" else markup.short(one.first))
        elif new_month and number - last > len(stretches) // 16:
            labels.append(_month(one.last))
            last = number
        else:
            labels.append("")
    return labels


def _month(day: dt.date) -> str:
    return formatting.short_date(day, get_language() or "en").partition(formatting.NBSP)[2]


def _stretch_days(one: Stretch, by: str) -> str:
    """17 – 23 Nov. of a week or block; November 2026 of a month."""
    return date_format(one.first, "F Y") if by == "month" else markup.days_between(one.first, one.last)


register.filter("said_of", lines.said_of)
