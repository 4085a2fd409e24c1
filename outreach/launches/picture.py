"""The picture of a launch: who was met before, who came after, side by side. It says nothing of causes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property

from outreach.launches import coverage, relaying, visits, words
from outreach.launches.board import team_day
from outreach.launches.coverage import Coverage, Meeting
from outreach.launches.relaying import Relaying
from outreach.launches.score import BEFORE, DAYS, WEEKS, Lane
from outreach.launches.visits import Visits
from outreach.models import Launch

LANES = 6
"""Kinds with a line of their own; the rest share the last one."""
COMPARED = 6


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn and told. Weeks are seven days each, counted from the launch day."""

    coverage: Coverage
    visits: Visits
    relaying: Relaying
    today: date

    @property
    def launch(self) -> Launch:
        return self.coverage.launch

    @property
    def first_day(self) -> date:
        return self.launch.day - timedelta(days=BEFORE)

    @property
    def is_out(self) -> bool:
        return self.launch.is_out(self.today)

    @property
    def known_until(self) -> int:
        """How many days of the picture are over: of those, what is not known is a gap."""
        return max(0, min(DAYS, (self.today - self.first_day).days))

    @cached_property
    def meetings(self) -> list[Meeting]:
        """Meetings in person with the launch's contacts, in the days of the picture."""
        last = self.first_day + timedelta(days=DAYS)
        return [
            one
            for one in self.coverage.meetings
            if one.is_real and one.contacts and self.first_day <= one.day < last
        ]

    @cached_property
    def lanes(self) -> list[Lane]:
        """Meetings a week by kind of contact; one with two kinds stands in both."""
        kinds = {card.contact.pk: str(card.contact.kind) for card in self.coverage.everybody}
        found: dict[str, Counter[int]] = {}
        for one in self.meetings:
            for kind in {kinds[contact] for contact in one.contacts}:
                found.setdefault(kind, Counter())[self._week(one.day)] += 1
        order = sorted(found, key=lambda kind: (-found[kind].total(), kind))
        lanes = [(kind, found[kind]) for kind in order[:LANES]]
        if len(order) > LANES:
            rest = sum((found[kind] for kind in order[LANES - 1 :]), Counter())
            lanes = [*lanes[: LANES - 1], (words.others(), rest)]
        return [Lane(kind, [weeks[week] for week in range(WEEKS)]) for kind, weeks in lanes]

    @property
    def weeks(self) -> list[tuple[date, list[int], int]]:
        """(first day, meetings of each lane, meetings in all, each once) of each week."""
        whole = Counter(self._week(one.day) for one in self.meetings)
        return [
            (
                self.first_day + timedelta(days=7 * week),
                [lane.weeks[week] for lane in self.lanes],
                whole[week],
            )
            for week in range(WEEKS)
        ]

    @property
    def visitors(self) -> list[int | None]:
        """Unique visitors of each day; None where nothing is known."""
        days = self.visits.days
        return [days[day].count if day in days else None for day in self.days]

    @property
    def days(self) -> list[date]:
        return [self.first_day + timedelta(days=n) for n in range(DAYS)]

    @property
    def by_day(self) -> list[tuple[date, int | None, int]]:
        """(day, unique visitors, clicks on relays) of the days from the launch day on that are over."""
        clicks = Counter[date]()
        for row in self.relaying.rows:
            clicks.update(row.days)
        found = list(zip(self.days, self.visitors, strict=True))[BEFORE : max(BEFORE, self.known_until)]
        return [(day, count, clicks[day]) for day, count in found]

    @property
    def share(self) -> Fraction | None:
        """Clicks on relays in the first week, of its unique visitors. None where that would mislead: more clicks than
        visitors, or a figure that is not of these seven days."""
        week, clicks = self.visits.week, self.relaying.in_first_week
        if week is None or not week.is_exact or not 0 < clicks <= week.count:
            return None
        return Fraction(clicks, week.count)

    @property
    def sentence(self) -> tuple[str, str]:
        """(what stands in bold, the rest)."""
        if not self.is_out:
            return words.met(self.coverage), f", {words.left(self.launch.day, self.today)}"
        week = self.visits.week
        said = words.came(week.count if week else None, self.share, self.relaying.in_first_week)
        return (words.met_before(self.coverage), f"\u00a0; {said}" if words.is_french() else f"; {said}")

    @property
    def conclusion(self) -> str:
        """The sentence as plain text."""
        return "".join(self.sentence)

    def _week(self, day: date) -> int:
        return (day - self.first_day).days // 7


@dataclass(frozen=True)
class Compared:
    """One launch in the comparison with earlier ones."""

    coverage: Coverage
    visits: Visits
    is_this: bool


def of_launch(launch: Launch, *, now: datetime) -> Picture:
    """The picture of a launch, in a constant number of queries."""
    return Picture(
        coverage.of_launch(launch),
        visits.of_launch(launch),
        relaying.of_launch(launch),
        team_day(launch.team, now),
    )


def compared(launch: Launch) -> Sequence[Compared]:
    """The launch and the team's earlier ones, the latest first; empty when it is the first. A constant number of
    queries."""
    earlier = Launch.objects.of_team(launch.team).filter(day__lt=launch.day).select_related("team")
    launches = [launch, *earlier.order_by("-day", "-pk")[: COMPARED - 1]]
    if len(launches) == 1:
        return []
    met, came = coverage.of_launches(launches), visits.of_launches(launches)
    return [Compared(met[one.pk], came[one.pk], is_this=one == launch) for one in launches]


def rows(picture: Picture) -> list[list[str | int]]:
    """The picture as a table, a day a row: for CSV."""
    lanes = [lane.name for lane in picture.lanes]
    clicks = Counter[date]()
    for row in picture.relaying.rows:
        clicks.update(row.days)
    of_day: dict[date, Counter[str]] = {}
    kinds = {card.contact.pk: str(card.contact.kind) for card in picture.coverage.everybody}
    whole = Counter(one.day for one in picture.meetings)
    for one in picture.meetings:
        for kind in {kinds[contact] for contact in one.contacts}:
            name = kind if kind in lanes else words.others()
            of_day.setdefault(one.day, Counter())[name] += 1
    header: list[str | int] = [*words.columns(), *lanes]
    found = [header]
    for number, (day, count) in enumerate(zip(picture.days, picture.visitors, strict=True)):
        start: list[str | int] = [day.isoformat(), number - BEFORE, whole[day]]
        start += ["" if count is None else count, clicks[day]]
        found.append([*start, *(of_day.get(day, Counter())[lane] for lane in lanes)])
    return found
