"""`./dev run` as a newcomer types it: empty start, taken ports, a second start, Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Running:
    """One `./dev run`, with what it has said so far."""

    def __init__(self, data, **env):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        ours = (
            "MODE",
            "DATABASE_URL",
            "CELERY_BROKER_URL",
            "REDIS_URL",
            "SECRET_KEY",
            "IGNORE_DOTENV",
            "EMAIL_URL",
        )
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        static = {
            "STATIC_ROOT": str(data / "static"),
            "SECRET_KEY": "a-key-for-this-trial-0123456789-abcdefghijklmnop",
        }
        self.process = subprocess.Popen(
            [str(ROOT / "dev"), "run"],
            cwd=ROOT,
            env={**kept, **static, "PORT": str(self.port), "DATA_DIR": str(data), **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""

    def says(self, words):
        """Read on until these words come; False when it ended before."""
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return True
        return False

    def everything(self):
        """It and all that it started."""
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    def end(self, number=signal.SIGINT):
        """Send a signal; the exit status once nothing of it is left."""
        all_of_it = self.everything()
        self.process.send_signal(number)
        self.said += self.process.communicate(timeout=PATIENCE_SECONDS)[0]
        assert psutil.wait_procs(all_of_it[1:], timeout=PATIENCE_SECONDS)[1] == []
        return self.process.returncode


@pytest.fixture
def run(tmp_path):
    """Start `./dev run` on a data folder of this test."""
    started = []

    def start(**env):
        started.append(Running(tmp_path / "data", **env))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.end(signal.SIGTERM)


def first_page(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.status, answer.read().decode()


def test_an_empty_start_offers_the_first_page_and_a_second_start_does_nothing_twice(run):
    running = run(DEMO="0")
    assert running.says("CommunityCRM is ready"), running.said
    assert running.url in running.said
    status, page = first_page(running.url)
    assert status == 200
    assert "<h1" in page
    assert running.end() == 0
    assert "ended by itself" not in running.said

    again = run()  # the no is remembered, nothing is installed or built again: what makes it quick
    assert again.says("CommunityCRM is ready"), again.said
    assert not any(word in again.said for word in ("demo", "installing", "creating .venv", "wrote .env"))


def test_the_demo_is_built_once_and_its_sign_ins_are_printed_at_every_start(run, tmp_path):
    running = run()
    assert running.says("CommunityCRM is ready"), running.said
    assert "on-target@demo.example" in running.said
    assert (tmp_path / "data/sign-ins.txt").stat().st_mode & 0o777 == 0o600
    running.end()
    again = run()
    assert again.says("CommunityCRM is ready"), again.said
    assert "on-target@demo.example" in again.said
    assert "building the demo" not in again.said


def test_when_the_worker_is_killed_everything_ends_and_it_says_why(run):
    running = run(DEMO="0")
    assert running.says("CommunityCRM is ready"), running.said
    all_of_it = running.everything()
    next(process for process in all_of_it if "worker" in process.cmdline()).kill()
    running.said += running.process.communicate(timeout=PATIENCE_SECONDS)[0]
    assert running.process.returncode != 0
    assert "worker ended by itself (killed by SIGKILL)" in running.said
    assert psutil.wait_procs(all_of_it[1:], timeout=PATIENCE_SECONDS)[1] == []


def test_a_second_one_on_the_same_data_folder_is_refused(run):
    running = run(DEMO="0")
    assert running.says("CommunityCRM is ready"), running.said
    other = run(DEMO="0")
    assert not other.says("CommunityCRM is ready")
    assert "already running on this data folder" in other.said


def test_a_taken_port_is_said_plainly_with_one_that_is_free(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        running = run(PORT=str(port))
        assert not running.says("CommunityCRM is ready")
    assert f"Port {port} is taken. Try: PORT=" in running.said
    assert re.search(r"PORT=\d+ make run", running.said)
    assert running.process.wait(PATIENCE_SECONDS) == 2


@pytest.mark.parametrize("port", ["eight", "0", "70000"])
def test_a_port_that_is_none_is_said_plainly(run, port):
    running = run(PORT=port)
    assert not running.says("CommunityCRM is ready")
    assert "PORT is" in running.said
    assert running.process.wait(PATIENCE_SECONDS) == 2
