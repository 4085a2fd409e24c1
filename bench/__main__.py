"""`./dev bench`: seed, start gunicorn, measure, print one table for the database that DATABASE_URL names."""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def gunicorn(port: int) -> Iterator[None]:
    """The web server of the product, two processes as on a small machine."""
    env = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1", "WEB_CONCURRENCY": "2"}
    command = [sys.executable, "-m", "gunicorn", "communitycrm.wsgi", "-c", "communitycrm/gunicorn_conf.py"]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/live", timeout=2).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def sink(folder: Path) -> Iterator[int]:
    """A mail server in a process of its own; its port."""
    port_file = folder / "port"
    arguments = ["--port-file", str(port_file), "--mail-dir", str(folder / "taken")]
    process = subprocess.Popen([sys.executable, "-m", "tests.smtp_sink", *arguments], cwd=ROOT)
    try:
        while not port_file.exists():
            time.sleep(0.05)
        yield int(port_file.read_text())
    finally:
        process.terminate()
        process.wait(10)


def main() -> None:
    """Measure one database and print the table."""
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("--size", default="medium", choices=["small", "medium", "large"])
    parser.add_argument(
        "--crowd", type=int, help="community managers in the part presence, 5,000 meetings and posts each"
    )
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help="of bench/parts, e.g. contacts; all by default"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ccrm-bench-") as folder, sink(Path(folder)) as smtp_port:
        os.environ["BENCH_SMTP_PORT"] = str(smtp_port)
        django.setup()
        from bench import report, scene, seed
        from foundation import clock

        size, modules = seed.SIZES[asked.size], report.chosen(asked.parts)
        seeded, seconds = report.prepare(size)
        port = free_port()
        with gunicorn(port):
            here = scene.look(
                size, seeded, port=port, smtp_port=smtp_port, crowd=asked.crowd, now=clock.now()
            )
            rows = report.measure(modules, "pages", here)
        report.show(size, seconds, [*rows, *report.measure(modules, "work", here)])


if __name__ == "__main__":
    main()
