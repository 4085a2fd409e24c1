"""The presence bar, the equaliser and the cards of a team, as HTML in the reader's language.

For fifty people templates would draw thousands of nodes: written here, they take a fifth of the time.
"""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from functools import cache, lru_cache
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from accounts.models import Team
from foundation import formatting
from foundation.templatetags.icons import icon
from ratio import drawing, presence, words
from ratio.presence import Bar, Card, Column
from ratio.readings import Days
from ratio.verdicts import Counts

# --- The bar ------------------------------------------------------------------------------------


def bar(of: Bar, *, in_percent: bool = True, planned: bool = False) -> SafeString:
    """What was real on the left, online on the right, the target as a notch; below, two keys with their counts.

    While nothing can be said the bar is dashed, without notch or percent; what is only `planned` is outlined.
    """
    share = of.counts.share if of.known else None
    css = " none" if share is None else " planned" if planned else ""
    inside = "" if share is None else _inside(share, of.target)
    real, online = _keys(of.counts, share if in_percent else None)
    return SafeString(
        f'<div class="bal{css}"><div class="bar" aria-hidden="true">{inside}</div><div class="key">'
        f'<span><i class="kr"></i>{real}</span> <span><i class="ko"></i>{online}</span></div></div>'
    )


def _inside(share: Fraction, target: Fraction | None) -> str:
    real = '<svg class="r all"></svg>' if share == 1 else ""
    if 0 < share < 1:
        real = f'<svg class="r" width="{drawing.percent(share)}"></svg>'
    online = "" if share == 1 else '<span class="o"></span>'
    return f"{real}{online}{_notch(target, get_language()) if target is not None else ''}"


@lru_cache(maxsize=256)
def _notch(target: Fraction, _language: str) -> str:
    at, said = drawing.percent(target), gettext("target %(target)s") % {"target": words.percent(target)}
    return (
        f'<svg class="mark"><rect class="t" x="{at}" y="22" width="3" height="48" transform="translate(-1.5)"/>'
        f'<text class="tl" x="{at}" y="14" text-anchor="{drawing.anchor(target)}">{escape(said)}</text></svg>'
    )


def _keys(counts: Counts, share: Fraction | None) -> tuple[str, str]:
    """In words, with a percent each if there is a share."""
    if share is None:
        real, online = gettext("In person %(real)s"), gettext("Online %(online)s")
        return real % {"real": words.figure(counts.real)}, online % {"online": words.figure(counts.online)}
    whole = int(share * 100 + 0.5)  # two whole percents that make a hundred
    real, online = (
        gettext("In person %(real)s (%(real_percent)s)"),
        gettext("Online %(online)s (%(online_percent)s)"),
    )
    return (
        real % {"real": words.figure(counts.real), "real_percent": words.whole_percent(whole)},
        online % {"online": words.figure(counts.online), "online_percent": words.whole_percent(100 - whole)},
    )


# --- The equaliser ------------------------------------------------------------------------------


def equaliser(columns: Sequence[Column], peak: Counts | None = None) -> SafeString:
    """Blocks of 7 days: meetings above the line, posts below, what is planned dashed; then the table of figures."""
    done = [column for column in columns if not column.planned]
    labels = _labels(
        tuple((column.first, column.is_now, column.planned) for column in columns), get_language()
    )
    picture = drawing.equaliser(
        [_blocks(column, label) for column, label in zip(columns, labels, strict=True)],
        peak_real=peak.real if peak else 0,
        peak_online=peak.online if peak else 0,
    )
    last = total(done[-4:])
    long = f" n{len(columns)}" if len(done) > presence.BLOCKS else ""
    figures = table(
        gettext("Meetings and posts in blocks of seven days, the latest first"),
        [_row(column) for column in reversed(columns) if not column.before],
        (gettext("Last 28 days"), last),
    )
    return SafeString(f'<div class="eqs{long}">{svg(picture, _conclusion(done, last))}</div>{figures}')


def svg(picture: drawing.Picture, label: str, css: str = "eq") -> str:
    """A picture; only words are escaped."""
    paths = [f'<path class="{one.css}" d="{one.d}"/>' for one in picture.paths]
    texts = [
        f'<text{_mark(one.strong, one.anchor, one.hanging, one.spare)} x="{one.x}" y="{one.y}">{escape(one.words)}</text>'
        for one in picture.texts
    ]
    base = f'<line class="base" x1="0" x2="{picture.width}" y1="{picture.base}" y2="{picture.base}"/>'
    return (
        f'<svg class="{css}" viewBox="0 0 {picture.width} {picture.height}" role="img" aria-label="{escape(label)}">'
        f"{base}{''.join(paths)}{''.join(texts)}</svg>"
    )


@cache
def _mark(strong: bool, anchor: str, hanging: bool, spare: bool) -> str:  # noqa: FBT001
    names = [name for name, holds in (("now", strong), ("under", hanging), ("spare", spare)) if holds]
    css = f' class="{" ".join(names)}"' if names else ""
    return css + (f' text-anchor="{anchor}"' if anchor else "")


def table(caption: str, rows: Sequence[tuple[str, Counts | None]], foot: tuple[str, Counts]) -> str:
    """The figures of a picture, folded: days, meetings and posts; without counts, days away."""
    not_there = pgettext("state", "Away")
    away = f'<td colspan="2" class="n">{escape(not_there)}</td>'
    body = [
        f'<tr><th scope="row">{escape(days)}</th>{away if counts is None else _cells(counts)}</tr>'
        for days, counts in rows
    ]
    see = gettext("See the figures")
    return (
        f'<details><summary>{see}</summary><table class="compact"><caption class="meta">{escape(caption)}</caption>'
        f"{_head(get_language())}<tbody>{''.join(body)}</tbody>"
        f'<tfoot><tr><th scope="row">{escape(foot[0])}</th>{_cells(foot[1])}</tr></tfoot></table></details>'
    )


def total(columns: Sequence[Column]) -> Counts:
    """The counts of some columns together."""
    return sum((column.counts for column in columns), start=Counts())


def _cells(counts: Counts) -> str:
    return f'<td class="n">{words.figure(counts.real)}</td><td class="n">{words.figure(counts.online)}</td>'


@lru_cache(maxsize=8)
def _head(_language: str) -> str:
    names = gettext("Days"), gettext("Meetings"), gettext("Posts")
    cells = f'<th scope="col">{names[0]}</th><th scope="col" class="n">{names[1]}</th><th scope="col" class="n">{names[2]}</th>'
    return f"<thead><tr>{cells}</tr></thead>"


def _row(column: Column) -> tuple[str, Counts | None]:
    days = _days(column.first, column.last, column.planned, get_language())
    return days, None if column.away else column.counts


@lru_cache(maxsize=256)
def _days(first: dt.date, last: dt.date, planned: bool, _language: str) -> str:  # noqa: FBT001
    if planned:
        return gettext("Planned until %(day)s") % {"day": short(last)}
    return days_between(first, last)


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


@lru_cache(maxsize=64)
def _labels(columns: Sequence[tuple[dt.date, bool, bool]], _language: str) -> list[str]:
    """Of columns (their first day, is it now, is it planned): the day a block begins under the first one and every
    second before today's; its month where it changes."""
    now = next((number for number, (_first, is_now, _planned) in enumerate(columns) if is_now), len(columns))
    labels, month = [], 0
    for number, (first, is_now, planned) in enumerate(columns):
        if planned:
            labels.append(pgettext("under the planned column, very short", "plans"))
        elif is_now:
            labels.append(pgettext("under the last column, very short", "now"))
        elif number and (number < 2 or (now - number) % 2):
            labels.append("")
        else:
            labels.append(str(first.day) if first.month == month else short(first))
            month = first.month
    return labels


def _conclusion(done: Sequence[Column], last: Counts) -> str:
    """The picture in one sentence, for those who do not see it."""
    known = [column for column in done if not column.before]
    text = gettext(
        "Blocks of seven days, meetings above the line, posts below: %(real)s and %(online)s in the last 28 days"
    ) % {"real": last.real, "online": last.online}
    if len(known) >= presence.BLOCKS:
        before = total(known[-8:-4])
        text += gettext(", %(real)s and %(online)s in the 28 days before") % {
            "real": before.real,
            "online": before.online,
        }
    return text + ". " + gettext("The table of figures follows.")


def short(day: dt.date) -> str:
    """22 nov. / 22 Nov."""
    return formatting.short_date(day, get_language() or "en")


def days_between(first: dt.date, last: dt.date) -> str:
    """17 – 23 nov.; 27 oct. – 2 nov."""
    if first.month == last.month:
        return f"{first.day}\u00a0– {short(last)}"
    return f"{short(first)} – {short(last)}"


# --- A person of a team -------------------------------------------------------------------------


def person(card: Card, team: Team, *, peak: Counts | None = None, preview: bool = False) -> SafeString:
    """One of the equal cards of the team's page: the same parts and the same buttons for everybody. `preview`: to
    oneself, with nothing to press."""
    pk, name, state = card.person.pk, escape(card.person.name), card.state
    said = str(card.advice) if card.advice else card.why
    notes = "".join(
        f'<p class="meta">{icon("message-circle")} {escape(one.text)} ({_days_noted(one)})</p>'
        for one in card.notes
    )
    return SafeString(
        f'<section class="card" aria-labelledby="person-{pk}"><h2 id="person-{pk}">{name}</h2>'
        f'<div class="wrap"><span class="chip {state.tone}">{icon(state.icon)}{escape(state.label)}</span></div>'
        f"<p>{escape(str(card.sentence))}</p>{bar(card.bar, in_percent=False)}{notes}"
        f'<p class="meta">{escape(said)}</p>{equaliser(card.columns, peak)}'
        f'<div class="wrap end">{_offer() if preview else _buttons(card, team, name)}</div></section>'
    )


def _offer() -> str:
    return f'<span class="btn" aria-hidden="true">{icon("hand-helping")}{_words()[0]}</span>'


def _buttons(card: Card, team: Team, name: str) -> str:
    of_whom = f'<span class="visually-hidden"> ({name})</span>'
    offer, see = _words()
    helped, counted = (
        _address(view, team.slug, card.person.pk) for view in ("ratio:help", "ratio:member_presence")
    )
    return (
        f'<a class="btn" href="{helped}">{icon("hand-helping")}{offer}{of_whom}</a> '
        f'<a class="btn q" href="{counted}">{see}{of_whom}</a>'
    )


def _words() -> tuple[str, str]:
    return gettext("Offer help"), gettext("See what was counted")


@lru_cache(maxsize=1024)
def _address(view: str, slug: str, pk: int) -> str:
    return escape(reverse(view, args=[slug, pk]))


def _days_noted(noted: Days) -> str:
    return short(noted.first) if noted.first == noted.last else f"{short(noted.first)} – {short(noted.last)}"
