import json

import pytest
from django.core.management import CommandError, call_command

from ratio.models import Target
from tests.cast import NOW, make_lead, make_member, make_team
from tests.ratio.people import THIS_MONDAY, live, make_post
from tests.ratio.weeks import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lea(team):
    person = make_member(team, "Léa Martin", email="lea@example.org")
    live(team, person, [(1, 2), (1, 3), (2, 3), (2, 4)])
    Target.objects.create(team=team, share="0.40", since=THIS_MONDAY.replace(day=1))
    return person


def run(capsys, *args):
    call_command("ratio", *args)
    return capsys.readouterr().out


def test_it_prints_these_keys(lea, team, capsys):
    make_post(team, lea, at(THIS_MONDAY, 20))
    make_post(team, lea, at(THIS_MONDAY.replace(day=28), 20))
    make_post(team, lea, at(THIS_MONDAY.replace(month=12, day=16), 20))
    data = json.loads(run(capsys, "lea@example.org", "--at", "2026-11-24T10:00", "--json"))
    assert data == {
        "real": 6,
        "online": 11,
        "share": "6/17",
        "target": "0.40",
        "verdict": "UNDER",
        "reason": None,
        "needed": {"meetings": 3, "posts": None, "until": "2026-11-29"},
        "planned": {"real": 0, "online": 1},
        "forecast": [
            {"day": "2026-11-29", "real": 5, "online": 12},
            {"day": "2026-12-06", "real": 4, "online": 9},
            {"day": "2026-12-20", "real": 0, "online": 3},
        ],
    }


def test_somebody_new_with_nothing(team, capsys):
    make_member(team, "Noé", since=NOW.date(), email="noe@example.org")
    data = json.loads(run(capsys, "NOE@example.org", "--json", "--at", NOW.isoformat()))
    assert (data["share"], data["verdict"], data["reason"], data["target"]) == (
        None,
        "INCONCLUSIVE",
        "new",
        "0.30",
    )
    assert data["needed"]["meetings"] == 0


def test_in_words(lea, capsys):
    out = run(capsys, "lea@example.org", "--at", "2026-11-24T10:00+01:00")
    assert out.startswith("UNDER: 6/16 since 2026-10-28, target 0.40\nneeded until 2026-11-29: ")


def test_now_without_a_moment(lea, capsys, time_machine):
    time_machine.move_to(NOW)
    assert json.loads(run(capsys, "lea@example.org", "--json"))["real"] == 6


def test_it_says_what_is_wrong(lea, team):
    make_lead(team, email="ines@example.org")
    for args, words in [
        (["nobody@example.org"], "Nobody signs in"),
        (["ines@example.org"], "no community manager of any team"),
        (["lea@example.org", "--at", "yesterday"], "is no moment"),
        (["lea@example.org", "--at", "2020-01-01"], "was no community manager"),
    ]:
        with pytest.raises(CommandError, match=words):
            call_command("ratio", *args)
