"""A PostgreSQL that syncs to disk and a Redis that keeps its log, both to be killed and started again."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import redis

from tools import servers


def wait_until(true, seconds: float, what: str) -> float:
    """Poll until `true()`; how long it took. RuntimeError after so many seconds."""
    begun = time.monotonic()
    while not true():
        if time.monotonic() - begun > seconds:
            raise RuntimeError(f"{what} did not happen within {seconds} s")
        time.sleep(0.02)
    return time.monotonic() - begun


class Postgres:
    """One cluster in a folder of its own; `restart` is as hard as `pg_ctl restart -m immediate`."""

    def __init__(self, base: Path) -> None:
        self.user, self.programs = servers.unprivileged(), servers.postgres_programs(base)
        self.home, self.log = base / "pg", (base / "pg.log").open("wb")
        self.home.mkdir(mode=0o711 if servers.AS_ROOT else 0o700)
        if self.user:
            os.chown(self.home, self.user["user"], self.user["group"])
        initdb = [
            self.programs / "initdb",
            "-D",
            self.home / "data",
            "-U",
            "tests",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        subprocess.run([*initdb, "--locale=C.UTF-8", "--no-instructions"], check=True, **self._options())
        self.start()

    def _options(self) -> dict:
        return {
            "stdout": self.log,
            "stderr": subprocess.STDOUT,
            "stdin": subprocess.DEVNULL,
            "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(self.home)},
            "cwd": "/",
            "start_new_session": True,
            **self.user,
        }

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [self.programs / "postgres", "-D", self.home / "data", "-k", self.home, "-h", ""]
        self.process = subprocess.Popen([*command, "-c", "max_connections=60"], **self._options())
        wait_until(self._answers, 60, "PostgreSQL’s start")

    def _answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(self.url, connect_timeout=2).close()
            return True
        return False

    @property
    def url(self) -> str:
        return f"postgres://tests@/postgres?host={self.home}"

    def restart(self) -> None:
        """Every backend is thrown out at once; recovery replays the log."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(60)
        self.start()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        self.log.close()


class Redis:
    """A Redis with its append-only file."""

    def __init__(self, base: Path) -> None:
        self.base, self.socket = base, base / "redis.sock"
        self.start()

    def start(self) -> None:
        address = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        keeping = [
            "--save",
            "",
            "--appendonly",
            "yes",
            "--maxmemory-policy",
            "noeviction",
            "--dir",
            str(self.base),
        ]
        self.process = subprocess.Popen(
            [servers.redis_program(), *address, *keeping],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_until(self._answers, 30, "Redis’ start")

    def _answers(self) -> bool:
        with contextlib.suppress(redis.RedisError):
            return bool(self.client().ping())
        return False

    def client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.socket))

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}"

    def kill(self) -> None:
        """As hard as it gets, and up again."""
        self.process.kill()
        self.process.wait()
        self.start()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A short path (sockets have 107 bytes at most) that the unprivileged user may enter."""
    base = Path(tempfile.mkdtemp(prefix="ccrm-flt-"))
    base.chmod(0o711)
    try:
        yield base
    finally:
        shutil.rmtree(base, ignore_errors=True)
