"""A Python, a virtual environment, the pinned dependencies, and .env."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time

from tools import system
from tools.console import PYTHON, ROOT, VENV, child_env, die, say, succeeds

OLDEST, NEWEST = (3, 11), (3, 13)
STAMP = VENV / "stamp.json"


def setup_for_development(args):
    """Make .venv with everything for development, and .env."""
    setup("dev")
    write_dotenv()
    return 0


def clean(args):
    """Remove what can be made again; data/ and .env stay."""
    for name in (
        ".venv",
        "staticfiles",
        ".pytest_cache",
        ".ruff_cache",
        ".mypy_cache",
        ".import_linter_cache",
    ):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    return 0


def setup(which):
    """Bring .venv up to requirements/<which>.txt, `which` being 'run' or 'dev', its superset."""
    if is_ready(which):
        return
    started = time.monotonic()
    with (ROOT / ".dev.lock").open("w") as lock:  # `make run` and `make test` at the same time
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_ready(which):
            return
        if not venv_is_usable():
            make_venv(find_python())
        with contextlib.suppress(OSError):
            STAMP.unlink()
        say("installing the pinned dependencies")
        install(ROOT / "requirements" / f"{which}.txt")
        done = {"run": digest("run")} if which == "run" else {"run": digest("run"), "dev": digest("dev")}
        STAMP.write_text(json.dumps({"root": str(ROOT), **done}))
    say(f"dependencies ready in {time.monotonic() - started:.1f} s")


def digest(which):
    """The hash of a requirements file: what the stamp in .venv is held against."""
    return hashlib.sha256((ROOT / "requirements" / f"{which}.txt").read_bytes()).hexdigest()


def stamp():
    """What is installed in .venv, as far as we wrote it down."""
    with contextlib.suppress(OSError, ValueError):
        return json.loads(STAMP.read_text())
    return {}


def is_ready(which):
    """Does .venv hold at least requirements/<which>.txt as it is now?"""
    done = stamp()
    return PYTHON.exists() and done.get("root") == str(ROOT) and done.get(which) == digest(which)


def venv_is_usable():
    """A virtual environment does not survive a move, nor its Python's removal."""
    supported = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    return stamp().get("root") == str(ROOT) and succeeds([str(PYTHON), "-c", supported])


def find_python():
    """A Python that we support: the one that runs this, else one on the path."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return os.path.realpath(sys.executable) if sys.prefix != sys.base_prefix else sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and succeeds([found, "-c", ""]):  # a version manager's shim may exist and fail
            return found
    return die(
        f"Python 3.{OLDEST[1]} to 3.{NEWEST[1]} is needed; this is {sys.version.split()[0]}.\n"
        "  Debian, Ubuntu: apt-get install python3 python3-venv    macOS: brew install python@3.13",
        2,
    )


def make_venv(python):
    """A virtual environment with pip. Debian keeps ensurepip in python3-venv: as root it is installed."""
    say(f"creating .venv with {python}")
    if VENV.is_symlink():  # another checkout's: cleared, it would be gone there
        VENV.unlink()
    create = [python, "-m", "venv", "--clear", str(VENV)]
    if succeeds(create):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("apt-get install python3-venv")
        wanted = ("install", "-y", "--no-install-recommends", "python3-venv")
        if system.apt_get("update") and system.apt_get(*wanted) and succeeds(create):
            return
    die("Python's venv with pip is missing. Debian, Ubuntu: apt-get install python3-venv", 2)


def install(requirements):
    """Install a hashed file with uv, which is quick, or with pip, which reads more configurations."""
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--require-hashes"]
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        succeeds([*pip, "-r", str(ROOT / "requirements" / "bootstrap.txt")], env=child_env())
    by_uv = [str(uv), "pip", "install", "-q", "--python", str(PYTHON), "--require-hashes", "--no-build"]
    if uv.exists() and succeeds([*by_uv, "-r", str(requirements)], env=child_env()):
        return
    say("uv could not: trying pip, which is slower")
    with_pip = [*pip, "--only-binary", ":all:", "-r", str(requirements)]
    if subprocess.run(with_pip, env=child_env(), stdin=subprocess.DEVNULL).returncode:
        die("the dependencies could not be installed; the reason is above")


def write_dotenv():
    """Write .env once, readable by its owner only, with a key of its own."""
    with contextlib.suppress(FileExistsError):
        handle = os.open(ROOT / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:  # token_urlsafe: no $ or # for a parser to trip on
            out.write(
                "# Written once by ./dev; never commit it. What else may stand here: see .env.example\n"
                f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
            )
        say("wrote .env")
