"""Who was met, who came, side by side: the sentence, the tables, earlier launches."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from outreach.launches import picture, planning
from outreach.launches.coverage import State
from outreach.models import ClicksOfDay, Relay
from tests.cast import NOW, make_contact, make_member, make_team
from tests.outreach.launches.cast import approach, make_launch, make_visitors, meet

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 12)


@pytest.fixture
def lea(client):
    user = make_member(make_team(), language="en")
    client.force_login(user)
    return user


@pytest.fixture
def launch(lea):
    """Three of four met before the day, a relay with 31 clicks."""
    team = lea.memberships.get().team
    kinds = ("band", "band", "webzine", "association")
    contacts = [make_contact(team, f"{kind} {n}", kind) for n, kind in enumerate(kinds)]
    launch = make_launch(team, contacts, by=lea, day=DAY)
    meet(launch, lea, contacts[:1], met_at=NOW - timedelta(days=60))
    meet(launch, lea, [contacts[0], contacts[2]], met_at=NOW - timedelta(days=30))
    meet(launch, lea, contacts[1:2], met_at=NOW - timedelta(days=20))
    meet(launch, lea, contacts[3:4], met_at=NOW - timedelta(days=1))
    meet(launch, lea, contacts[3:4], met_at=NOW - timedelta(days=40), kind="call")
    planning.say(approach(launch, contacts[0]), State.ON_BOARD, by_meeting=True, by=lea, now=NOW)
    relay = Relay.objects.get()
    ClicksOfDay.objects.create(relay=relay, day=DAY, clicks=31)
    ClicksOfDay.objects.create(relay=relay, day=DAY + timedelta(days=9), clicks=5)
    return launch


def seen(launch):
    with translation.override("en"):
        found = picture.of_launch(launch, now=NOW)
        return found, found.conclusion


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        (
            [(0, 6, 100)],
            "3 of 4 groups met before the day; 100 visitors in the first week, 31% through relays",
        ),
        (
            [(0, 6, 20)],
            "3 of 4 groups met before the day; 20 visitors in the first week, 31 clicks on relays",
        ),
        (
            [(-3, 3, 100)],
            "3 of 4 groups met before the day; 100 visitors in the first week, 31 clicks on relays",
        ),
        ([(0, 0, 100)], "3 of 4 groups met before the day; how many came in the first week is not known yet"),
        ([(0, 6, 0)], "3 of 4 groups met before the day; 0 visitors in the first week, 31 clicks on relays"),
    ],
    ids=["share", "more clicks than visitors", "calendar week", "only a day", "nobody"],
)
def test_the_sentence_first_and_no_percent_that_would_mislead(launch, figures, said):
    for first, last, count in figures:
        make_visitors(launch, DAY + timedelta(days=first), count, DAY + timedelta(days=last))
    assert seen(launch)[1] == said


def test_before_the_day_it_says_how_much_time_is_left(lea):
    launch = make_launch(
        lea.memberships.get().team, [make_contact(lea.memberships.get().team, "A", "band")], by=lea
    )
    assert seen(launch)[1] == "0 of 1 group met, 3 weeks left"


def test_meetings_in_person_by_week_and_kind(launch):
    found, _ = seen(launch)
    with translation.override("en"):
        assert {lane.name: [week for week, n in enumerate(lane.weeks) if n] for lane in found.lanes} == {
            "Band": [1, 5, 6],
            "Webzine": [5],
            "Association": [9],
        }
        assert [together for _first, _counts, together in found.weeks] == [0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0]


def test_kinds_beyond_the_sixth_share_a_line(lea):
    team = lea.memberships.get().team
    kinds = ("band", "webzine", "association", "venue", "media", "festival", "brand", "institution")
    contacts = [make_contact(team, kind, kind) for kind in kinds]
    launch = make_launch(team, contacts, by=lea, day=DAY)
    for contact in contacts:
        meet(launch, lea, [contact], met_at=NOW - timedelta(days=20))
    found, _ = seen(launch)
    assert len(found.lanes) == picture.LANES
    assert sum(sum(lane.weeks) for lane in found.lanes) == 8


def test_the_page_claims_no_cause_and_says_what_the_percent_is_of(launch, client):
    make_visitors(launch, DAY, 100, DAY + timedelta(days=6))
    make_visitors(launch, DAY, 40)
    text = client.get(reverse("outreach:launch_picture", args=[launch.pk])).content.decode()
    assert (
        "31%: 31 clicks on relay links in those seven days, for 100 unique visitors. A click is not a visitor"
        in text
    )
    assert "It does not say that the one came of the other." in text
    assert "not known" in text  # a day that is a gap
    assert text.count('class="score') == 2


def test_earlier_launches_of_the_team_stand_beside_it(launch, lea, client):
    text = client.get(reverse("outreach:launch_picture", args=[launch.pk])).content.decode()
    assert "Beside earlier launches" not in text
    before = make_launch(launch.team, by=lea, name="Avant", day=date(2026, 5, 1))
    make_visitors(before, before.day, 2150, before.day + timedelta(days=6))
    make_launch(make_team("Ailleurs"), name="Leur lancement", day=date(2026, 5, 1))
    text = client.get(reverse("outreach:launch_picture", args=[launch.pk])).content.decode()
    assert "2,150" in text
    assert "Leur lancement" not in text


def test_the_table_as_a_file_has_gaps_where_nothing_is_known(launch, client):
    make_visitors(launch, DAY, 40)
    make_visitors(launch, DAY + timedelta(days=2), 0)
    response = client.get(reverse("outreach:picture_csv", args=[launch.pk]))
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["Day", "Days from the launch", "Meetings", "Unique visitors", "Clicks on relays", "Band", "Association", "Webzine"]  # fmt: skip
    assert len(rows) == 1 + 84
    by_day = {row[0]: row for row in rows[1:]}
    assert by_day["2026-11-12"][1:5] == ["0", "0", "40", "31"]
    assert by_day["2026-11-13"][3] == ""
    assert by_day["2026-11-14"][3] == "0"
    assert by_day["2026-10-25"][2] == "1"
    assert response["Content-Disposition"] == 'attachment; filename="ouverture-2026-11-12.csv"'


def test_pages_cost_the_same_with_much_and_little(launch, lea, client):
    names = ("launch_picture", "picture_csv", "launch_relays", "launch_after")

    def costs():
        found = []
        for name in names:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse(f"outreach:{name}", args=[launch.pk])).status_code == 200
            found.append(len(captured))
        return found

    make_launch(launch.team, by=lea, name="Avant", day=date(2026, 5, 1))
    costs()
    few = costs()
    for n in range(12):
        contact = make_contact(launch.team, f"More {n}", "band")
        planning.add(launch, contacts=[contact], by=lea, now=timezone.now())
        meet(launch, lea, [contact], met_at=NOW - timedelta(days=20))
        planning.say(approach(launch, contact), State.ON_BOARD, by_meeting=True, by=lea, now=NOW)
        make_visitors(launch, DAY + timedelta(days=n), n)
        make_launch(launch.team, [contact], by=lea, name=f"Avant {n}", day=date(2026, 5, 1))
    assert costs() == few
    assert max(few) <= 16
