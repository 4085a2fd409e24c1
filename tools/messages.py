"""`./dev messages`: collect what is to be translated, and compile what is."""

from __future__ import annotations

import shutil
import subprocess
import tempfile

from tools import system
from tools.console import PYTHON, ROOT, child_env, die
from tools.dependencies import setup


def messages(args):
    """Write locale/*/LC_MESSAGES/django.po and .mo; the translating is left to a person."""
    setup("dev")
    if not gettext_is_there():
        die("gettext is needed to collect messages. Debian, Ubuntu: apt-get install gettext", 2)
    with tempfile.TemporaryDirectory(prefix="ccrm-") as data:
        env = child_env(MODE="test", IGNORE_DOTENV="1", SECRET_KEY="only-to-collect-messages", DATA_DIR=data)
        return subprocess.run([str(PYTHON), "-m", "tools.catalogue", "write"], cwd=ROOT, env=env).returncode


def gettext_is_there():
    """Are xgettext and its family here, if need be after installing them?"""
    return bool(shutil.which("xgettext")) or (system.install("gettext") and bool(shutil.which("xgettext")))
