"""Many clicks at once on two processes of gunicorn and an SQLite file, one process killed meanwhile: each is counted once."""

import os
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import psutil
import pytest

from tests.end_to_end.installation import ROOT, free_port, wait_until

pytestmark = pytest.mark.end_to_end
CLICKS, AT_ONCE, THREADS = 600, 30, 8
PREPARE = """
import uuid
from datetime import date
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}  # the tables alone, sooner
call_command("migrate", run_syncdb=True, verbosity=0)
from accounts.models import Team
from contacts.models import Tag
from foundation import clock
from outreach.models import Launch, Relay
team, now = Team.objects.create(name="T", slug="t"), clock.now()
launch = Launch.objects.create(
    team=team, tag=Tag.objects.create(team=team, name="x"), name="x", day=date(2026, 12, 1),
    address="https://x.example/", client_id=uuid.uuid4(), created_at=now,
)
Relay.objects.create(launch=launch, code="abcdefg", name="x", created_at=now)
"""


class _Here(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def test_each_click_that_was_sent_on_is_counted_once(tmp_path):
    port = free_port()
    env = {
        **os.environ,
        "MODE": "local",
        "IGNORE_DOTENV": "1",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/clicks.sqlite3",
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "WEB_THREADS": str(THREADS),
    }
    subprocess.run([sys.executable, "manage.py", "shell", "-c", PREPARE], cwd=ROOT, env=env, check=True)
    command = [sys.executable, "-m", "gunicorn", "communitycrm.wsgi", "-c", "communitycrm/gunicorn_conf.py"]
    server = subprocess.Popen(command, cwd=ROOT, env=env)

    def sent_on(number: int = 0) -> bool:
        if number == CLICKS // 3:
            os.kill(psutil.Process(server.pid).children()[0].pid, signal.SIGKILL)
        try:
            urllib.request.build_opener(_Here).open(
                urllib.request.Request(
                    f"http://127.0.0.1:{port}/r/abcdefg", headers={"User-Agent": "Mozilla/5.0 Firefox/130.0"}
                ),
                timeout=30,
            )
        except urllib.error.HTTPError as answer:
            assert answer.code == 302
            return True
        except (OSError, HTTPException):
            return False
        return False

    try:
        wait_until(sent_on, "the first click")
        with ThreadPoolExecutor(AT_ONCE) as visitors:
            answered = 1 + sum(visitors.map(sent_on, range(CLICKS)))
    finally:
        server.terminate()
        server.wait(20)
    with sqlite3.connect(tmp_path / "clicks.sqlite3") as database:
        counted = database.execute("SELECT count(*) FROM outreach_click").fetchone()[0]
    # Those whom the killed process had counted and not yet told so are the difference: as many as it has threads.
    assert CLICKS - AT_ONCE < answered <= counted <= answered + THREADS
