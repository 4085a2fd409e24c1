"""The supervisor: one ends, all end, and it says why; Ctrl-C leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
TWO = "one: exec sleep 60\ntwo: exec sleep 61\n"
SLOW_SECONDS = 20


@pytest.fixture
def supervised(tmp_path):
    """Start the supervisor on a Procfile; what is left of it is ended after the test."""
    started = []

    def start(procfile):
        (tmp_path / "Procfile").write_text(procfile)
        env = {**os.environ, "DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.supervise", "http://127.0.0.1:1/"],
            cwd=tmp_path,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()


def children(process, count=2):
    """The started processes, once all are what they will be: {seconds they sleep: process}."""
    until = time.monotonic() + SLOW_SECONDS
    while time.monotonic() < until:
        below = psutil.Process(process.pid).children(recursive=True)
        # One that is just becoming another program has its new name before its new arguments.
        told = [(child.cmdline(), child) for child in below]
        found = {line[1]: child for line, child in told if line[:1] == ["sleep"]}
        if len(found) == count:
            return found
    raise AssertionError(f"not started: {below}")


def ended(process, *others):
    """(exit status, output), once the supervisor and all of the others are gone."""
    output, _ = process.communicate(timeout=SLOW_SECONDS)
    _, alive = psutil.wait_procs(others, timeout=SLOW_SECONDS)
    assert alive == []
    return process.returncode, output


def test_when_one_is_killed_the_others_follow_and_it_says_why(supervised):
    process = supervised(TWO)
    sleeping = children(process)
    sleeping["60"].kill()
    status, output = ended(process, *sleeping.values())
    assert status == 1
    assert "one ended by itself (killed by SIGKILL)" in output


def test_when_one_ends_well_it_is_a_failure_all_the_same(supervised):
    process = supervised("one: exec sleep 60\nshort: exec true\n")
    status, output = ended(process)
    assert status == 1
    assert "short ended by itself (exit status 0)" in output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_of_it_cleanly(supervised, number):
    process = supervised(TWO)
    sleeping = children(process)
    process.send_signal(number)
    status, output = ended(process, *sleeping.values())
    assert status == 0
    assert "ended by itself" not in output


def test_nothing_survives_a_killed_supervisor(supervised):
    process = supervised(TWO)
    sleeping = children(process)
    process.kill()
    process.wait(SLOW_SECONDS)
    assert psutil.wait_procs(sleeping.values(), timeout=SLOW_SECONDS)[1] == []


def test_a_child_that_holds_the_output_open_does_not_hold_up_the_end(supervised):
    process = supervised("one: sleep 62 & exec sleep 60\ntwo: exec sleep 61\n")
    sleeping = children(process, count=3)
    sleeping["60"].kill()
    status, _ = ended(process, *sleeping.values())
    assert status == 1
