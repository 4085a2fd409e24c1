"""The page of a launch's relays: who passes it on, by which link, how often it was clicked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import segno
from django.utils.safestring import SafeString, mark_safe

from outreach.launches import addresses, clicks, relays
from outreach.models import Launch, Relay


@dataclass(frozen=True)
class Row:
    """One relay. `share` is its part of all clicks on the launch's relays; None while there are none."""

    relay: Relay
    address: str
    days: Mapping[date, int]
    clicks: int
    in_first_week: int
    share: Fraction | None

    @property
    def name(self) -> str:
        """The contact, or the code of a link whose contact is gone."""
        return str(self.relay.contact or self.relay.code)


@dataclass(frozen=True)
class Relaying:
    """All relays of a launch, the most clicked first, and what is counted of them together."""

    launch: Launch
    rows: Sequence[Row]

    @property
    def clicks(self) -> int:
        return sum(row.clicks for row in self.rows)

    @property
    def in_first_week(self) -> int:
        """Clicks on the launch day and the six after it."""
        return sum(row.in_first_week for row in self.rows)

    @property
    def by_day(self) -> list[tuple[date, int, list[tuple[str, int]]]]:
        """(day, clicks, [(relay, clicks)]) of each day that had any, the latest first."""
        days = sorted({day for row in self.rows for day in row.days}, reverse=True)
        found = []
        for day in days:
            of_day = [(row.name, row.days[day]) for row in self.rows if row.days.get(day)]
            found.append((day, sum(n for _, n in of_day), of_day))
        return found

    @property
    def example(self) -> str:
        """Where the first link leads, parameters included; "" without one."""
        values = {name: getattr(self.launch, name) for name in addresses.NAMES}
        name = self.rows[0].relay.name if self.rows else addresses.RELAY
        return addresses.target(self.launch.address, values, name)


def of_launch(launch: Launch) -> Relaying:
    """The relays of a launch with their clicks; two queries."""
    found = clicks.by_day(launch)
    everything = sum(sum(days.values()) for days in found.values())
    rows = [
        _row(relay, found.get(relay.pk, {}), everything)
        for relay in Relay.objects.filter(launch=launch).select_related("contact", "launch")
    ]
    return Relaying(launch, sorted(rows, key=lambda row: (-row.clicks, row.name.casefold(), row.relay.pk)))


def picture(address: str) -> SafeString:
    """The QR code of an address as SVG, black on white: a printed code with a margin that any camera finds."""
    code = segno.make_qr(address, error="q")
    return mark_safe(code.svg_inline(border=4, omitsize=True, dark="#000", light="#fff"))


def _row(relay: Relay, days: Mapping[date, int], everything: int) -> Row:
    together = sum(days.values())
    week = relay.launch.day, relay.launch.last_day_of_week
    return Row(
        relay=relay,
        address=relays.address(relay),
        days=days,
        clicks=together,
        in_first_week=sum(n for day, n in days.items() if week[0] <= day <= week[1]),
        share=Fraction(together, everything) if everything else None,
    )
