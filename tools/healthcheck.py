"""Is this container doing its work? `python -m tools.healthcheck web|worker|beat`, for docker-compose.yml."""

import os
import sys
import time
import urllib.request
from pathlib import Path

# A tick a minute: more than these waiting means that no worker takes them.
MESSAGES_WAITING = 10
TICK_AGE_SECONDS = 600
# beat writes its schedule down every three minutes.
SCHEDULE_AGE_SECONDS = 600
SCHEDULE = Path("/tmp/celerybeat-schedule")


def web():
    """The process answers and reaches its database. The proxy's header: plain HTTP would be redirected."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    url = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz/ready"
    request = urllib.request.Request(url, headers={"Host": host, "X-Forwarded-Proto": "https"})
    with urllib.request.urlopen(request, timeout=8) as answer:
        return answer.status == 200


def worker():
    """The broker answers, messages do not pile up in it, and a tick went well lately: a worker can be alive and deaf."""
    from kombu import Connection

    with Connection(os.environ["CELERY_BROKER_URL"], connect_timeout=5) as broker:
        piled_up = broker.default_channel.client.llen("celery") > MESSAGES_WAITING
    return not piled_up and ticked_lately()


def ticked_lately():
    """As the database says; true as long as there was none at all."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communitycrm.settings")
    import django

    django.setup()
    from django.utils import timezone

    from notifications import pulses

    last = pulses.last("tick")
    return last is None or (timezone.now() - last).total_seconds() < TICK_AGE_SECONDS


def beat(schedule=SCHEDULE):
    """It wrote its schedule lately."""
    newest = max((path.stat().st_mtime for path in schedule.parent.glob(f"{schedule.name}*")), default=0)
    return time.time() - newest < SCHEDULE_AGE_SECONDS


if __name__ == "__main__":
    try:
        healthy = {"web": web, "worker": worker, "beat": beat}[sys.argv[1]]()
    except OSError as problem:
        print(problem)
        healthy = False
    sys.exit(0 if healthy else 1)
