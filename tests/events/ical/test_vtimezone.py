from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from icalendar import Calendar

from events.ical.vtimezone import changes, vtimezone

ZONES = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca"]


@pytest.mark.parametrize("name", [*ZONES, "Asia/Tokyo", "Pacific/Apia", "UTC"])
def test_another_reader_finds_the_same_offsets_all_day_long(name):
    calendar = Calendar()
    calendar.add_component(vtimezone(name, 2010, 2013))
    theirs = tzical(StringIO(calendar.to_ical().decode())).get(name)
    moment, zone = datetime(2010, 1, 2, 0, 10, tzinfo=UTC), ZoneInfo(name)
    while moment.year < 2014:
        local = moment.astimezone(zone)
        if not local.fold and local.replace(fold=1).utcoffset() == local.utcoffset():  # not one of two
            assert theirs.utcoffset(local.replace(tzinfo=None)) == local.utcoffset(), local
        moment += timedelta(hours=1)


def test_summer_time_begins_when_it_does():
    assert list(
        changes(ZoneInfo("Europe/Paris"), datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    ) == [
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
    ]
    written = vtimezone("Europe/Paris", 2026, 2027).to_ical().decode()
    assert "DTSTART:20260329T020000\r\nRDATE:20270328T020000" in written
