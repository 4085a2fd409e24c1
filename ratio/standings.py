"""Where one CM stands at a moment: everything that pages, mails and the command say, from one ledger. Pure."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from ratio import periods
from ratio.ledgers import Ledger
from ratio.verdicts import MAX_EXTRA, Counts, Needed, Reading, Rules, Verdict, WayBack


@dataclass(frozen=True, slots=True)
class Standing:
    """A verdict with its reading, target, what is planned until `needed.until`, and the forecasts.

    `way_back` is looked for only when more than 3 meetings would be needed by one Sunday. `first_day` is the first
    of the days counted (28, or 56), or that of joining.
    """

    today: dt.date
    target: Fraction
    verdict: Verdict
    needed: Needed
    planned: Counts
    forecasts: tuple[Reading, ...]
    way_back: WayBack | None
    first_day: dt.date

    @property
    def fits_in_a_week(self) -> bool:
        """Whether what is needed can be said as meetings until one Sunday."""
        return self.needed.meetings is not None and self.needed.meetings <= MAX_EXTRA


def standing(ledger: Ledger, now: dt.datetime, *, target: Fraction, rules: Rules) -> Standing:
    """The standing of one CM at `now`."""
    today = periods.local_day(now, ledger.zone)
    said = ledger.verdict(now, target=target, rules=rules)
    needs = ledger.needed(now, target=target, rules=rules)
    last_post = ledger.online.moments[-1] if ledger.online.moments else now
    sundays = periods.forecast_sundays(today, periods.local_day(last_post, ledger.zone))
    days = periods.window(today, ledger.leave, length=periods.WIDE_WINDOW if said.wide else periods.WINDOW)
    too_many = needs.meetings is None or needs.meetings > MAX_EXTRA
    return Standing(
        today=today,
        target=target,
        verdict=said,
        needed=needs,
        planned=ledger.planned(now, needs.until),
        forecasts=tuple(ledger.forecast(sunday) for sunday in sundays),
        way_back=ledger.way_back(now, target=target) if too_many else None,
        first_day=max(days[0] if days else today, min(ledger.joined_on, today)),
    )
