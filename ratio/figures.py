"""A standing as plain data, under the names that scripts rely on."""

from decimal import Decimal
from typing import Any

from ratio.standings import Standing


def as_data(standing: Standing) -> dict[str, Any]:
    """The keys of `manage.py ratio --json`.

    `real`, `online` and the unreduced `share` are those the verdict went by (56 days where 28 hold too little);
    `forecast` holds the 28 days that end on each Sunday; `target` is text with two places; days are ISO.
    """
    said, needs, target = standing.verdict, standing.needed, standing.target
    return {
        "real": said.counts.real,
        "online": said.counts.online,
        "share": said.counts.text,
        "target": f"{Decimal(target.numerator) / Decimal(target.denominator):.2f}",
        "verdict": str(said.word),
        "reason": str(said.reason) if said.reason else None,
        "needed": {"meetings": needs.meetings, "posts": needs.posts, "until": needs.until.isoformat()},
        "planned": {"real": standing.planned.real, "online": standing.planned.online},
        "forecast": [
            {"day": reading.day.isoformat(), "real": reading.counts.real, "online": reading.counts.online}
            for reading in standing.forecasts
        ],
    }
