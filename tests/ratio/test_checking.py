"""The naive way and the quick way say the same of any history; the command says so, or where not.

Long form by hand: `HISTORIES=200 pytest tests/ratio/test_checking.py`.
"""

import functools
import io
import os
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings

from contacts.models import Touchpoint
from ratio import checking, readings
from ratio.models import Exclusion
from tests.cast import NOW
from tests.ratio.histories import histories, some_days, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
MANY = int(os.environ.get("HISTORIES", "5"))


def check(*args: str) -> str:
    out = io.StringIO()
    call_command("check_data", *args, stdout=out)
    return out.getvalue()


@settings(
    max_examples=MANY,
    deadline=None,
    derandomize=MANY < 100,
    phases=[Phase.generate],  # a seed does not shrink
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=histories)
def test_any_history_is_counted_alike_both_ways(history):
    with transaction.atomic():
        team = write(**history)
        found = list(checking.differences(team, some_days(history["end"], history["seed"])))
        transaction.set_rollback(True)
    assert found == []


def test_no_difference_is_said_and_the_command_succeeds(lea):
    assert "0 differences" in check("--days", "9")


def test_a_difference_is_named_and_the_command_fails(lea, team, monkeypatch):
    """Here the quick way is made to read too few weeks."""
    too_short = functools.partial(readings.of_team, back=7)
    monkeypatch.setattr("ratio.checking.readings.of_team", too_short)
    out = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("check_data", "--days", "3", "--team", team.slug, stdout=out)
    assert left.value.code == 1
    assert f"{team.slug}, person {lea.pk}, {(NOW - timedelta(days=1)).date()}" in out.getvalue()


def test_an_unknown_team_is_said(team):
    with pytest.raises(CommandError, match="nirgends"):
        check("--team", "nirgends")


def test_what_is_excluded_is_excluded_both_ways(lea, team):
    touchpoint = Touchpoint.objects.filter(team=team).order_by("-met_at").first()
    Exclusion.objects.create(team=team, manager=lea, touchpoint=touchpoint, reason="Twice", by=lea, at=NOW)
    assert "0 differences" in check("--days", "5")
