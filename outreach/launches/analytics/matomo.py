"""Matomo's Reporting API (developer.matomo.org/api-reference/reporting-api): VisitsSummary.getUniqueVisitors.

The token travels in a form, as Matomo advises: an address ends up in logs. Errors come with 200 and
`{"result": "error"}`. Unique visitors of any seven days (`period=range`) are only counted where the server is set up
for it (FAQ 113); else the calendar week of the launch day is asked for, Monday to Sunday, and is shown as such.
"""

from datetime import date, timedelta
from typing import Any

from foundation import fetch
from outreach.launches.analytics.base import WEEK, CannotAsk, Figure, Trouble, day_figure, parsed, whole


def days(address: str, site: str, token: str, first: date, last: date) -> list[Figure]:
    """Unique visitors of each day that the service knows. Raises CannotAsk, FetchError."""
    found = _ask(address, site, token, "day", f"{first},{last}")
    if first == last and isinstance(found, dict) and set(found) == {"value"}:
        return [Figure(first, last, whole(found["value"]))]
    if found == []:  # nothing at all was counted in these days
        return []
    if not isinstance(found, dict):
        raise CannotAsk(Trouble.ODD)
    return [day_figure(day, count) for day, count in found.items() if count != []]


def week(address: str, site: str, token: str, first: date) -> Figure:
    """Unique visitors of the seven days from `first`, or of its calendar week where only those are counted."""
    last = first + WEEK
    try:
        return Figure(first, last, _value(_ask(address, site, token, "range", f"{first},{last}")))
    except CannotAsk as error:
        if error.trouble is not Trouble.ODD:
            raise
    monday = first - timedelta(days=first.weekday())
    return Figure(monday, monday + WEEK, _value(_ask(address, site, token, "week", str(first))))


def _value(found: Any) -> int:
    if not isinstance(found, dict) or "value" not in found:
        raise CannotAsk(Trouble.ODD)
    return whole(found["value"])


def _ask(address: str, site: str, token: str, period: str, day: str) -> Any:
    form = {
        "module": "API",
        "method": "VisitsSummary.getUniqueVisitors",
        "idSite": site,
        "period": period,
        "date": day,
        "format": "JSON",
        "token_auth": token,
    }
    found = parsed(fetch.post(f"{address.removesuffix('/index.php').rstrip('/')}/index.php", form=form))
    if isinstance(found, dict) and found.get("result") == "error":
        said = str(found.get("message", "")).lower()
        may_not = any(word in said for word in ("access", "token", "auth", "permission"))
        raise CannotAsk(Trouble.REFUSED if may_not else Trouble.ODD)
    return found
