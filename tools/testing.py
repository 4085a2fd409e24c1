"""`./dev test`: the suite on SQLite, on a private PostgreSQL with a private Redis, then in Chromium."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools import chromium, faults
from tools.console import PYTHON, ROOT, child_env, say
from tools.coverage import pure_modules, report_pure_modules
from tools.dependencies import setup

IN_PROCESS = ["-m", "not browser and not end_to_end"]
IN_CHROMIUM = ["-m", "browser"]
END_TO_END = ["-m", "end_to_end"]


def test(args):
    """Run every stage, also after a failure; 0 when all passed. `args` go to pytest."""
    started = time.monotonic()
    setup("dev")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `finally` runs
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a shell's background job starts with it ignored
    with tempfile.TemporaryDirectory(prefix="ccrm-") as data, servers() as urls:
        results = stages(args, data, urls)
    failed = [name for name, result in results.items() if result is False]
    skipped = [name for name, result in results.items() if isinstance(result, str)]
    for name, result in results.items():
        say(f"{name:22} {'passed' if result is True else 'FAILED' if result is False else result}")
    if skipped and os.environ.get("CI"):
        say("CI is set: a skip is a failure")
        failed += skipped
    say(f"make test: {'FAILED' if failed else 'passed'} in {time.monotonic() - started:.1f} s")
    return 1 if failed else 0


def stages(args, data, urls):
    """Each stage's result by name: True, False, or the words SKIPPED and why.

    Two things go side by side, a core each: the two databases; then Chromium, beside all else that has processes of
    its own.
    """
    whole = not args
    problem = urls.pop("problem", None)
    # Traced is only what the pure modules' apps hold: tracing all of it would cost a third more time.
    traced = sorted({path.partition("/")[0] for path in pure_modules()}) if whole else []
    coverage = [f"--cov={app}" for app in traced] + ["--cov-report="] * bool(traced)
    runs = [Run("SQLite", [*IN_PROCESS, *coverage, *args], data)]
    if not problem:
        env = {**urls, "EXPECT_POSTGRES": "1"}
        runs.append(Run("PostgreSQL and Redis", [*IN_PROCESS, *args], data, **env))
    results = results_of(runs)
    if problem:
        results["PostgreSQL and Redis"] = f"SKIPPED: {problem}"
    if whole:
        results["pure modules"] = report_pure_modules()
    # The browser tests run on SQLite; the end-to-end tests start their processes on these servers.
    browser, why = chromium.find()
    around = {**{f"SERVERS_{name}": url for name, url in urls.items()}, **(browser or {})}
    browsing = [Run("Chromium", [*IN_CHROMIUM, *args], data, **around)] if browser else []
    with ended(browsing):
        if whole:
            databases = ("sqlite", "postgresql")[: 1 if problem else 2]
            missed = [faults.on(database, ["--short"]) for database in databases]
            results["faults, short"] = not any(missed)
        if browser:
            results |= results_of([Run("end to end", [*END_TO_END, *args], data, **around)])
            results |= results_of(browsing)
        else:
            hint = f"As root: apt-get install {' '.join(chromium.PACKAGES)}; or set CHROMIUM=/path"
            results["Chromium"] = f"SKIPPED: no Chromium ({why}). {hint}"
    return results


def results_of(runs):
    """Wait for runs that are under way."""
    with ended(runs):
        return {run.label: run.passed() for run in runs}


@contextlib.contextmanager
def ended(runs):
    """Whatever interrupts us ends these runs."""
    try:
        yield
    finally:
        for run in runs:
            run.end()


class Run:
    """One run of pytest in the background. What it says is shown whole, when it is waited for: runs never mix."""

    def __init__(self, label, args, data, **extra):
        self.label, self.args = label, args
        self.started = time.monotonic()
        folder = Path(data) / label.split()[0]
        folder.mkdir()
        env = child_env(MODE="test", IGNORE_DOTENV="1", DATA_DIR=str(folder), **extra)
        self.said = (folder / "said.txt").open("w+", encoding="utf-8", errors="replace")
        command = [str(PYTHON), "-m", "pytest", *args]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=self.said, stderr=subprocess.STDOUT
        )

    def passed(self):
        """Show its output from here on; True when it passed, or when `args` select nothing of this stage."""
        say(f"== {self.label}")
        with Path(self.said.name).open(encoding="utf-8", errors="replace") as shown:
            while self.process.poll() is None:
                sys.stdout.write(shown.read())
                sys.stdout.flush()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(0.5)
            sys.stdout.write(shown.read())
            sys.stdout.flush()
        code = self.process.returncode
        passed = code == 0 or (code == 5 and len(self.args) > 2)
        outcome = "passed" if passed else f"FAILED ({code})"
        say(f"== {self.label}: {outcome} in {time.monotonic() - self.started:.1f} s")
        return passed

    def end(self):
        """It never outlives us: not after Ctrl-C, not after SIGTERM."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.said.close()


@contextlib.contextmanager
def servers():
    """The URLs of a private PostgreSQL and Redis that end with this process, whatever ends it."""
    process = subprocess.Popen(
        [str(PYTHON), str(ROOT / "tools/servers.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=child_env(),
    )
    line = process.stdout.readline()
    try:
        yield json.loads(line) if line.strip() else {"problem": "tools/servers.py ended"}
    finally:
        process.stdin.close()
        process.wait(30)
