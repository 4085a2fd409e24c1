"""Plausible's Stats API v2 (plausible.io/docs/stats-api-v2): POST /api/v2/query with a key as bearer token.

Days without visitors are not in its answer: they stay gaps.
"""

from datetime import date
from typing import Any

from foundation import fetch
from outreach.launches.analytics.base import WEEK, CannotAsk, Figure, Trouble, day_figure, parsed, whole


def days(address: str, site: str, token: str, first: date, last: date) -> list[Figure]:
    """Unique visitors of each day that had any. Raises CannotAsk, FetchError."""
    rows = _ask(address, site, token, first, last, ["time:day"])
    return [day_figure(*_cells(row)) for row in rows]


def week(address: str, site: str, token: str, first: date) -> Figure:
    """Unique visitors of the seven days from `first`."""
    rows = _ask(address, site, token, first, first + WEEK, [])
    if len(rows) != 1:
        raise CannotAsk(Trouble.ODD)
    return Figure(first, first + WEEK, whole(_cells(rows[0])[1]))


def _cells(row: Any) -> tuple[str, Any]:
    try:
        dimensions, metrics = row["dimensions"], row["metrics"]
        return str(dimensions[0] if dimensions else ""), metrics[0]
    except (KeyError, IndexError, TypeError):
        raise CannotAsk(Trouble.ODD) from None


def _ask(address: str, site: str, token: str, first: date, last: date, dimensions: list[str]) -> list[Any]:
    query = {
        "site_id": site,
        "metrics": ["visitors"],
        "date_range": [first.isoformat(), last.isoformat()],
        "dimensions": dimensions,
    }
    found = parsed(fetch.post(f"{address.rstrip('/')}/api/v2/query", json=query, token=token))
    rows = found.get("results") if isinstance(found, dict) else None
    if not isinstance(rows, list):
        raise CannotAsk(Trouble.ODD)
    return rows
