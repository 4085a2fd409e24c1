"""`./dev bench`: the same measurements on SQLite and on a private PostgreSQL, each beside its limits."""

from __future__ import annotations

import subprocess
import tempfile

from tools.console import PYTHON, ROOT, child_env, say
from tools.dependencies import setup
from tools.testing import servers


def bench(args):
    """Print two tables; `--size small|medium|large`. 0 when both could be measured."""
    setup("dev")
    codes = []
    with servers() as urls, tempfile.TemporaryDirectory(prefix="ccrm-bench-") as data:
        problem = urls.pop("problem", None)
        common = {
            "MODE": "local",
            "IGNORE_DOTENV": "1",
            "SECRET_KEY": "only-for-the-benchmark",
            "DATA_DIR": data,
            "STATIC_ROOT": f"{data}/static",
            "DJANGO_SETTINGS_MODULE": "bench.settings",
        }
        codes.append(measure(args, **common))
        if problem:
            say(f"SKIPPED: PostgreSQL: {problem}")
        else:
            codes.append(measure(args, **common, **urls))
    return max(codes)


def measure(args, **env):
    """One database, in a process of its own."""
    return subprocess.run([str(PYTHON), "-m", "bench", *args], cwd=ROOT, env=child_env(**env)).returncode
