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

from tools import chromium
from tools.console import PYTHON, ROOT, child_env, say
from tools.coverage import pure_modules, report_pure_modules
from tools.dependencies import setup

IN_PROCESS = ["-m", "not browser and not end_to_end"]
IN_BROWSER = ["-m", "browser or end_to_end"]


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
    """Each stage's result by name: True, False, or the words SKIPPED and why."""
    results = {}
    whole = not args
    # Traced is only what the pure modules' apps hold: tracing all of it would cost a third more time.
    traced = sorted({path.partition("/")[0] for path in pure_modules()}) if whole else []
    coverage = [f"--cov={app}" for app in traced] + ["--cov-report="] * bool(traced)
    results["SQLite"] = pytest("SQLite", [*IN_PROCESS, *coverage, *args], data)
    if whole:
        results["pure modules"] = report_pure_modules()
    problem = urls.pop("problem", None)
    if problem:
        results["PostgreSQL and Redis"] = f"SKIPPED: {problem}"
    else:
        env = {**urls, "EXPECT_POSTGRES": "1"}
        results["PostgreSQL and Redis"] = pytest("PostgreSQL and Redis", [*IN_PROCESS, *args], data, **env)
    browser, why = chromium.find()
    if browser:
        # The browser tests run on SQLite; the end-to-end test starts its processes on these servers.
        servers_of_its_own = {f"SERVERS_{name}": url for name, url in urls.items()}
        env = {**servers_of_its_own, **browser}
        results["Chromium"] = pytest("Chromium", [*IN_BROWSER, *args], data, **env)
    else:
        hint = f"As root: apt-get install {' '.join(chromium.PACKAGES)}; or set CHROMIUM=/path"
        results["Chromium"] = f"SKIPPED: no Chromium ({why}). {hint}"
    return results


def pytest(label, args, data, **extra):
    """One run of pytest; True when it passed, or when `args` select nothing that belongs to this stage."""
    say(f"== {label}")
    started = time.monotonic()
    env = child_env(MODE="test", IGNORE_DOTENV="1", DATA_DIR=data, **extra)
    process = subprocess.Popen([str(PYTHON), "-m", "pytest", *args], cwd=ROOT, env=env)
    try:
        code = process.wait()
    except BaseException:  # Ctrl-C, SIGTERM: it never outlives us
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
    nothing_to_do = code == 5 and "-m" in args and len(args) > 2
    passed = code == 0 or nothing_to_do
    say(f"== {label}: {'passed' if passed else f'FAILED ({code})'} in {time.monotonic() - started:.1f} s")
    return passed


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
