"""What is said of launches, in the active language."""

from datetime import date

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from outreach.launches.analytics.base import Trouble
from outreach.launches.coverage import Coverage, State

STATES = {
    State.TO_MEET: (_("To meet"), "footprints"),
    State.MET: (_("Met"), "handshake"),
    State.ON_BOARD: (_("On board"), "rocket"),
    State.NO: (_("Said no"), "circle-minus"),
}
"""The columns of the board: what each is called, and its icon."""
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


def met(coverage: Coverage) -> str:
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


def number(value: int) -> str:
    """6 240 / 6,240."""
    return number_format(value, force_grouping=True)


def _of(met: int, coverage: Coverage) -> str:
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
