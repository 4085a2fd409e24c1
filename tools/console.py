"""Where things are, what is said, and the environment that child processes get."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def say(text):
    """One line for the person who typed the command."""
    print(f"[dev] {text}", flush=True)


def die(text, code=1):
    """Say why and end."""
    print(f"[dev] {text}", file=sys.stderr, flush=True)
    sys.exit(code)


def setting(name, default=""):
    """A setting that `./dev` itself needs: from the environment, else from .env, else the default."""
    if os.environ.get(name):
        return os.environ[name]
    try:
        lines = (ROOT / ".env").read_text(encoding="utf-8").splitlines()
    except OSError:
        return default
    for line in lines:
        key, separator, value = line.partition("=")
        if separator and key.strip() == name:
            return value.strip().strip("'\"") or default
    return default


def child_env(**extra):
    """The environment with our virtual environment first and what would lead pip or Python astray taken out."""
    env = dict(os.environ)
    astray = (
        "PYTHONHOME",
        "PYTHONPATH",
        "VIRTUAL_ENV",
        "PIP_REQUIRE_VIRTUALENV",
        "PIP_USER",
        "PIP_TARGET",
        "PIP_PREFIX",
    )
    for name in astray:
        env.pop(name, None)
    env["PATH"] = f"{VENV / 'bin'}{os.pathsep}{env.get('PATH', os.defpath)}"
    env.setdefault("UV_SYSTEM_CERTS", "1")  # uv trusts what the system trusts, as pip does
    env.setdefault("UV_NATIVE_TLS", "1")  # the older name of the same
    env.update(
        UV_PYTHON_DOWNLOADS="never",
        UV_NO_CONFIG="1",
        UV_LINK_MODE="copy",
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PIP_NO_INPUT="1",
        PYTHONUNBUFFERED="1",
    )
    env.update(extra)
    return env


def succeeds(arguments, **options):
    """Run silently; did it end well?"""
    try:
        return (
            subprocess.run(arguments, capture_output=True, stdin=subprocess.DEVNULL, **options).returncode
            == 0
        )
    except OSError:
        return False
