"""The lead's page: periods, comparison, filters, the table and its files; who may see what, and the trail."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from ratio.models import ContextNote, Leave, Policy
from tests.cast import NOW, make_admin, make_lead, make_member, make_outsider, make_team
from tests.ratio.people import THIS_MONDAY, live, make_post, signed_in, team_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def shown(team):
    return Policy.objects.create(
        team=team,
        individual_view_since=THIS_MONDAY,
        individual_view_purpose="aider",
        people_informed_on=THIS_MONDAY,
    )


@pytest.fixture
def people(team, lea):
    """Léa is under; Anna too new; Noé away; Zoé’s posts stopped."""
    anna = make_member(team, "=Anna", since=NOW.date() - 3 * DAY)
    noe, zoe = make_member(team, "Noé"), make_member(team, "Zoé")
    Leave.objects.create(team=team, manager=noe, first_day=THIS_MONDAY, last_day=NOW.date())
    live(team, zoe, [(3, 6)] * 6, last_monday=THIS_MONDAY - 21 * DAY)
    return [anna, lea, noe, zoe]


@pytest.fixture
def opened(client, team):
    signed_in(client, make_lead(team, language="en"))
    return lambda **query: client.get(team_address(team), query).content.decode()


def names_in(text):
    return [name for name in ("=Anna", "Léa Martin", "Noé", "Zoé") if f">{name}<" in text]


def test_chips_filter_and_never_sort(opened, shown, people):
    whole = opened()
    assert names_in(whole) == ["=Anna", "Léa Martin", "Noé", "Zoé"]
    places = [whole.index(f">{name}<") for name in names_in(whole)]
    assert places == sorted(places)
    for chip in (
        "The whole team (4)",
        "Under target for 2 weeks (1)",
        "Too early to say (1)",
        "Posts to bring in (1)",
        "Away (1)",
    ):
        assert chip in whole
    assert names_in(opened(show="under")) == ["Léa Martin"]
    assert names_in(opened(show="early")) == ["=Anna"]
    assert names_in(opened(show="away")) == ["Noé"]
    assert names_in(opened(show="stale")) == ["Zoé"]
    assert len(names_in(opened(show="nonsense", weeks="x"))) == 4


def test_a_period_and_the_teams_own_earlier_one(opened, shown, people):
    four = opened(compare="1")
    assert "Before" in four and "4 weeks" in four
    for weeks in ("12", "26", "52"):
        text = opened(weeks=weeks, compare="1")
        assert 'class="eq year"' in text and "<caption>" in text
    assert "<strong>26 meetings</strong>" in opened(weeks="12")


def test_the_table_and_its_files_have_the_same_columns(client, opened, team, shown, people):
    text = opened(view="table")
    head = ["Name", "State", "Since", "Meetings", "Posts", "Share", "Target", "What would help"]
    places = [text.index(f'<th scope="col">{name}</th>') for name in head]
    assert places == sorted(places)
    rows = list(
        csv.reader(
            io.StringIO(client.get(reverse("ratio:team_csv", args=[team.slug])).content.decode("utf-8-sig"))
        )
    )
    assert rows[0] == head
    assert [row[0] for row in rows[1:]] == ["'=Anna", "Léa Martin", "Noé", "Zoé"]
    assert rows[2][3:7] == ["4", "32", "11%", "30%"]
    assert rows[1][5] == ""  # too early: no percent
    answer = client.get(reverse("ratio:team_xlsx", args=[team.slug]), {"show": "early"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    cells = list(sheet.iter_rows(values_only=True))
    assert list(cells[0]) == head
    assert [row[0] for row in cells[1:]] == ["=Anna"]
    assert sheet["A2"].data_type == "s"
    written = AuditEntry.objects.filter(action="presence.exported")
    assert [len(entry.details["people"]) for entry in written.order_by("pk")] == [4, 1]


def test_admins_see_the_team_together_and_no_single_person(client, team, shown, people):
    signed_in(client, make_admin())
    text = client.get(team_address(team)).content.decode()
    assert names_in(text) == []
    for name in ("team_csv", "team_xlsx"):
        assert client.get(reverse(f"ratio:{name}", args=[team.slug])).status_code == 403
    assert not AuditEntry.objects.filter(action__startswith="presence").exists()


@pytest.mark.parametrize("name", ["team_presence", "team_csv", "team_xlsx", "report"])
def test_files_and_pages_are_for_those_who_lead_the_team_now(client, team, shown, lea, name):
    where = reverse(f"ratio:{name}", args=[team.slug])
    lead = make_lead(team)
    assert signed_in(client, lead).get(where).status_code == 200
    lead.memberships.update(until=NOW.date())
    assert client.get(where).status_code == 404
    assert signed_in(client, lea).get(where).status_code == 403
    for stranger in (make_outsider(), make_lead(make_team("Ailleurs"))):
        assert signed_in(client, stranger).get(where).status_code == 404


def test_with_the_view_off_there_is_no_file(client, team, people):
    signed_in(client, make_lead(team))
    assert client.get(reverse("ratio:team_csv", args=[team.slug])).status_code == 403
    assert names_in(client.get(team_address(team)).content.decode()) == []


def test_a_lead_of_several_teams_switches(client, team, shown):
    lead, other = make_lead(team, language="en"), make_team("Ailleurs")
    assert "Teams you lead" not in signed_in(client, lead).get(team_address(team)).content.decode()
    lead.memberships.create(team=other, role="lead", since=NOW.date())
    assert team_address(other) in client.get(team_address(team)).content.decode()
    assert "Invite your first community manager" in client.get(team_address(team)).content.decode()


def test_what_explains_some_days_stands_on_the_card(opened, team, lea, shown):
    ContextNote.objects.create(
        team=team, manager=lea, first_day=THIS_MONDAY, last_day=NOW.date(), text="Festival week"
    )
    assert "Festival week" in opened()


def test_longer_periods_and_more_people_cost_no_more_queries(
    client, team, shown, people, django_assert_max_num_queries
):
    signed_in(client, make_lead(team))
    client.get(team_address(team))
    for number in range(6):
        live(team, make_member(team, f"CM {number}"), [(2, 3)] * 4)
    make_post(team, None, NOW - DAY)
    client.get(team_address(team))
    for query, most in (({}, 11), ({"weeks": "12"}, 11), ({"weeks": "52", "compare": "1"}, 11)):
        with django_assert_max_num_queries(most):
            client.get(team_address(team), query)
