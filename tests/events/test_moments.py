"""When something is, in words: with its time, or the day alone for what takes all day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Team
from events.models import Occurrence
from events.moments import day_of_midnight, when

PARIS = ZoneInfo("Europe/Paris")
MIDNIGHT = datetime(2026, 12, 9, 23, tzinfo=UTC)  # of 10 December in Paris
ZONES = (
    "Europe/Paris",
    "Atlantic/Azores",
    "America/Los_Angeles",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Auckland",  # +12 and +13
    "Pacific/Kiritimati",  # +14
    "Pacific/Pago_Pago",  # -11
    "Etc/GMT+12",  # -12
    "UTC",
)


@given(st.dates(date(1970, 1, 2), date(2100, 1, 1)), st.sampled_from(ZONES).map(ZoneInfo))
def test_the_day_of_a_midnight_is_its_day_wherever_it_was(day, zone):
    assert day_of_midnight(datetime.combine(day, time(), tzinfo=zone), zone) == day


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Asia/Tokyo", "Pacific/Noumea"])
def test_what_was_kept_in_paris_stays_on_its_day_when_the_team_moves(zone):
    assert day_of_midnight(MIDNIGHT, ZoneInfo(zone)) == date(2026, 12, 10)


@pytest.mark.parametrize(
    ("language", "zone", "is_all_day", "said"),
    [
        ("fr", "Europe/Paris", False, "jeudi 10~décembre, 0~h"),
        ("fr", "Europe/Paris", True, "jeudi 10~décembre"),
        ("en", "Europe/Paris", True, "Thursday 10~December"),
        ("en", "America/New_York", True, "Thursday 10~December"),
        ("en", "America/New_York", False, "Wednesday 9~December, 18:00"),
    ],
)
def test_what_takes_all_day_is_said_without_a_time_and_on_its_day(language, zone, is_all_day, said):
    occurrence = Occurrence(team=Team(), starts_at=MIDNIGHT, is_all_day=is_all_day)
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        assert when(occurrence) == said.replace("~", "\u00a0")


@pytest.mark.parametrize("template", ["event_tomorrow", "did_it_take_place"])
@pytest.mark.parametrize(
    ("language", "day", "hour"), [("fr", "10\u00a0décembre", "0\u00a0h"), ("en", "10\u00a0December", "00:00")]
)
def test_mails_say_the_day_and_no_midnight(template, language, day, hour):
    occurrence = Occurrence(
        team=Team(),
        title="Portes ouvertes",
        starts_at=MIDNIGHT,
        ends_at=MIDNIGHT + timedelta(days=1),
        is_all_day=True,
    )
    with translation.override(language), timezone.override(PARIS):
        told = render_to_string(
            f"events/notifications/{template}.html", {"occurrence": occurrence, "link": "/"}
        )
        assert day in told and hour not in told
        occurrence.is_all_day = False
        assert hour in render_to_string(
            f"events/notifications/{template}.html", {"occurrence": occurrence, "link": "/"}
        )
