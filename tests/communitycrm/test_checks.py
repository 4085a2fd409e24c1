"""What production refuses to start with, rule by rule."""

from types import SimpleNamespace

import pytest
from celery.schedules import crontab

from communitycrm import checks

SAFE = {
    "SECRET_KEY": "Ab3-x" * 12,
    "SECRETS_KEYS": ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="],
    "ALLOWED_HOSTS": ["crm.example.org"],
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 3600,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "PUBLIC_URL": "https://crm.example.org",
    "DEBUG": False,
    "CLOCK_OFFSET": 0.0,
    "FETCH_PRIVATE": False,
    "CELERY_BROKER_URL": "redis://redis:6379/0",
    "CELERY_BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": 1800, "unacked_restore_throttle": 1},
    "CELERY_BEAT_SCHEDULE": {"tick": {"schedule": 60.0, "options": {"expires": 54.0}}},
    **{name: value for name, (value, _why) in checks.CELERY_MUST.items()},
    "CELERY_TASK_TIME_LIMIT": 1500,
}


def refusals(**changes):
    return checks.refusals(SimpleNamespace(**{**SAFE, **changes}))


def test_what_is_safe_starts():
    assert refusals() == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-0123456789-abcdefghijklmnopqrstuvwxyz-ABC"}, "SECRET_KEY"),
        ({"SECRETS_KEYS": ["no key"]}, "SECRETS_KEYS"),
        ({"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ["localhost", "127.0.0.1"]}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": []}, "ALLOWED_HOSTS"),
        ({"SECURE_SSL_REDIRECT": False}, "SECURE_SSL_REDIRECT"),
        ({"SECURE_HSTS_SECONDS": 0}, "SECURE_HSTS_SECONDS"),
        ({"SESSION_COOKIE_SECURE": False}, "SESSION_COOKIE_SECURE"),
        ({"PUBLIC_URL": "http://crm.example.org"}, "PUBLIC_URL"),
        ({"DEBUG": True}, "DEBUG"),
        ({"CELERY_TASK_ACKS_LATE": False}, "CELERY_TASK_ACKS_LATE"),
        ({"CELERY_WORKER_PREFETCH_MULTIPLIER": 4}, "CELERY_WORKER_PREFETCH_MULTIPLIER"),
        ({"CELERY_ACCEPT_CONTENT": ["json", "pickle"]}, "CELERY_ACCEPT_CONTENT"),
        ({"CELERY_BEAT_SCHEDULE": {"tick": {"schedule": 60.0}}}, "beat entry tick"),
        (
            {"CELERY_BEAT_SCHEDULE": {"tick": {"schedule": crontab(), "options": {"expires": 5}}}},
            "beat entry tick",
        ),
        ({"CELERY_BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": 1800}}, "unacked_restore_throttle"),
        ({"CLOCK_OFFSET": 3600.0}, "CLOCK_OFFSET"),
        ({"FETCH_PRIVATE": True}, "FETCH_PRIVATE"),
        (
            {"CELERY_BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": 1500, "unacked_restore_throttle": 1}},
            "visibility_timeout",
        ),
        ({"CELERY_TASK_TIME_LIMIT": None}, "visibility_timeout"),
    ],
)
def test_what_is_not_is_named(changes, named):
    said = refusals(**changes)
    assert len(said) == 1 and named in said[0]


def test_the_folder_broker_has_no_visibility():
    assert refusals(CELERY_BROKER_URL="files://localhost//", CELERY_TASK_TIME_LIMIT=None) == []


@pytest.mark.parametrize(("mode", "count"), [("local", 2), ("production", 2), ("test", 0)])
def test_a_laptop_is_only_warned(settings, mode, count):
    settings.MODE, settings.SECRET_KEY, settings.ALLOWED_HOSTS = mode, "short", ["*"]
    settings.CLOCK_OFFSET, settings.CELERY_BROKER_URL = 5.0, "files://localhost//"
    assert len(checks.warn(None)) == count


@pytest.mark.parametrize(("backend", "count"), [("smtp", 0), ("filebased", 1), ("console", 1)])
def test_mail_to_a_folder_is_warned_of_in_production(settings, backend, count):
    settings.MODE = "production"
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    assert len(checks.mail_that_nobody_gets(None)) == count
