"""What stands in the way of a date is said, and stops nobody."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from events import clashes
from events.clashes import Slot
from events.models import Occurrence, Outcome
from foundation import workdays
from tests.cast import NOW, make_member, make_team
from tests.events.cast import make_occurrence, make_series

pytestmark = pytest.mark.django_db
CHRISTMAS = datetime(2026, 12, 25, 17, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def team():
    return make_team(country="FR")


@pytest.fixture
def lea(team):
    return make_member(team)


def remarks(team, *rows, without=None):
    fresh = Occurrence.objects.filter(pk__in=[row.pk for row in rows]).prefetch_related("hosts")
    return clashes.of_slots(
        [clashes.slot_of(row) for row in fresh.order_by("pk")], team=team, without=without
    )


def test_a_host_who_is_elsewhere_then(team, lea):
    noe = make_member(team, "Noé Tessier")
    asked = make_occurrence(team, lea, others=(noe,), starts_at=NOW + timedelta(days=2))
    overlapping = make_occurrence(team, noe, title="Concert", starts_at=NOW + timedelta(days=2, minutes=59))
    make_occurrence(team, noe, title="Right after", starts_at=NOW + timedelta(days=2, hours=1))
    make_occurrence(team, noe, title="Called off", starts_at=asked.starts_at, cancelled_at=NOW)
    make_occurrence(team, noe, title="Fell through", starts_at=asked.starts_at, outcome=Outcome.DID_NOT)
    make_occurrence(team, make_member(team, "Ada"), title="Somebody else’s", starts_at=asked.starts_at)
    assert remarks(team, asked, overlapping) == [
        ["Noé: Concert at the same time"],
        ["Noé: Apéro at the same time", "Noé: Right after at the same time"],
    ]


def test_what_a_host_does_in_another_team_is_not_named(team, lea):
    asked = make_occurrence(team, lea)
    make_occurrence(make_team("Ailleurs"), lea, title="Interview with Jo Brume")
    assert remarks(team, asked) == [["Léa: something in another team at the same time"]]


def test_a_public_holiday_of_the_teams_country(team, lea):
    holiday = make_occurrence(team, lea, starts_at=CHRISTMAS)
    assert remarks(team, holiday) == [["Public holiday: Christmas Day"]]
    assert remarks(make_team("Elsewhere", country=""), holiday) == [[]]


def test_the_dates_of_the_series_itself_are_no_clash(team, lea, django_assert_num_queries):
    series = make_series(team, lea)
    first = series.occurrences.order_by("starts_at").first()
    slot = Slot(first.starts_at, first.ends_at, frozenset([lea.pk]))
    assert clashes.of_slots([slot], team=team) == [["Léa: Apéro at the same time"]]
    assert clashes.of_slots([slot], team=team, without=series) == [[]]
    with django_assert_num_queries(0):
        assert clashes.of_slots([Slot(first.starts_at, first.ends_at, frozenset())], team=team) == [[]]
    with django_assert_num_queries(2):
        clashes.of_slots([slot] * 20, team=team)


@pytest.mark.parametrize(
    ("country", "language", "name"),
    [
        ("FR", "fr", "Fête nationale"),
        ("FR", "en", "National Day"),
        ("FR", "de", "Fête nationale"),
        ("US", "fr", ""),
        ("", "fr", ""),
        ("XX", "en", ""),
    ],
)
def test_a_holiday_has_its_name_in_the_readers_language(country, language, name):
    assert workdays.holiday(date(2026, 7, 14), country=country, language=language) == name
