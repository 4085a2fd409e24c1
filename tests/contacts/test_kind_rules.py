"""From which day on a kind of meeting counts: by the local day, and said of what was noted since."""

from datetime import date, timedelta

import pytest

from contacts import kind_rules
from contacts.models import KindRule, Touchpoint
from tests.cast import NOW, make_team, touchpoint_kind
from tests.contacts.cast import noted

pytestmark = pytest.mark.django_db


def test_rules_decide_by_the_local_day_of_the_meeting(team, lea, jo):
    call = touchpoint_kind("call")
    KindRule.objects.create(team=team, kind=call, is_real=True, since=date(2026, 11, 20))
    KindRule.objects.create(team=team, kind=call, is_real=False, since=date(2026, 11, 23))
    KindRule.objects.create(team=make_team(), kind=call, is_real=True, since=date(2026, 1, 1))
    table = {
        "2026-11-19T22:59": False,
        "2026-11-19T23:00": True,
        "2026-11-22T22:59": True,
        "2026-11-22T23:00": False,
    }
    for minute, is_real in table.items():
        met_at = NOW.fromisoformat(f"{minute}:00+00:00")
        assert noted(team, lea, [jo], met_at=met_at, kind=call).touchpoint.is_real is is_real, minute


def test_a_new_rule_is_said_of_what_was_noted_since_up_to_the_next_rule(team, lea, jo):
    call = touchpoint_kind("call")
    days = [NOW - timedelta(days=days) for days in (10, 6, 2)]
    rows = [noted(team, lea, [jo], met_at=day, kind=call).touchpoint for day in days]
    kind_rules.apply_rule(team=team, kind=call, is_real=False, since=date(2026, 11, 21), by=lea, now=NOW)
    assert (
        kind_rules.apply_rule(team=team, kind=call, is_real=True, since=date(2026, 11, 16), by=lea, now=NOW)
        == 1
    )
    assert [Touchpoint.objects.get(pk=row.pk).is_real for row in rows] == [False, True, False]
    assert (
        kind_rules.apply_rule(team=team, kind=call, is_real=True, since=date(2026, 11, 21), by=lea, now=NOW)
        == 1
    )
