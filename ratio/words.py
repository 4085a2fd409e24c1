"""What a standing is called and what it suggests, in the active language. No HTML, no scolding.

Parts that a page sets in bold are separate strings (`strong`); a mail joins them.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext, pgettext_lazy

from foundation import formatting
from ratio import periods
from ratio.history import Stretch, total
from ratio.standings import Standing
from ratio.verdicts import Counts, Reading, Reason, Rules, Verdict, Word

NUMBERS = (
    "",
    pgettext_lazy("a number of meetings or posts", "one"),
    pgettext_lazy("a number of meetings or posts", "two"),
    pgettext_lazy("a number of meetings or posts", "three"),
    pgettext_lazy("a number of meetings or posts", "four"),
    pgettext_lazy("a number of meetings or posts", "five"),
    pgettext_lazy("a number of meetings or posts", "six"),
    pgettext_lazy("a number of meetings or posts", "seven"),
    pgettext_lazy("a number of meetings or posts", "eight"),
    pgettext_lazy("a number of meetings or posts", "nine"),
)


NEARLY_A_YEAR = 300  # days


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence whose first part is set in bold."""

    strong: str
    rest: str = ""

    def __str__(self) -> str:
        return f"{self.strong}{self.rest}"


@dataclass(frozen=True, slots=True)
class State:
    """A verdict as a chip: its words, an icon's name, and the tone of the chip ("ok", "low", "off" or "")."""

    label: str
    icon: str
    tone: str


def _language() -> str:
    return get_language() or "en"


def percent(share: Fraction | None) -> str:
    """33 % / 33%; nothing for no share."""
    return "" if share is None else formatting.percent(share, _language())


def whole_percent(value: int) -> str:
    """A whole number of percent: 33 % / 33%."""
    return percent(Fraction(value, 100))


def day(value: dt.date) -> str:
    """26 octobre / 26 October."""
    return formatting.day_month(value, _language())


def figure(count: int) -> str:
    """6 000 / 6,000."""
    return str(count) if count < 1000 else number_format(count, force_grouping=True)


def number(count: int) -> str:
    """A small number in words (feminine in French: meetings and posts), else in digits."""
    return str(NUMBERS[count]) if 0 < count < len(NUMBERS) else str(count)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def state(said: Verdict, reading: Reading) -> State:
    """The chip of a verdict."""
    if said.word is Word.ON_TARGET:
        return State(gettext("On target"), "circle-check", "ok")
    if said.word is Word.MOSTLY_ONLINE:
        return State(gettext("Mostly online lately"), "move-down-right", "low")
    if said.word is Word.UNDER:
        return State(gettext("Just under target"), "move-right", "")
    if said.word is Word.AWAY:
        return State(pgettext("state", "Away"), "plane", "off")
    return State(_unsure(said.reason, reading), "hourglass", "off")


def _unsure(reason: Reason | None, reading: Reading) -> str:
    if reason is Reason.NEW:
        return gettext("Too early to say")
    if reason is Reason.STALE and reading.posts_known_until:
        return gettext("Posts known until %(day)s") % {"day": day(reading.posts_known_until)}
    return gettext("Too little to say")


def sentence(counts: Counts, first_day: dt.date, last_day: dt.date | None = None) -> Phrase:
    """6 meetings, 12 posts out since 26 October. The year is said when, by the last day, it is nearly one ago."""
    meetings = ngettext("%(n)s meeting", "%(n)s meetings", counts.real) % {"n": figure(counts.real)}
    posts = ngettext("%(n)s post out since %(day)s", "%(n)s posts out since %(day)s", counts.online)
    long_ago = last_day is not None and (last_day - first_day).days > NEARLY_A_YEAR
    since = formatting.full_date(first_day, _language()) if long_ago else day(first_day)
    return Phrase(meetings, ", " + posts % {"n": figure(counts.online), "day": since})


def why(standing: Standing, reading: Reading, rules: Rules) -> str:
    """What explains the state, where a word is not enough; empty otherwise."""
    said = standing.verdict
    if said.word is Word.AWAY:
        return gettext("Days away are left out, and the 28 days reach back for them.")
    if said.reason is Reason.NEW:
        joined = standing.today - dt.timedelta(days=reading.days_in_team)
        return gettext("In the team since %(day)s: it reads after %(n)s days.") % {
            "day": day(joined),
            "n": rules.minimum_days,
        }
    if said.reason is Reason.STALE:
        return gettext("No post has been brought in since. Bring them in, or say that this is all.")
    if said.reason is Reason.FEW:
        noted = ngettext("%(n)s action in eight weeks", "%(n)s actions in eight weeks", said.counts.total)
        return gettext("%(noted)s: it takes %(needed)s to say more.") % {
            "noted": noted % {"n": said.counts.total},
            "needed": rules.minimum_actions,
        }
    if said.wide:
        return gettext("Eight weeks are counted here: the last four hold too little.")
    return ""


def advice(standing: Standing) -> Phrase | None:
    """What would bring it back, or keep it; None when there is nothing to say."""
    said, needs = standing.verdict, standing.needed
    if said.word in (Word.AWAY, Word.INCONCLUSIVE):
        return None
    if needs.meetings == 0:
        return _as_planned(standing)
    if not standing.fits_in_a_week:
        return _over_weeks(standing)
    meetings = _capital(
        ngettext("%(n)s meeting %(by)s", "%(n)s meetings %(by)s", needs.meetings or 0)
        % {"n": number(needs.meetings or 0), "by": by_sunday(standing)}
    )
    after = {"real": needs.after.real, "total": needs.after.total, "percent": percent(needs.after.share)}
    rest = ngettext(
        " would do it (%(real)s of %(total)s, %(percent)s).",
        " would do it (%(real)s of %(total)s, %(percent)s).",
        needs.meetings or 0,
    )
    return Phrase(meetings, rest % after + _posts(standing))


def _posts(standing: Standing) -> str:
    posts = standing.needed.posts
    if not posts:
        return ""
    text = ngettext("Or move %(n)s post.", "Or move %(n)s posts.", posts) % {"n": number(posts)}
    return f" {text}"


def by_sunday(standing: Standing) -> str:
    """By Sunday; from Friday on, by Sunday 6 December."""
    until = standing.needed.until
    if until == periods.coming_sunday(standing.today):
        return gettext("by Sunday")
    return gettext("by Sunday %(day)s") % {"day": day(until)}


def outlook(planned: Counts, after: Counts, by: str) -> str:
    """Nine posts to come and one meeting planned by Sunday: you would stand at 21 %."""
    posts = ngettext("%(n)s post to come", "%(n)s posts to come", planned.online)
    meetings = ngettext("%(n)s meeting planned", "%(n)s meetings planned", planned.real)
    return gettext("%(posts)s and %(meetings)s %(by)s: you would stand at %(percent)s.") % {
        "posts": _capital(posts % {"n": _number_or_no(planned.online)}),
        "meetings": meetings % {"n": _number_or_no(planned.real)},
        "by": by,
        "percent": percent(after.share),
    }


def _number_or_no(count: int) -> str:
    return number(count) if count else pgettext("zero meetings or posts", "no")


def _as_planned(standing: Standing) -> Phrase | None:
    """Nothing more is needed: what is planned does it."""
    after = standing.needed.after
    figures = {"real": after.real, "total": after.total, "percent": percent(after.share)}
    if standing.verdict.is_under:
        return Phrase(
            _capital(gettext("%(by)s it is back on target") % {"by": by_sunday(standing)}),
            gettext(" if all goes as planned (%(real)s of %(total)s, %(percent)s).") % figures,
        )
    if not (standing.planned.real or standing.planned.online) or after.share is None:
        return None
    return Phrase(
        "",
        gettext("If all goes as planned %(by)s: %(real)s of %(total)s, %(percent)s.")
        % {**figures, "by": by_sunday(standing)},
    )


def _over_weeks(standing: Standing) -> Phrase:
    """A week is too short: some more meetings a week, and when that has done it."""
    way = standing.way_back
    if way is None:
        return Phrase(
            gettext("A target of %(percent)s asks a lot at the moment.")
            % {"percent": percent(standing.target)},
            " " + gettext("Talk it over with your team lead?"),
        )
    more = ngettext("%(n)s more meeting a week", "%(n)s more meetings a week", way.a_week)
    return Phrase(
        _capital(more % {"n": number(way.a_week)}),
        gettext(" than usual, and you are back around %(day)s.") % {"day": day(way.on)},
    )


def halves(stretches: Sequence[Stretch]) -> str:
    """The conclusion of a long picture in words: all of it, and its second half against its first."""
    middle = len(stretches) // 2
    first, second = total(stretches[:middle]), total(stretches[middle:])
    both = first + second
    text = gettext("%(real)s meetings and %(online)s posts in all") % {
        "real": figure(both.real),
        "online": figure(both.online),
    }
    if first.share is None or second.share is None:
        return f"{text}."
    return gettext("%(text)s: %(before)s of it in person in the first half, %(after)s in the second.") % {
        "text": text,
        "before": percent(first.share),
        "after": percent(second.share),
    }
