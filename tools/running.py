"""`./dev run`: everything CommunityCRM needs on one machine, in one terminal."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from tools.console import PYTHON, ROOT, child_env, die, say, setting
from tools.dependencies import setup, write_dotenv


def run(args):
    """Prepare, then become the supervisor of web, worker and beat; ends with it."""
    host, port = address()
    setup("run")
    write_dotenv()
    started = time.monotonic()
    data = Path(setting("DATA_DIR", str(ROOT / "data"))).resolve()
    hold(data)
    forget_messages(data)
    url = f"http://{host if host != '0.0.0.0' else '127.0.0.1'}:{port}"
    env = child_env(
        HOST=host,
        PORT=str(port),
        DATA_DIR=str(data),
        PUBLIC_URL=setting("PUBLIC_URL", url),
        DJANGO_SETTINGS_MODULE="communitycrm.settings",
    )
    if subprocess.run([str(PYTHON), "-m", "tools.prepare"], env=env).returncode:
        die("preparing the database failed; the reason is above")
    say(f"prepared in {time.monotonic() - started:.1f} s")
    os.execve(str(PYTHON), [str(PYTHON), "-m", "tools.supervise", f"{url}/"], env)


def address():
    """Host and port from HOST and PORT; ends with one plain sentence when they cannot be had."""
    host, text = setting("HOST", "127.0.0.1"), setting("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        die(f"PORT is {text!r}: it must be a number from 1 to 65535", 2)
    port = int(text)
    problem = cannot_listen(host, port)
    if problem == errno.EADDRINUSE:
        other = next((p for p in range(port + 1, min(port + 100, 65536)) if not cannot_listen(host, p)), None)
        die(
            f"Port {port} is taken." + (f" Try: PORT={other} make run" if other else " Try another: PORT="), 2
        )
    if problem:
        die(f"cannot listen on {host} port {port}: {os.strerror(problem)}. Try: PORT=8000 make run", 2)
    return host, port


def cannot_listen(host, port):
    """Why this address cannot be listened on (an errno), or 0."""
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
        except socket.gaierror:
            return errno.EADDRNOTAVAIL
        except OSError as problem:
            return problem.errno or errno.EADDRNOTAVAIL
    return 0


def hold(data):
    """Take the data folder for this start and what it starts: two beats on one would tick twice."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(data / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        die(f"CommunityCRM is already running on this data folder ({data})", 3)
    os.set_inheritable(lock, True)


def forget_messages(data):
    """Messages are only ticks and ids of rows: old ones are worth nothing, nor is beat's memory of them."""
    shutil.rmtree(data / "broker", ignore_errors=True)
    for path in data.glob("celerybeat-schedule*"):  # dbm adds a suffix of its own
        path.unlink()
