"""Each command of docker-compose.yml, run by hand against a real PostgreSQL and Redis: no container engine here."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
import redis
import yaml

from communitycrm import checks
from tools import healthcheck

ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
PATIENCE_SECONDS = 40


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The compose file's environment, with the addresses of the servers at hand and a database of its own."""
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS services")
        connection.execute("CREATE DATABASE services")
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    broker = os.environ["CELERY_BROKER_URL"] + "?virtual_host=7"
    env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    return {
        **env,
        **{name: str(value) for name, value in SERVICES["web"]["environment"].items()},
        "MODE": "production",
        "SECRET_KEY": "a-key-of-its-own-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
        "ALLOWED_HOSTS": "crm.example.org",
        "PUBLIC_URL": "https://crm.example.org",
        "CSRF_TRUSTED_ORIGINS": "https://crm.example.org",
        "BEHIND_PROXY": "True",
        "WEB_CONCURRENCY": "2",
        "DATABASE_URL": url.replace("/postgres?", "/services?"),
        "REDIS_URL": os.environ["REDIS_URL"].replace("db=0", "db=6"),
        "CELERY_BROKER_URL": broker,
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "DEFAULT_FROM_EMAIL": "CommunityCRM <crm@example.org>",
        "IGNORE_DOTENV": "1",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "STATIC_ROOT": str(tmp_path_factory.mktemp("static")),
        "TICK_SECONDS": "1",
    }


@pytest.fixture(scope="module")
def migrated(environment):
    """What the image's build and the service `migrate` do."""
    for command in (
        ["python", "manage.py", "collectstatic", "--noinput", "-v", "0"],
        SERVICES["migrate"]["command"],
    ):
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return environment


@pytest.fixture
def service(migrated, tmp_path):
    """Start a service by the command of the compose file; after the test it is ended as an engine would."""
    running = []

    def start(name, **changes):
        command = [word.replace("/tmp/", f"{tmp_path}/") for word in SERVICES[name]["command"]]
        log = (tmp_path / f"{name}.log").open("w")
        process = subprocess.Popen(command, cwd=ROOT, env={**migrated, **changes}, stdout=log, stderr=log)
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    assert [process.wait(PATIENCE_SECONDS) for process in running] == [0] * len(running)


def soon(condition):
    """Is it true within the time that a start may take?"""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def healthy(name, env):
    """The health check of the compose file, run as it stands there."""
    command = SERVICES[name]["healthcheck"]["test"][1:]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False).returncode == 0


def test_web_becomes_healthy_in_production_mode(service, migrated):
    assert not healthy("web", migrated)
    service("web")
    assert soon(lambda: healthy("web", migrated))


def test_beat_sends_ticks_and_the_worker_takes_them(service, migrated, tmp_path):
    at_socket = migrated["CELERY_BROKER_URL"].removeprefix("redis+socket://").partition("?")[0]
    queue = redis.Redis(unix_socket_path=at_socket, db=7)
    queue.flushdb()
    service("beat")
    assert soon(lambda: queue.llen("celery") > 0)
    assert healthcheck.beat(tmp_path / "celerybeat-schedule")
    worker = service("worker")
    assert soon(lambda: queue.llen("celery") == 0)
    assert worker.poll() is None


def test_messages_that_pile_up_make_the_worker_unhealthy(migrated):
    at_socket = migrated["CELERY_BROKER_URL"].removeprefix("redis+socket://").partition("?")[0]
    queue = redis.Redis(unix_socket_path=at_socket, db=7)
    queue.flushdb()
    assert healthy("worker", migrated)
    queue.rpush("celery", *["{}"] * (healthcheck.MESSAGES_WAITING + 1))
    assert not healthy("worker", migrated)
    queue.flushdb()
    with psycopg.connect(migrated["DATABASE_URL"].replace("postgres://", "postgresql://")) as connection:
        connection.execute("DELETE FROM notifications_pulse")
        long_ago = "now() - interval '11 minutes'"
        connection.execute(f"INSERT INTO notifications_pulse (name, at) VALUES ('tick', {long_ago})")
    assert not healthy("worker", migrated)
    assert not healthy("worker", {**migrated, "CELERY_BROKER_URL": "redis+socket:///nowhere"})


def test_a_worker_refuses_a_redis_that_forgets(migrated):
    at_socket = migrated["CELERY_BROKER_URL"].removeprefix("redis+socket://").partition("?")[0]
    server = redis.Redis(unix_socket_path=at_socket)
    assert checks.unsafe_redis(SimpleNamespace(CELERY_BROKER_URL=migrated["CELERY_BROKER_URL"])) == []
    server.config_set("maxmemory-policy", "allkeys-lru")
    try:
        done = subprocess.run(
            SERVICES["worker"]["command"], cwd=ROOT, env=migrated, capture_output=True, text=True
        )
    finally:
        server.config_set("maxmemory-policy", "noeviction")
    assert done.returncode != 0
    assert "maxmemory-policy" in done.stderr + done.stdout
