import json
from datetime import UTC
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from events.recurrence import starts_at
from tests.events.rule_table import table

PARIS = ["--zone", "Europe/Paris"]
YEAR = ["--from", "2026-11-01", "--until", "2027-04-30"]


def run(*arguments):
    out = StringIO()
    call_command("occurrences", *arguments, stdout=out)
    return out.getvalue()


def starts(*arguments):
    return json.loads(run(*arguments, "--json"))["starts"]


def test_all_rules_of_the_table_give_their_instances():
    days = ["--from", "1990-01-01", "--until", "2040-12-31", "--zone", "UTC"]
    for rule, dtstart, instances in table():
        found = starts("--rrule", rule, "--dtstart", dtstart.isoformat(), *days)
        assert found == [starts_at(one, UTC).isoformat() for one in instances], rule


def test_the_offset_is_that_of_the_day():
    found = starts("--rrule", "FREQ=MONTHLY;BYDAY=-1TH", "--dtstart", "2026-11-26T18:30", *PARIS, *YEAR)
    assert found[0] == "2026-11-26T18:30:00+01:00"
    assert found[-1] == "2027-04-29T18:30:00+02:00"
    assert len(found) == 6


def test_exceptions_and_extra_dates_as_local_time_a_day_or_utc():
    rule = ["--rrule", "FREQ=WEEKLY;COUNT=4", "--dtstart", "20261126T183000", *PARIS, *YEAR]
    without = [
        "--exdate",
        "2026-12-03T18:30:00",
        "--exdate",
        "2026-12-10",
        "--exdate",
        "2026-12-17T17:30:00Z",
    ]
    assert starts(*rule, *without, "--rdate", "2026-11-30T12:00") == [
        "2026-11-26T18:30:00+01:00",
        "2026-11-30T12:00:00+01:00",
    ]


def test_a_whole_day_begins_at_midnight():
    rule = [
        "--rrule",
        "FREQ=DAILY;COUNT=2",
        "--dtstart",
        "2026-11-26",
        "--exdate",
        "2026-11-27",
        *PARIS,
        *YEAR,
    ]
    assert starts(*rule) == ["2026-11-26T00:00:00+01:00"]


def test_people_get_the_rule_in_words_too():
    said = run("--rrule", "FREQ=WEEKLY;COUNT=2", "--dtstart", "2026-11-26T18:30", *PARIS, *YEAR).splitlines()
    assert len(said) == 3 and "18" in said[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"--rrule": "FREQ=SECONDLY"},
        {"--rrule": "FREQ=DAILY;INTERVAL=0"},
        {"--rrule": "every day"},
        {"--dtstart": "tomorrow"},
        {"--zone": "Europe/Atlantis"},
        {"--zone": "../../etc/passwd"},
        {"--from": "1 November"},
        {"--exdate": "noon"},
    ],
)
def test_what_cannot_be_read_is_said(wrong):
    asked = {"--rrule": "FREQ=DAILY", "--dtstart": "2026-11-26T18:30", "--zone": "Europe/Paris"}
    asked |= {"--from": "2026-11-01", "--until": "2026-11-30", **wrong}
    with pytest.raises(CommandError):
        run(*[word for pair in asked.items() for word in pair])
