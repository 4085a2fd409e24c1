"""A whole installation as processes: web, worker, beat and a mail server, on a real PostgreSQL and Redis."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 150  # seconds for a process to start, or a mail to arrive, on a slow machine
CELERY = [sys.executable, "-m", "celery", "--quiet", "-A", "communitycrm"]
WORKER = ["worker", "--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle"]


def wait_until(true, what: str) -> None:
    """Poll until `true()` is truthy; a plain failure otherwise."""
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, f"{what} did not happen within {PATIENCE} s"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class Installation:
    """Starts and stops the processes; `at` restarts those that read the clock as if it were another time."""

    def __init__(self, folder: Path, database_url: str, broker_url: str, redis_url: str) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.mails = folder / "sink"
        self.mails.mkdir()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.env = {
            **os.environ,
            "MODE": "local",
            "IGNORE_DOTENV": "1",
            "DATA_DIR": str(folder / "data"),
            "STATIC_ROOT": str(folder / "static"),
            "DATABASE_URL": database_url,
            "CELERY_BROKER_URL": broker_url,
            "REDIS_URL": redis_url,
            "PUBLIC_URL": self.url,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "TICK_SECONDS": "1",
        }

    def start(self, name: str, *command: str) -> None:
        """Start a process of its own group, its output kept in the folder for when a test fails."""
        log = (self.folder / f"{name}.log").open("ab")
        self.running[name] = subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )

    def stop(self, *names: str) -> None:
        """End processes as a service manager would; what does not end within 20 s is killed."""
        for name in names:
            self.running[name].send_signal(signal.SIGTERM)
        for name in names:
            process = self.running.pop(name)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def manage(self, *args: str, stdin: str = "") -> str:
        """A command of manage.py; its output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *args],
            cwd=ROOT,
            env=self.env,
            input=stdin,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"manage.py {args[0]}: {done.stdout}{done.stderr}"
        return done.stdout

    def start_mail_server(self) -> None:
        """A real SMTP server that writes each message to a file before it answers."""
        port_file = self.folder / "smtp-port"
        self.start(
            "mail",
            sys.executable,
            "tests/smtp_sink.py",
            "--port-file",
            str(port_file),
            "--mail-dir",
            str(self.mails),
        )
        wait_until(lambda: port_file.exists() and port_file.read_text().strip(), "the mail server’s start")
        self.env["EMAIL_URL"] = f"smtp://127.0.0.1:{port_file.read_text().strip()}"

    def at(self, instant: datetime) -> None:
        """(Re)start web, worker and beat as if it were `instant` now."""
        self.stop(*[name for name in ("web", "worker", "beat") if name in self.running])
        (self.folder / "data").mkdir(exist_ok=True)
        self.env["CLOCK_OFFSET"] = str(instant.timestamp() - time.time())
        self.start(
            "web",
            sys.executable,
            "-m",
            "gunicorn",
            "communitycrm.wsgi",
            "-c",
            "communitycrm/gunicorn_conf.py",
        )
        self.start("worker", *CELERY, *WORKER)
        schedule = str(self.folder / f"beat-{instant:%d}")
        self.start("beat", *CELERY, "beat", "--schedule", schedule, "--pidfile=")
        wait_until(self.answers, "the web server’s start")

    def answers(self) -> bool:
        assert self.running["web"].poll() is None, (self.folder / "web.log").read_text()
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"{self.url}/healthz/ready", timeout=5).status == 200
        return False

    def letters(self) -> list[EmailMessage]:
        """What the mail server took, oldest first."""
        files = sorted(self.mails.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        return [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in files
            if path.suffix == ".eml"
        ]


@contextlib.contextmanager
def database(server_url: str, name: str) -> Iterator[str]:
    """A database of its own on the PostgreSQL at `server_url`; its URL."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    path, _, query = server_url.partition("?")
    yield f"{path.rsplit('/', 1)[0]}/{name}?{query}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
