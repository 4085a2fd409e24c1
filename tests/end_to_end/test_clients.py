"""A real client: khal, fed by vdirsyncer, reads a feed of the demo over HTTP. What it shows is what we show."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Team, User
from communitycrm.demo import build
from events import feeds, planning
from events.models import Occurrence, Scope
from foundation import clock
from tests.events.cast import make_series
from tests.events.ical.reading import shown

pytestmark = [pytest.mark.end_to_end, pytest.mark.django_db(transaction=True)]
PARIS = ZoneInfo("Europe/Paris")
SYNC = """[general]
status_path = "{folder}/status"
[pair feed]
a = "here"
b = "there"
collections = null
[storage here]
type = "filesystem"
path = "{folder}/calendar"
fileext = ".ics"
[storage there]
type = "http"
url = "{url}"
"""
KHAL = """[calendars]
[[feed]]
path = {folder}/calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Europe/Paris
default_timezone = Europe/Paris
[sqlite]
path = {folder}/khal.db
"""


class Client:
    """The two programs with their settings and what they keep, in a folder."""

    def __init__(self, folder: Path, url: str) -> None:
        (folder / "calendar").mkdir()
        (folder / "vdirsyncer.conf").write_text(SYNC.format(folder=folder, url=url))
        (folder / "khal.conf").write_text(KHAL.format(folder=folder))
        self.folder = folder
        self.run("vdirsyncer", "-c", str(folder / "vdirsyncer.conf"), "discover")

    def run(self, program: str, *arguments: str) -> str:
        env = {**os.environ, "HOME": str(self.folder), "LANG": "C.UTF-8", "COLUMNS": "300"}
        done = subprocess.run(
            [Path(sys.executable).parent / program, *arguments],
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"
        return done.stdout

    def shows(self, first: date, last: date) -> list[tuple[str, str]]:
        """Begin (in Paris) and title of what it lists, those called off left out, after it has synchronised."""
        self.run("vdirsyncer", "-c", str(self.folder / "vdirsyncer.conf"), "sync", "--force-delete")
        form = "{start-long-full}|{title}|{cancelled}"
        listed = self.run(
            "khal",
            "-c",
            str(self.folder / "khal.conf"),
            "list",
            "-df",
            "",
            "-f",
            form,
            str(first),
            str(last),
        )
        lines = [line.split("|") for line in listed.splitlines() if "|" in line]
        return sorted((start, title) for start, title, cancelled in lines if not cancelled.strip())


def ours(user: User, first: date, last: date) -> list[tuple[str, str]]:
    """The same of the rows; as khal has it, the last day is shown, too."""
    begin = datetime.combine(first, datetime.min.time(), PARIS)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), PARIS)
    rows = Occurrence.objects.standing().hosted_by(user).filter(starts_at__gte=begin, starts_at__lt=end)
    return sorted(
        (f"{row.starts_at.astimezone(PARIS):%Y-%m-%d %H:%M}", str(row)) for row in rows.select_related("kind")
    )


def test_khal_shows_what_we_show_before_and_after_one_is_moved_and_another_cancelled(tmp_path, live_server):
    now = clock.now()
    build.build(now)
    lea, team = User.objects.get(email="under@demo.example"), Team.objects.get()
    today = now.astimezone(PARIS).date()
    series = make_series(
        team, lea, ("FREQ=MONTHLY;BYDAY=-1TH",), starts_on=today, title="Apéro au Bocal", now=now
    )
    _feed, token = feeds.make(user=lea, team=team, scope=Scope.MINE, has_names=False, now=now)
    first, last = today + timedelta(days=1), today + timedelta(days=150)
    client = Client(tmp_path, f"{live_server.url}/calendar/feeds/{token}.ics")
    assert client.shows(first, last) == ours(lea, first, last)
    assert len(ours(lea, first, last)) >= 4

    dates = list(
        series.occurrences.filter(starts_at__gt=now + timedelta(days=2))
        .select_related("team")
        .order_by("starts_at")
    )
    planning.move(occurrence=dates[1], days=1, by=lea, now=now)
    planning.cancel(occurrence=dates[2], by=lea, now=now)
    after = client.shows(first, last)
    assert after == ours(lea, first, last)
    moved = f"{dates[1].starts_at.astimezone(PARIS):%Y-%m-%d %H:%M}"
    assert (moved, "Apéro au Bocal") in after

    # And the library reads what the client fetched.
    (file,) = [path for path in (tmp_path / "calendar").glob("*.ics") if "Apéro au Bocal" in path.read_text()]
    found = [title for *_, title in shown(file.read_bytes(), first, last + timedelta(days=1))]
    assert found == ["Apéro au Bocal"] * sum(title == "Apéro au Bocal" for _start, title in after)
    assert dates[2].cancelled_at is not None and dates[2].cancelled_at.tzinfo == UTC
