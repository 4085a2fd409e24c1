"""The project's settings, with three pages more: the limits that the product's pages are held against."""

from communitycrm.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", env.int("BENCH_SMTP_PORT", default=25)  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_USE_TLS = EMAIL_USE_SSL = False
TEMPLATES[0]["DIRS"].append(BASE_DIR / "bench/templates")  # noqa: F405
