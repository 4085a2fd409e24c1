"""System packages: asked for only with leave, that is as root in CI, or by a person who agreed."""

from __future__ import annotations

import os
import shutil
import subprocess

from tools.console import say, succeeds


def apt_get(*arguments, prefix=()):
    """One quiet apt-get; did it end well? It waits up to two minutes for another one's lock."""
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    command = [*prefix, "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", *arguments]
    return (
        subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL).returncode == 0
    )


def may_install():
    """The words to put before apt-get, or None when this user may not install packages."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and succeeds(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def agreed(question):
    """In CI nobody is asked; at a terminal somebody is; otherwise the answer is no."""
    if os.environ.get("CI"):
        return True
    if not os.isatty(0):
        return False
    return input(f"[dev] {question} [y/N] ").strip().lower() in ("y", "yes", "o", "oui")


def install(*packages):
    """Install Debian packages; False when nobody agreed, this user may not, or apt-get failed."""
    prefix = may_install()
    if prefix is None or not agreed(f"install {' '.join(packages)} with apt-get?"):
        return False
    say(f"apt-get install {' '.join(packages)}")
    wanted = ["install", "-y", "--no-install-recommends", *packages]
    return apt_get("update", prefix=prefix) and apt_get(*wanted, prefix=prefix)
