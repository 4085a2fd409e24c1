"""gunicorn with its access log on: the secret of a calendar's address is in none of its lines."""

import os
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests.end_to_end.installation import ROOT, free_port, wait_until

pytestmark = pytest.mark.end_to_end
SECRET = "aVerySecretToken" * 3


def test_no_secret_is_in_the_access_log(tmp_path):
    port, log = free_port(), tmp_path / "log"
    env = {
        **os.environ,
        "MODE": "local",
        "DATA_DIR": str(tmp_path / "data"),
        "PORT": str(port),
        "LOG_LEVEL": "DEBUG",
    }
    command = [sys.executable, "-m", "gunicorn", "communitycrm.wsgi", "-c", "communitycrm/gunicorn_conf.py"]
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*command, "--access-logfile", "-", "--log-level", "debug"],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=out,
        )

    def asked() -> bool:
        address = f"http://127.0.0.1:{port}/calendar/feeds/{SECRET}.ics"
        try:
            urllib.request.urlopen(urllib.request.Request(address, headers={"Referer": address}), timeout=5)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    try:
        wait_until(asked, "an answer")
    finally:
        server.terminate()
        server.wait(20)
    said = log.read_text()
    assert said.count("/calendar/feeds/…") >= 2 and SECRET not in said
