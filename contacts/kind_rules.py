"""From which day on a kind of meeting counts as a real action, in a team. What was noted says so itself."""

from datetime import date, datetime
from functools import cache

from django.db import transaction

from accounts import audit
from accounts.models import Team, User
from contacts.models import KindRule, Participation, Touchpoint, TouchpointKind
from contacts.models.touchpoint import TouchpointQuerySet
from foundation.compiled import Compiled, given


def counts_as_real(*, team: Team, kind: TouchpointKind, day: date) -> bool:
    """Whether a kind counts as a real action on a day of the team: its latest rule by then, else as we ship it."""
    rules = _latest_rule().rows(team=team, kind=kind, day=day)
    return rules[0].is_real if rules else kind.is_real


@cache
def _latest_rule() -> Compiled:
    rules = KindRule.objects.filter(team=given("team"), kind=given("kind"), since__lte=given("day"))
    return Compiled(rules.order_by("-since")[:1])


def apply_rule(
    *, team: Team, kind: TouchpointKind, is_real: bool, since: date, by: User, now: datetime
) -> int:
    """Decide that a kind counts, or not, from a day on, and say so on what was noted from that day on.

    Up to the next rule, if there is one later. Returns how many touchpoints changed.
    """
    with transaction.atomic():
        KindRule.objects.update_or_create(team=team, kind=kind, since=since, defaults={"is_real": is_real})
        day = since.isoformat()
        audit.record(
            action="kind_rule.set", actor=by, team=team, now=now, kind=kind.pk, is_real=is_real, since=day
        )
        return _governed(team, kind, since).exclude(is_real=is_real).update(is_real=is_real)


def would_change(*, team: Team, kind: TouchpointKind, is_real: bool, since: date) -> tuple[int, int]:
    """Before `apply_rule`: how many meetings would change, and for how many people. Two queries."""
    changing = _governed(team, kind, since).kept().exclude(is_real=is_real)
    people = Participation.objects.filter(touchpoint__in=changing).values("manager").distinct()
    return changing.count(), people.count()


def _governed(team: Team, kind: TouchpointKind, since: date) -> TouchpointQuerySet:
    """What was noted of a kind from a day on, up to the next rule if there is one later."""
    later = KindRule.objects.filter(team=team, kind=kind, since__gt=since).order_by("since").first()
    touchpoints = Touchpoint.objects.filter(team=team, kind=kind, met_at__gte=team.bounds_of(since)[0])
    return touchpoints.filter(met_at__lt=team.bounds_of(later.since)[0]) if later else touchpoints
