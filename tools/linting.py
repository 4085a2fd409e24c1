"""`./dev lint`: every check that is not a test. What fails prints its output; the others one line."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import tempfile
import time

from tools import locks, messages
from tools.console import ROOT, VENV, child_env, say
from tools.dependencies import setup

# What a committed file must not hold: the address of a package registry, the path of somebody's machine.
FOREIGN = re.compile(
    r"https?://[^\s\"']*(?:pypi\.|pythonhosted|/simple\b|registry\.)|(?<![\w./-])/(?:root|home/\w+|Users/\w+)/"
)
PRODUCTION_EXAMPLE = re.compile(r"^# --- Production example.*?\n(.*?)^# --- ", re.MULTILINE | re.DOTALL)


def lint(args):
    """Run all checks; 0 when all passed."""
    setup("dev")
    templates = [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]
    sources = [path for path in committed() if path.endswith(".py") and "/migrations/" not in path]
    with tempfile.TemporaryDirectory(prefix="ccrm-") as data:
        test = {"MODE": "test", "IGNORE_DOTENV": "1", "SECRET_KEY": "only-for-checks", "DATA_DIR": data}
        key = secrets.token_urlsafe(50)  # the example's own is refused, as it should be
        production = {**production_example(), "SECRET_KEY": key, "IGNORE_DOTENV": "1", "DATA_DIR": data}
        results = [
            program("ruff format", ["ruff", "format", "--check", "."]),
            program("ruff check", ["ruff", "check", "."]),
            program("djade", ["djade", "--target-version", "5.2", "--check", *templates]),
            program("djhtml", ["djhtml", "--tabwidth", "2", "--check", *templates]),
            program("django-upgrade", ["django-upgrade", "--target-version", "5.2", "--check", *sources]),
            program("mypy", ["mypy"], **test),
            program("layers", ["lint-imports", "--no-cache"], **test),
            program("migrations", ["python", "manage.py", "makemigrations", "--check", "--dry-run"], **test),
            program("system check", ["python", "manage.py", "check", "--fail-level", "WARNING"], **test),
            program(
                "production check",
                ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
                **production,
            ),
            translations(test),
            report(
                "locks", [f"requirements/{name}.txt is out of date (./dev lock)" for name in locks.stale()]
            ),
            report("nothing foreign", foreign()),
        ]
    say(f"lint: {'passed' if all(results) else 'FAILED'}")
    return 0 if all(results) else 1


def program(name, command, **extra):
    """Run one program of .venv; its output is shown only when it fails."""
    started = time.monotonic()
    command = [str(VENV / "bin" / command[0]), *command[1:]]
    env = child_env(**extra)
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    passed = done.returncode == 0
    say(f"{name:18} {'passed' if passed else 'FAILED'} in {time.monotonic() - started:.1f} s")
    if not passed:
        print(done.stdout, flush=True)
    return passed


def report(name, faults):
    """The result of a check made here."""
    say(f"{name:18} {'FAILED' if faults else 'passed'}")
    for fault in faults:
        print(f"  {fault}", flush=True)
    return not faults


def translations(env):
    """Complete and compiled; and, where gettext is or may be installed, in step with the sources."""
    extraction = messages.gettext_is_there()
    if not extraction:
        say("messages           SKIPPED in part: no gettext, so whether all were collected is not known")
        if os.environ.get("CI"):
            return report("messages", ["CI is set: a skip is a failure"])
    scope = "check-all" if extraction else "check"
    return program("messages", ["python", "-m", "tools.catalogue", scope], **env)


def production_example():
    """The production block of .env.example as an environment."""
    block = PRODUCTION_EXAMPLE.search((ROOT / ".env.example").read_text(encoding="utf-8")).group(1)
    pairs = (line.lstrip("# ").partition("=") for line in block.splitlines() if "=" in line)
    return {name: value for name, separator, value in pairs}


def committed():
    """The paths that git knows, relative to the root."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in done.stdout.split("\0") if path and (ROOT / path).is_file()]


def foreign():
    """Where a committed text file names a registry or a place on somebody's machine."""
    found = []
    for path in committed():
        try:
            lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{path}:{number}: {line.strip()[:100]}"
            for number, line in enumerate(lines, 1)
            if FOREIGN.search(line)
        ]
    return found
