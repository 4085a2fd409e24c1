"""What production refuses to start with, and what `manage.py check` warns of elsewhere."""

from collections.abc import Callable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning

from outreach import sealing

KEY_LENGTH = 50
KEY_VARIETY = 5
EXAMPLE_WORDS = (
    "django-insecure",
    "change",
    "changeme",
    "example",
    "secret-key",
    "only-for-tests",
    "replace",
    "write",
)
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}

Rule = Callable[[Any], str]


def weak_key(settings: Any) -> str:
    """A key that is short, monotonous or copied from an example."""
    key = settings.SECRET_KEY
    if len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY:
        return f"SECRET_KEY is weak: {KEY_LENGTH} random characters or more."
    if key.lower().startswith(EXAMPLE_WORDS):
        return "SECRET_KEY is one from an example: make your own."
    return ""


def open_hosts(settings: Any) -> str:
    """Any host, or none that the world could call."""
    hosts = set(settings.ALLOWED_HOSTS)
    if any(host.strip() == "*" for host in hosts):
        return "ALLOWED_HOSTS is *: name the hosts that people use."
    return ""


def no_public_host(settings: Any) -> str:
    """Only this machine's own names: ALLOWED_HOSTS was forgotten."""
    return (
        ""
        if set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS
        else "ALLOWED_HOSTS names no host that people could use."
    )


def no_https(settings: Any) -> str:
    """Whatever would let a password or a session travel in clear text."""
    missing = [
        name
        for name in (
            "SECURE_SSL_REDIRECT",
            "SECURE_HSTS_SECONDS",
            "SESSION_COOKIE_SECURE",
            "CSRF_COOKIE_SECURE",
        )
        if not getattr(settings, name, False)
    ]
    return f"HTTPS is not enforced: {', '.join(missing)}." if missing else ""


def links_without_https(settings: Any) -> str:
    """Links in e-mails lead to PUBLIC_URL."""
    return "" if settings.PUBLIC_URL.startswith("https://") else "PUBLIC_URL must begin with https://."


def debug(settings: Any) -> str:
    """Error pages that show the code."""
    return "DEBUG is on." if settings.DEBUG else ""


def moved_clock(settings: Any) -> str:
    """A trial's clock."""
    return "CLOCK_OFFSET is set: only trials move the clock." if settings.CLOCK_OFFSET else ""


def open_fetch(settings: Any) -> str:
    """Addresses that people type could lead the server to itself or its neighbours."""
    return "FETCH_PRIVATE is set: only trials fetch from private addresses." if settings.FETCH_PRIVATE else ""


def bad_secrets_keys(settings: Any) -> str:
    """A key that cannot seal anything would be noticed when somebody enters a token."""
    if all(sealing.is_key(key) for key in settings.SECRETS_KEYS):
        return ""
    return "SECRETS_KEYS holds something that is no key: 32 random bytes in URL-safe Base64 each."


def short_visibility(settings: Any) -> str:
    """Redis hands a message out again after visibility_timeout: it must outlast the longest task."""
    if not settings.CELERY_BROKER_URL.startswith("redis"):
        return ""
    seen = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {}).get("visibility_timeout", 3600)
    limit = getattr(settings, "CELERY_TASK_TIME_LIMIT", None)
    if limit is None or seen <= limit:
        return f"The broker's visibility_timeout ({seen} s) must be above CELERY_TASK_TIME_LIMIT ({limit} s)."
    return ""


CELERY_MUST = {
    "CELERY_TASK_ACKS_LATE": (True, "a worker that dies would take its task with it"),
    "CELERY_TASK_REJECT_ON_WORKER_LOST": (True, "a worker that is killed would take its task with it"),
    "CELERY_TASK_IGNORE_RESULT": (True, "results would pile up"),
    "CELERY_WORKER_PREFETCH_MULTIPLIER": (1, "a worker would sit on messages that others could do"),
    "CELERY_TASK_SERIALIZER": ("json", "a message could hold code"),
    "CELERY_ACCEPT_CONTENT": (["json"], "a message could hold code"),
    "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": (
        True,
        "a worker would not wait for a broker that starts later",
    ),
}


def unsafe_celery(settings: Any) -> str:
    """Whatever would lose or double a tick, or run what somebody put into the broker."""
    wrong = [
        f"{name} must be {value!r} ({why})"
        for name, (value, why) in CELERY_MUST.items()
        if getattr(settings, name, None) != value
    ]
    schedule = getattr(settings, "CELERY_BEAT_SCHEDULE", {})
    wrong += [
        f"the beat entry {name} must run by interval and expire before it is due again"
        for name, entry in schedule.items()
        if not _is_interval(entry)
    ]
    options = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    if settings.CELERY_BROKER_URL.startswith("redis") and options.get("unacked_restore_throttle") != 1:
        wrong.append("unacked_restore_throttle must be 1 (messages of a dead worker would come back late)")
    return f"Celery is not set up safely: {'; '.join(wrong)}." if wrong else ""


def _is_interval(entry: dict[str, Any]) -> bool:
    """A crontab stops or doubles on the days the clocks change."""
    every, expires = entry["schedule"], entry.get("options", {}).get("expires")
    return isinstance(every, int | float) and expires is not None and expires < every


ANYWHERE: Sequence[Rule] = (weak_key, open_hosts, short_visibility, unsafe_celery, bad_secrets_keys)
"""Refused in production, warned of elsewhere."""

PRODUCTION: Sequence[Rule] = (no_public_host, no_https, links_without_https, debug, moved_clock, open_fetch)
"""Asked of production only: a laptop has no certificate, and a trial moves its clock."""


def refusals(settings: Any) -> list[str]:
    """One sentence for each thing that production must not start with; empty when all is well."""
    return [said for rule in (*ANYWHERE, *PRODUCTION) if (said := rule(settings))]


@register(Tags.security)
def warn(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The rules that hold anywhere, as warnings (production never gets so far)."""
    if django_settings.MODE == "test":
        return []
    said = [rule(django_settings) for rule in ANYWHERE]
    return [
        CheckWarning(words, id=f"communitycrm.W{number:03}") for number, words in enumerate(said, 1) if words
    ]


@register(Tags.security, deploy=True)
def mail_that_nobody_gets(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """In production a reminder that is written to a folder is a reminder lost."""
    to_folder = django_settings.EMAIL_BACKEND.endswith(("filebased.EmailBackend", "console.EmailBackend"))
    if django_settings.MODE == "production" and to_folder:
        return [
            CheckWarning("EMAIL_URL names no mail server: nobody would get a mail.", id="communitycrm.W010")
        ]
    return []


REDIS_MUST = {
    "appendonly": ("yes", "a restart would lose what waits"),
    "maxmemory-policy": ("noeviction", "a full one would throw messages away"),
}


def unsafe_redis(settings: Any) -> list[str]:
    """What the Redis behind the broker says of itself: it must outlive a restart and throw nothing away.

    Empty when it is no Redis, when it cannot be reached, or does not answer such questions (hosted ones often do not).
    """
    if not settings.CELERY_BROKER_URL.startswith("redis"):
        return []
    from kombu import Connection
    from kombu.exceptions import OperationalError
    from redis import RedisError

    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=2) as broker:
            server = broker.channel().client
            said = {name: server.config_get(name).get(name) for name in REDIS_MUST}
    except (RedisError, OperationalError, OSError):
        return []
    words = {name: value.decode() if isinstance(value, bytes) else value for name, value in said.items()}
    return [
        f"Redis must have {name} {value}: {why}."
        for name, (value, why) in REDIS_MUST.items()
        if words[name] not in (value, None)
    ]
