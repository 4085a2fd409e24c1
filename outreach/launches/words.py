"""What is said of launches, in the active language."""

from datetime import date
from fractions import Fraction
from typing import Protocol

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.formatting import percent
from outreach.launches.analytics.base import Trouble
from outreach.launches.coverage import Coverage, State
from outreach.launches.visits import Visits

STATES = {
    State.TO_MEET: (_("To meet"), "footprints"),
    State.MET: (_("Met"), "handshake"),
    State.ON_BOARD: (_("On board"), "rocket"),
    State.NO: (_("Said no"), "circle-minus"),
}
"""The columns of the board: what each is called, and its icon."""
ACTIONS = {
    State.TO_MEET: _("To meet"),
    State.MET: _("Met"),
    State.ON_BOARD: _("On board"),
    State.NO: pgettext_lazy("an answer", "No"),
}
"""The same on a button, as short as can be: three stand side by side."""
TROUBLES = {
    Trouble.REFUSED: _("The service refuses the token, or does not know the site. Enter them again."),
    Trouble.GONE: _("There is no such service at this address. Look at it again."),
    Trouble.BUSY: _("The service is busy; it is asked again later."),
    Trouble.DOWN: _("The service does not answer; it is asked again later."),
    Trouble.ODD: _("The service’s answer cannot be read; it is asked again later."),
    Trouble.SEALED: _(
        "The token can no longer be opened: the key of this installation has changed. Enter it again."
    ),
}
_IN_WEEKS = 14  # days from which weeks are said


class Counted(Protocol):
    """How many of how many were met, and whether they are groups."""

    @property
    def met(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def are_groups(self) -> bool: ...


def met(coverage: Counted) -> str:
    """9 of 14 groups met."""
    return _of(coverage.met, coverage)


def met_before(coverage: Coverage) -> str:
    """14 of 18 groups met before the day."""
    values = {"met": coverage.met_before, "total": coverage.total}
    if coverage.are_groups:
        words = ngettext(
            "%(met)d of %(total)d group met before the day",
            "%(met)d of %(total)d groups met before the day",
            coverage.total,
        )
    else:
        words = ngettext(
            "%(met)d of %(total)d contact met before the day",
            "%(met)d of %(total)d contacts met before the day",
            coverage.total,
        )
    return words % values


def left(day: date, today: date) -> str:
    """3 weeks left; 5 days left; tomorrow; today; out since 5 weeks."""
    days = (day - today).days
    if days == 0:
        return gettext("today is the day")
    if days < 0:
        return _out(-days)
    if days >= _IN_WEEKS:
        return ngettext("%(n)d week left", "%(n)d weeks left", days // 7) % {"n": days // 7}
    return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}


def pace(expected: int, behind: int) -> str:
    """What an even pace would have reached."""
    if behind:
        words = ngettext(
            "At an even pace %(expected)d would be met by now, %(behind)d more.",
            "At an even pace %(expected)d would be met by now, %(behind)d more.",
            behind,
        )
        return words % {"expected": expected, "behind": behind}
    return gettext("At least an even pace: %(expected)d would be met by now.") % {"expected": expected}


def trouble(code: str) -> str:
    """What is wrong with a service, and what to do. Its figures stay as they were."""
    return str(TROUBLES.get(Trouble(code), ""))


def came(week: int | None, share: Fraction | None, clicks: int) -> str:
    """6,240 visitors in the first week, 31 % through relays; without the percent where it would mislead."""
    if week is None:
        return gettext("how many came in the first week is not known yet")
    values = {"n": number(week), "clicks": number(clicks)}
    said = ngettext("%(n)s visitor in the first week", "%(n)s visitors in the first week", week) % values
    if share is not None:
        return gettext("%(came)s, %(share)s through relays") % {
            "came": said,
            "share": percent(share, _language()),
        }
    if clicks:
        clicked = ngettext("%(clicks)s click on relays", "%(clicks)s clicks on relays", clicks) % values
        return f"{said}, {clicked}"
    return said


def outcome(coverage: Coverage, visits: Visits, today: date) -> tuple[str, str]:
    """How a launch stands in a list: who was met, before the day once that is over; who came in its first week."""
    if not coverage.launch.is_out(today):
        return met(coverage), ""
    week = visits.week
    return met_before(coverage), came(week.count if week else None, None, 0)


def others() -> str:
    """The line of the kinds that have none of their own."""
    return pgettext("kinds of contacts", "Others")


def columns() -> list[str]:
    """The first headers of the picture as a table."""
    return [
        gettext("Day"),
        gettext("Days from the launch"),
        gettext("Meetings"),
        gettext("Unique visitors"),
        gettext("Clicks on relays"),
    ]


def is_french() -> bool:
    """Whether a semicolon has a space before it."""
    return _language().startswith("fr")


def number(value: int) -> str:
    """6 240 / 6,240."""
    return number_format(value, force_grouping=True)


def _of(met: int, coverage: Counted) -> str:
    values = {"met": met, "total": coverage.total}
    if coverage.are_groups:
        words = ngettext("%(met)d of %(total)d group met", "%(met)d of %(total)d groups met", coverage.total)
    else:
        words = ngettext(
            "%(met)d of %(total)d contact met", "%(met)d of %(total)d contacts met", coverage.total
        )
    return words % values


def _out(days: int) -> str:
    if days >= _IN_WEEKS:
        return ngettext("out for %(n)d week", "out for %(n)d weeks", days // 7) % {"n": days // 7}
    return ngettext("out for %(n)d day", "out for %(n)d days", days) % {"n": days}


def _language() -> str:
    return get_language() or "en"
