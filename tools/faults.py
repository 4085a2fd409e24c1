"""`./dev faults`: processes are killed in the middle of sending, on SQLite and on a PostgreSQL that syncs to disk."""

from __future__ import annotations

import os
import subprocess
import sys

from tools.console import PYTHON, ROOT, child_env, say
from tools.dependencies import setup


def faults(args):
    """Every scenario on both databases; FAULTS=short for few of each. 0 when no bar was missed."""
    setup("dev")
    short = ["--short"] if os.environ.get("FAULTS") == "short" else []
    return max(on(database, [*short, *args]) for database in ("sqlite", "postgresql"))


def on(database, args):
    """One database, in a process of its own."""
    say(f"== faults: {database}")
    env = child_env(
        MODE="local",
        IGNORE_DOTENV="1",
        SECRET_KEY="only-for-the-fault-suite-0123456789-0123456789-0123456789",
        DJANGO_SETTINGS_MODULE="tests.faults.settings",
        FAULTS_ON=database,
        LOG_LEVEL="CRITICAL",
    )
    command = [str(PYTHON), "-m", "tests.faults", *args]
    return subprocess.run(command, cwd=ROOT, env=env, stdin=sys.stdin).returncode
