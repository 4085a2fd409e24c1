"""Each calendar by strangers, through the command: the instances that its README gives."""

import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from events.models import Entry, Occurrence, Series, Source
from tests.cast import make_admin, make_lead, make_member, make_team
from tests.samples import sample

pytestmark = pytest.mark.django_db
ROWS = [
    [cell.strip() for cell in line.split("|")]
    for line in sample("ical/README.md").read_text().splitlines()
    if ".ics" in line and line.startswith("|")
]
FACTS = [
    (row[1], int(re.search(r"(\d+) VEVENT", row[6])[1]), int(found[1]))
    for row in ROWS
    if (found := re.search(r"(\d+) instances", row[6]))
]
UNTIL_2025 = ["--from", "1970-01-01", "--until", "2024-12-31"]


@pytest.fixture
def team():
    team = make_team()
    make_lead(team)
    return team


def run(team, path, *arguments):
    out = StringIO()
    call_command("import_calendar", str(path), "--team", team.slug, *arguments, stdout=out)
    return out.getvalue()


def test_the_readme_tells_of_all_files():
    assert len(ROWS) == 16 and len(FACTS) == 13


@pytest.mark.parametrize(("name", "events", "instances"), FACTS, ids=[name for name, *_ in FACTS])
def test_a_file_gives_the_instances_that_two_others_counted(team, name, events, instances):
    for _again in (1, 2):
        told = json.loads(run(team, sample(f"ical/{name}"), *UNTIL_2025, "--json"))
        assert told == {"events": events, "occurrences": instances, "cancelled": 0, "rejected": []}
    assert Entry.objects.count() == Series.objects.count() + Occurrence.objects.filter(series=None).count()


def test_several_calendars_in_one_file_folded_with_empty_lines(team):
    told = json.loads(run(team, sample("ical/multiple_calendar_components.ics"), *UNTIL_2025, "--json"))
    assert (told["events"], told["occurrences"], told["rejected"]) == (3, 3, [])


def test_a_calendar_without_events_is_no_error(team):
    told = json.loads(run(team, sample("ical/blank_line_mid.ics"), "--json"))
    assert told == {"events": 0, "occurrences": 0, "cancelled": 0, "rejected": []}


def test_one_that_breaks_off_is_refused_and_leaves_nothing(team):
    out = StringIO()
    with pytest.raises(CommandError, match="END:VCALENDAR"):
        call_command(
            "import_calendar",
            str(sample("ical/small_bad_calendar.ics")),
            "--team",
            team.slug,
            "--json",
            stdout=out,
        )
    told = json.loads(out.getvalue())
    assert told["events"] == 0 and len(told["rejected"]) == 1
    assert not Source.objects.exists()


def test_people_get_sentences(team, tmp_path):
    path = tmp_path / "week.ics"
    path.write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Weekly\nDTSTART:20260101T180000\nRRULE:FREQ=WEEKLY;\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:2\nSUMMARY:Odd\nDTSTART:20260101T180000\nRRULE:FREQ=HOURLY\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    said = run(
        team,
        path,
        "--by",
        make_member(team).email,
        "--hosted",
        "--from",
        "2026-01-01",
        "--until",
        "2026-01-31",
    )
    assert "Odd" in said and said.count("\n") == 4
    assert Series.objects.get().hosts.get().name == "Léa Martin"


def test_what_cannot_be_done_is_said(team, tmp_path):
    path = tmp_path / "empty.ics"
    path.write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    empty = make_team("Nobody’s")
    for arguments in (
        (empty, path),
        (team, tmp_path / "none.ics"),
        (team, path, "--by", "x@example.org"),
        (team, path, "--from", "x"),
    ):
        with pytest.raises(CommandError):
            run(*arguments)
    make_admin()
    assert json.loads(run(empty, path, "--json"))["events"] == 0
