"""With CI set, a skip is a failure: shown on a small suite of its own that uses our conftest."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
SKIPS = {
    "a test": "import pytest\n\n@pytest.mark.skip(reason='no')\ndef test_it(): pass\n",
    "a module": "import pytest\npytest.skip('no', allow_module_level=True)\n",
    "an import": "import pytest\npytest.importorskip('nowhere_to_be_found')\n",
}


def run(folder, source, **env):
    (folder / "conftest.py").write_text(CONFTEST.read_text())
    (folder / "test_it.py").write_text(source)
    clean = {
        name: value for name, value in os.environ.items() if name not in ("CI", "DJANGO_SETTINGS_MODULE")
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:django",
        "-c",
        "/dev/null",
    ]
    done = subprocess.run(
        [*command, str(folder)], cwd=folder, env={**clean, **env}, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("source", SKIPS.values(), ids=SKIPS)
def test_in_ci_a_skip_is_a_failure(tmp_path, source):
    code, output = run(tmp_path, source, CI="true")
    assert code in (1, 2)
    assert "skipped, and CI is set" in output


def test_elsewhere_a_skip_is_a_skip_and_ci_lets_the_others_pass(tmp_path):
    assert "1 skipped" in run(tmp_path, SKIPS["a test"])[1]
    assert run(tmp_path, "def test_it(): pass\n", CI="true")[0] == 0
