"""The launch ahead, in one card of another page: how long until it, and how many were met.

The figures are those of `coverage`, counted by the database: the page that shows them has no query to spare.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Team
from contacts.models import Affiliation, Touchpoint
from contacts.models.kind import COLLEAGUE
from outreach.launches import words
from outreach.models import Answer, Approach, Launch


@dataclass(frozen=True)
class Ahead:
    """The next launch of a team. `met` of `total` are told without colleagues: they are its first circle."""

    launch: Launch
    met: int
    total: int
    are_groups: bool
    today: date

    @property
    def left(self) -> str:
        """3 weeks left."""
        return words.left(self.launch.day, self.today)

    @property
    def sentence(self) -> str:
        """9 of 14 groups met."""
        return words.met(self)


def to_come(team: Team, today: date) -> QuerySet[Launch]:
    """The team's launches that are not out yet, and the one that comes out today; the next first."""
    return Launch.objects.of_team(team).filter(day__gte=today).order_by("day", "pk")


def figures() -> dict[str, Any]:
    """What a query of launches is annotated with: `met`, `total`, and `others`, whether some are no groups."""
    rows = Approach.objects.kept().filter(launch=OuterRef("pk")).order_by()
    rows = rows.exclude(contact__kind__code=COLLEAGUE, contact__kind__team=None)
    return {
        "met": _count(rows.filter(_was_met())),
        "total": _count(rows),
        "others": Exists(rows.filter(contact__is_group=False)),
    }


def _was_met() -> Q:
    """Said to be, won over, or by a meeting that carries the launch's tag: with the contact, or a member of the group."""
    asked = Approach.objects.kept().filter(launch=OuterRef(OuterRef(OuterRef("launch"))))
    members = Affiliation.objects.filter(group=OuterRef(OuterRef("contact")), until=None)
    members = members.exclude(person__in=asked.values("contact"))  # who is met for themselves
    meetings = Touchpoint.objects.kept().filter(
        Q(contacts=OuterRef("contact")) | Q(contacts__in=members.values("person")),
        team=OuterRef("launch__team"),
        tags=OuterRef("launch__tag"),
        is_real=True,
    )
    won = Q(answer=Answer.ON_BOARD, answered_on__isnull=False)
    return Q(met_on__isnull=False) | won | Q(Exists(meetings))


def _count(rows: QuerySet[Approach]) -> Coalesce:
    counted = rows.annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
