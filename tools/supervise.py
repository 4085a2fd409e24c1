"""honcho, through its API, with what its command line lacks here.

- No reading of .env (its parser is not django-environ's) and no PORT of its own making (5000).
- A process of the Procfile is over when its leader is: honcho waits for the end of its output, which
  a forgotten child holds open for ever after an out-of-memory kill.
- A closed terminal (SIGHUP) ends everything, and so does the supervisor's own violent death.
- It says when the first page can be opened, and in the end which process ended by itself.
"""

import multiprocessing
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from honcho import manager as honcho_manager
from honcho.environ import parse_procfile
from honcho.printer import Printer
from honcho.process import Popen, Process

GRACE_SECONDS = 8.0
honcho_manager.KILL_WAIT = GRACE_SECONDS  # Celery finishes the task in hand first


class Child(Popen):
    """Runs inside honcho's helper process, one for each line of the Procfile."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # As it was when this helper was begun: os.getppid() may already be another's, and its death go unseen.
        supervisor = multiprocessing.parent_process().pid
        threading.Thread(target=self._watch, args=(supervisor,), daemon=True).start()

    def _watch(self, supervisor):
        while self.poll() is None and os.getppid() == supervisor:
            time.sleep(0.2)
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not self._tell_group(number):
                return
            until = time.monotonic() + GRACE_SECONDS
            while time.monotonic() < until:
                self.poll()
                if not self._tell_group(0):
                    return
                time.sleep(0.1)

    def _tell_group(self, number):
        """Send a signal to the process and its children; False when none is left."""
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True


class Supervised(Process):
    """A line of the Procfile, run as a Child."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._child_ctor = Child


class Manager(honcho_manager.Manager):
    """Remembers whose end was the end of all."""

    culprit = None

    def __init__(self, printer):
        super().__init__(printer)
        self._process_ctor = Supervised

    def terminate(self):
        if not self._all_started():  # an early Ctrl-C: honcho has no process ids yet, so ask again shortly
            again = threading.Timer(0.1, self.terminate)
            again.daemon = True
            again.start()
            return
        if not self._terminating and self.returncode not in (130, 143):
            ended = ((name, p["returncode"]) for name, p in self._processes.items() if "returncode" in p)
            self.culprit = next(ended, None)
        super().terminate()


def announce(url):
    """Once the first page answers: where it is, and who may sign in."""
    while True:
        try:
            urllib.request.urlopen(f"{url}healthz/live", timeout=5).close()
        except urllib.error.HTTPError:
            break  # it answers, and redirects to HTTPS or wants another host
        except OSError:
            time.sleep(0.1)
        else:
            break
    sign_ins = Path(os.environ["DATA_DIR"]) / "sign-ins.txt"
    lines = sign_ins.read_text(encoding="utf-8").rstrip() + "\n" if sign_ins.exists() else ""
    print(f"\n{lines}CommunityCRM is ready: {url}   (Ctrl-C stops everything)\n", flush=True)


def how_it_ended(status):
    """An exit status in words."""
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


def main():
    manager = Manager(Printer(sys.stdout, time_format="%H:%M:%S", colour=sys.stdout.isatty()))
    for name, command in parse_procfile(Path("Procfile").read_text(encoding="utf-8")).processes.items():
        manager.add_process(name, command)
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    threading.Thread(target=announce, args=(sys.argv[1],), daemon=True).start()
    manager.loop()
    if manager.culprit:
        name, status = manager.culprit
        reason = f"{name} ended by itself ({how_it_ended(status)}); its last lines are above."
        print(f"[dev] {reason} Everything else was stopped.", file=sys.stderr, flush=True)
        return 1
    print("[dev] stopped", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
