"""`./dev assets`: build what static/ holds from assets/. The results are committed; only this needs Node."""

from __future__ import annotations

import shutil
import subprocess

from tools.console import ROOT, die


def assets(args):
    """Install the packages of assets/package.json, without a lock file (it would name a registry), and build."""
    if not shutil.which("npm") or not shutil.which("node"):
        die("Node with npm is needed to build the assets. Debian, Ubuntu: apt-get install nodejs npm", 2)
    install = [
        "npm",
        "install",
        "--no-package-lock",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--silent",
    ]
    for command in (install, ["node", "build.mjs"]):
        code = subprocess.run(command, cwd=ROOT / "assets").returncode
        if code:
            return code
    return 0
