"""A Chromium that Playwright can drive: the one that is there, a downloaded one, or Debian's."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess

from tools import system
from tools.console import PYTHON, VENV, child_env, say

REMEMBERED = VENV / "chromium.json"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGES = ("chromium", "libatomic1", "fonts-dejavu-core")

# The proof is Playwright driving it: its own node may lack a library too (libatomic1 on a bare Debian).
LAUNCH = """
import os
from playwright.sync_api import sync_playwright
flags = ["--disable-dev-shm-usage"]
if os.geteuid() == 0 or os.environ.get("CHROMIUM_NO_SANDBOX"):
    flags.append("--no-sandbox")
with sync_playwright() as playwright:
    path = os.environ.get("CHROMIUM") or playwright.chromium.executable_path
    browser = playwright.chromium.launch(executable_path=path, args=flags)
    page = browser.new_page()
    page.set_content("<p>ok</p>")
    assert page.inner_text("p") == "ok"
    browser.close()
print(path)
"""


def find():
    """(what the browser tests need in their environment, None) or (None, why there is no Chromium)."""
    with contextlib.suppress(OSError, ValueError):
        env = json.loads(REMEMBERED.read_text())
        if os.access(env["CHROMIUM"], os.X_OK):
            return env, None
    reasons = []
    for way in (installed, downloaded, packaged, unpacked):
        extra = way()
        if extra is None:
            continue
        env, why = launches(**extra)
        if env:
            REMEMBERED.write_text(json.dumps(env))
            return env, None
        reasons.append(f"{way.__name__}: {why}")
    return None, "; ".join(reasons) or "none found"


def launches(**extra):
    """Does Playwright get a page out of it? (environment, None) or (None, the last line of the reason)."""
    command = [str(PYTHON), "-c", LAUNCH]
    try:
        done = subprocess.run(command, env=child_env(**extra), capture_output=True, text=True, timeout=90)
    except subprocess.TimeoutExpired:
        return None, "it did not start within 90 s"
    if done.returncode == 0:
        return {**extra, "CHROMIUM": done.stdout.strip()}, None
    return None, (done.stderr.strip().splitlines() or ["it did not start"])[-1]


def on_path():
    """The browser that CHROMIUM names or the path holds, or an empty string."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")


def installed():
    """What the machine has."""
    return {"CHROMIUM": on_path()} if on_path() else None


def downloaded():
    """Playwright's own download, which lands in the user's cache."""
    if on_path():
        return None
    say("no Chromium found: trying Playwright's download")
    command = [str(PYTHON), "-m", "playwright", "install", "chromium"]
    env = child_env(PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT="15000")
    try:
        done = subprocess.run(command, env=env, timeout=300, stdin=subprocess.DEVNULL, capture_output=True)
    except subprocess.TimeoutExpired:
        return None
    return {} if done.returncode == 0 else None


def packaged():
    """Debian's package, by somebody who may install it."""
    return {"CHROMIUM": on_path()} if system.install(*PACKAGES) and on_path() else None


def unpacked():
    """Without root: Debian's own signed packages, fetched with a private state and unpacked under .venv."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return None
    place = VENV / "chromium"
    say("no root: unpacking Debian's Chromium under .venv")
    shutil.rmtree(place, ignore_errors=True)
    for name in ("state/lists/partial", "cache/archives/partial", "root"):
        (place / name).mkdir(parents=True)
    private = [
        f"Dir::State={place}/state",
        "Dir::State::status=/var/lib/dpkg/status",
        f"Dir::Cache={place}/cache",
    ]
    private += ["APT::Sandbox::User=", "Debug::NoLocking=1"]
    options = [word for option in private for word in ("-o", option)]
    wanted = ("install", "-y", "--download-only", "--no-install-recommends", *PACKAGES)
    if not (system.apt_get(*options, "update") and system.apt_get(*options, *wanted)):
        return None
    root = place / "root"
    for package in (place / "cache/archives").glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", str(package), str(root)], check=True)
    shutil.rmtree(place / "cache")
    shutil.rmtree(place / "state")
    folders = ("usr/lib/*-linux-gnu", "lib/*-linux-gnu", "usr/lib/*-linux-gnu/pulseaudio")
    return {
        "CHROMIUM": str(root / "usr/lib/chromium/chromium"),
        "CHROMIUM_NO_SANDBOX": "1",
        "LD_LIBRARY_PATH": os.pathsep.join(str(path) for folder in folders for path in root.glob(folder)),
        "XDG_DATA_DIRS": str(root / "usr/share"),
        "FONTCONFIG_PATH": str(root / "etc/fonts"),
    }
