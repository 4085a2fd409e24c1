"""The demo is believable on whatever day and hour it is built, and touches nobody's work."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Team, User
from communitycrm.demo import build
from contacts.models import Contact
from ratio import presence
from ratio.models import Episode
from tests.cast import make_team

pytestmark = pytest.mark.django_db

# A Sunday night, a Monday at dawn, a Wednesday noon, the spring night on which an hour is missing.
MOMENTS = [
    datetime(2026, 11, 22, 22, 55, tzinfo=UTC),
    datetime(2026, 11, 23, 4, 10, tzinfo=UTC),
    datetime(2026, 12, 2, 11, 0, tzinfo=UTC),
    datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
]


def person(key: str) -> User:
    return User.objects.get(email=f"{key}@demo.example")


@pytest.mark.parametrize("now", MOMENTS, ids=lambda now: now.strftime("%a %d %b %Hh"))
def test_each_of_the_four_stands_where_the_story_says(now):
    build.build(now)
    team = Team.objects.get()
    words = {
        key: presence.card(person(key), team, now).standing.verdict.word
        for key in ("on-target", "under", "online", "new")
    }
    assert words == {
        "on-target": "ON_TARGET",
        "under": "UNDER",
        "online": "MOSTLY_ONLINE",
        "new": "INCONCLUSIVE",
    }
    assert [episode.manager.email for episode in Episode.objects.filter(closed_on=None)] == [
        "online@demo.example"
    ]


def test_some_120_contacts_with_names_of_their_own_were_met_over_three_months():
    now = MOMENTS[2]
    build.build(now)
    told = list(Contact.objects.values_list("name", "last_met_at"))
    assert 110 <= len(told) <= 130
    assert len({name for name, _ in told}) == len(told)
    assert all(met is None or now - timedelta(days=95) < met < now for _, met in told)


def test_the_command_prints_six_sign_ins(settings):
    out = StringIO()
    call_command("demo", stdout=out)
    lines = [line.split() for line in out.getvalue().splitlines() if "@" in line]
    assert [email for email, _ in lines] == [
        f"{key}@demo.example" for key in ("on-target", "under", "online", "new", "lead", "admin")
    ]
    assert person("lead").check_password(lines[-1][1])


def test_a_database_that_holds_something_is_left_alone():
    make_team()
    with pytest.raises(CommandError, match="never touches"):
        call_command("demo", stdout=StringIO())
    assert not User.objects.exists()
