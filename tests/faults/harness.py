"""What the scenarios share: a clock that runs fast, forked children with known pids, the sink, what was found."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction

from accounts.models import AuditEntry, Membership, Team, User
from contacts.models import Contact, Promise
from notifications.models import Address, Delivery, Notification, Pulse
from outreach.models import Post

ROOT = Path(__file__).resolve().parents[2]
# A Tuesday at 10:00 in Paris: no quiet hour, no day off.
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass
class Result:
    """One scenario: what was counted, and which bars it missed."""

    name: str
    figures: dict[str, object]
    missed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def bar(self, holds: bool, words: str) -> None:  # reads as a sentence where it is called
        """A bar, in words; missed unless it holds."""
        if not holds:
            self.missed.append(words)

    def line(self, vendor: str) -> str:
        """One line of JSON."""
        found = {"scenario": self.name, "database": vendor, "passed": not self.missed, "missed": self.missed}
        return json.dumps({**found, "seconds": round(self.seconds, 1), **self.figures}, ensure_ascii=False)


class FastClock:
    """The time of the story, so many times faster than the wall's."""

    def __init__(self, speed: float, begin: datetime = TUESDAY) -> None:
        self.speed, self.begin, self.started = speed, begin, time.time()

    def now(self) -> datetime:
        return self.begin + timedelta(seconds=(time.time() - self.started) * self.speed)


def fork(work: Callable[[], None]) -> int:
    """Run `work` in a child; its pid. The parent holds no connection that both would use."""
    connections.close_all()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 0
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        work()
    except BaseException:  # noqa: BLE001  # a child never comes back from here
        traceback.print_exc()
        code = 1
    finally:
        os._exit(code)


def kill(pid: int) -> None:
    """SIGKILL a child of ours and wait for its end."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    wait(pid)


def wait(pid: int) -> int:
    """The exit status of a child of ours (negative: the signal)."""
    with contextlib.suppress(ChildProcessError):
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return 0


def run(work: Callable[[], None]) -> int:
    """In a child, to its end."""
    return wait(fork(work))


class Mailbox:
    """A running sink: which Message-IDs it took, and when."""

    def __init__(self, folder: Path, process: subprocess.Popen) -> None:
        self.folder, self.process = folder, process

    @property
    def port(self) -> int:
        return int((self.folder / "port").read_text())

    def taken(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        log = self.folder / "taken"
        return (
            Counter(line.split(" ", 1)[1] for line in log.read_text().splitlines())
            if log.exists()
            else Counter()
        )

    def at(self) -> dict[str, float]:
        """When each was taken first, on the wall's clock."""
        found: dict[str, float] = {}
        for line in (self.folder / "taken").read_text().splitlines():
            moment, message_id = line.split(" ", 1)
            found.setdefault(message_id, float(moment))
        return found


@contextlib.contextmanager
def sink(base: Path, **asked: object) -> Iterator[Mailbox]:
    """A sink as a process; Django's settings lead to it."""
    folder = base / f"sink-{time.time_ns()}"
    folder.mkdir()
    flags = [f"--{name}" if value is True else f"--{name}={value}" for name, value in asked.items()]
    command = [sys.executable, "-m", "tests.faults.sink", "--folder", str(folder), *flags]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        until = time.monotonic() + 60
        while not (folder / "port").exists():
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the sink did not start")
            time.sleep(0.02)
        mailbox = Mailbox(folder, process)
        lead_mail_to(mailbox.port, tls=bool(asked.get("tls")), folder=folder)
        yield mailbox
    finally:
        process.kill()
        process.wait()


def lead_mail_to(port: int, *, tls: bool, folder: Path) -> None:
    """What EMAIL_URL would have set."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = False, tls
    settings.DEFAULT_FROM_EMAIL = "CommunityCRM <crm@example.org>"
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    if tls:
        os.environ["SSL_CERT_FILE"] = str(folder / "cert.pem")
    else:
        os.environ.pop("SSL_CERT_FILE", None)


def empty() -> None:
    """Nobody, and nothing that hangs on people; the shipped kinds stay. (`flush` takes seconds.)"""
    with transaction.atomic():
        for model in (Membership, Notification, Delivery, Address, Pulse, Promise, Contact, Post, AuditEntry):
            model.objects.all().delete()
        for model in (Team, User):
            model.objects.all().delete()
