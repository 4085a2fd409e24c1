"""Database, static files and, on a first start, the demo. Started by `./dev run` with the project's Python."""

import io
import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

NOT_WANTED = "no-demo"
SIGN_INS = "sign-ins.txt"


def main():
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    offer_demo(Path(settings.DATA_DIR))


def offer_demo(data):
    """Fill an empty database with the demo, unless somebody said no; keep its sign-ins for later starts."""
    from accounts.models import Team, User

    sign_ins = data / SIGN_INS
    if Team.objects.exists() or User.objects.exists():
        if not User.objects.filter(email__endswith="@demo.example").exists():
            sign_ins.unlink(missing_ok=True)  # of a demo that is no longer there
        return
    sign_ins.unlink(missing_ok=True)
    if not wants_demo(data / NOT_WANTED):
        return
    print("[dev] building the demo", flush=True)
    said = io.StringIO()
    call_command("demo", stdout=said)
    handle = os.open(sign_ins, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(said.getvalue())


def wants_demo(refused):
    """DEMO=0 or DEMO=1 decides; else a person at a terminal is asked once; else yes. A no is remembered."""
    answer = os.environ.get("DEMO", "")
    if not answer and refused.exists():
        return False
    if not answer and os.isatty(0):
        answer = input("[dev] Start with a demo team, to look around? [Y/n] ")
    wanted = answer.strip().lower() not in ("0", "n", "no", "non", "false")
    if wanted:
        refused.unlink(missing_ok=True)
    else:
        refused.touch()
    return wanted


if __name__ == "__main__":
    main()
