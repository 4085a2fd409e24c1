"""Every setting is documented; production refuses what is not safe."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.linting import production_example

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "communitycrm/settings.py").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
GUNICORN = (ROOT / "communitycrm/gunicorn_conf.py").read_text(encoding="utf-8")
KEY = "a-key-of-its-own-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG"


def names_read():
    """The names that the settings and gunicorn's configuration take from the environment."""
    read = re.findall(r"\benv(?:\.\w+)?\(\s*\"([A-Z_]+)\"", SETTINGS)
    return set(read) | set(re.findall(r"os\.environ\.get\([\"']([A-Z_]+)[\"']", GUNICORN))


def names_documented():
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, re.MULTILINE))


def start(tmp_path, **env):
    """Load Django in production, with the example's settings and these changes; its standard error."""
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    example = {**production_example(), "SECRET_KEY": KEY, "IGNORE_DOTENV": "1", "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**clean, **example, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_every_setting_is_in_the_example():
    assert names_read() - names_documented() == set()


def test_the_example_names_no_setting_that_nobody_reads():
    assert names_documented() - names_read() == set()


def test_the_production_example_passes_the_deployment_check(tmp_path):
    code, errors = start(tmp_path)
    assert code == 0, errors


@pytest.mark.parametrize(
    "unsafe",
    [
        {"SECRET_KEY": production_example()["SECRET_KEY"]},
        {"SECRET_KEY": "short"},
        {"ALLOWED_HOSTS": "*"},
        {"ALLOWED_HOSTS": ""},
        {"SECURE_SSL_REDIRECT": "False"},
        {"DEBUG": "True"},
        {"CLOCK_OFFSET": "60"},
        {"FETCH_PRIVATE": "True"},
    ],
    ids=lambda change: "=".join(*change.items()),
)
def test_production_refuses_what_is_not_safe(tmp_path, unsafe):
    code, errors = start(tmp_path, **unsafe)
    assert code != 0
    assert next(iter(unsafe)) in errors
