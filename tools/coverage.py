"""Branch coverage of the pure modules (pyproject.toml, [tool.house]): 100 %, no less."""

from __future__ import annotations

import subprocess

from tools.console import PYTHON, ROOT, child_env, say


def pure_modules():
    """Their paths, read with the standard library of the project's own Python."""
    read = "import tomllib; print(*tomllib.load(open('pyproject.toml','rb'))['tool']['house']['pure_modules'], sep='\\n')"
    done = subprocess.run([str(PYTHON), "-c", read], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


def report_pure_modules():
    """Print what the run on SQLite covered of them; False when a line or a branch is missing."""
    say("== branch coverage of the pure modules")
    included = ",".join(pure_modules())
    report = ["report", f"--include={included}", "--show-missing", "--fail-under=100"]
    command = [str(PYTHON), "-m", "coverage", *report]
    return subprocess.run(command, cwd=ROOT, env=child_env(IGNORE_DOTENV="1")).returncode == 0
