"""docker-compose.yml and Dockerfile, as far as they can be checked without a container engine."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = ["migrate", "web", "worker", "beat"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
KEPT = [
    line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[0] == "!"
]


def test_exactly_one_beat_and_it_cannot_be_scaled():
    beats = [name for name, service in SERVICES.items() if "beat" in service.get("command", [])]
    assert beats == ["beat"]
    assert SERVICES["beat"]["container_name"]
    assert "-B" not in SERVICES["worker"]["command"]


def test_the_worker_is_given_time_to_finish():
    assert SERVICES["worker"]["stop_grace_period"] == "11m"


def test_redis_keeps_what_it_was_given():
    command = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert SERVICES["redis"]["volumes"] == ["redis:/data"]


def test_postgres_is_17_and_keeps_its_data():
    assert SERVICES["postgres"]["image"] == "postgres:17"
    assert SERVICES["postgres"]["volumes"] == ["postgres:/var/lib/postgresql/data"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_service_has_a_health_check_and_comes_back(name):
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_every_named_volume_exists():
    used = {
        volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])
    }
    assert used == set(COMPOSE["volumes"])


def test_no_secret_has_a_default():
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS"):
        defaults = re.findall(rf"\${{{name}(:?[-?][^}}]*|)}}", TEXT)
        assert any(default.startswith(":?") for default in defaults)
        assert not any("-" in default[:2] for default in defaults)


def test_nothing_is_published_beyond_this_machine():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_without_privileges(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["environment"]["MODE"] == "${MODE:-production}"


def test_the_image_is_built_in_two_stages_and_runs_as_nobody_special():
    assert DOCKERFILE.count("FROM python:3.11-slim") == 2
    lines = DOCKERFILE.splitlines()
    user = lines.index("USER crm")
    assert not any(line.startswith(("RUN", "COPY")) for line in lines[user:])
    assert "--require-hashes" in DOCKERFILE


def test_the_image_holds_every_app_and_nothing_secret():
    apps = [path.parent.name for path in ROOT.glob("*/apps.py")]
    assert set(apps) | {"communitycrm", "templates", "static", "locale", "manage.py"} <= set(KEPT)
    assert not {".env", "data", ".git"} & set(KEPT)
    assert all((ROOT / path).exists() for path in KEPT)
