"""`./dev lock`: hashed requirements, which name no registry and which plain pip can install."""

from __future__ import annotations

import hashlib
import json
import subprocess

from tools.console import PYTHON, ROOT, VENV, child_env
from tools.dependencies import setup

FOLDER = ROOT / "requirements"
OUR_LINE = "# Made by ./dev lock from pyproject.toml; do not edit. Of these wishes: sha256 "
# A lock file is read by every Python and on every machine that we support.
COMPILE = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate"]
COMPILE += ["--no-header", "--python-version", "3.11", "--no-build"]


def wishes():
    """{file name: the requirement lines of pyproject.toml it is made of}; bootstrap is uv alone."""
    read = (
        "import json, tomllib; p = tomllib.load(open('pyproject.toml', 'rb'));"
        "print(json.dumps([p['project']['dependencies'], p['dependency-groups']['dev']]))"
    )
    done = subprocess.run([str(PYTHON), "-c", read], cwd=ROOT, capture_output=True, text=True, check=True)
    run, dev = json.loads(done.stdout)
    return {"bootstrap": ["uv"], "run": run, "dev": run + dev}


def header(lines):
    """The first line of a lock file: it changes when the wishes do."""
    return OUR_LINE + hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def stale():
    """The names of the lock files that pyproject.toml has moved away from."""
    return [
        name
        for name, lines in wishes().items()
        if not (FOLDER / f"{name}.txt").exists()
        or (FOLDER / f"{name}.txt").read_text(encoding="utf-8").partition("\n")[0] != header(lines)
    ]


def lock(args):
    """Write requirements/*.txt anew; what is pinned stays unless `--upgrade` is given."""
    setup("dev")
    FOLDER.mkdir(exist_ok=True)
    constraint = []
    for name, lines in wishes().items():
        target = FOLDER / f"{name}.txt"
        command = [
            str(VENV / "bin/uv"),
            "pip",
            "compile",
            "-q",
            *COMPILE,
            *args,
            *constraint,
            "-o",
            str(target),
            "-",
        ]
        wanted = "\n".join(lines)
        if subprocess.run(
            command, cwd=ROOT, env=child_env(), input=wanted, text=True, check=False
        ).returncode:
            return 1
        target.write_text(f"{header(lines)}\n{target.read_text(encoding='utf-8')}", encoding="utf-8")
        constraint = ["-c", str(FOLDER / "run.txt")] if name == "run" else []
    return 0
