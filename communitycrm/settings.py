"""Settings, all from the environment (see .env.example). `MODE` is local, test or production."""

from email.utils import parseaddr
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from communitycrm import databases
from foundation import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if not env.bool("IGNORE_DOTENV", default=False):
    environ.Env.read_env(BASE_DIR / ".env")  # the real environment wins

MODE = env("MODE", default="local")
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY")
# Seal the tokens of other services; see outreach/sealing.py.
SECRETS_KEYS: list[str] = env.list("SECRETS_KEYS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "data")))
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
# Seconds added to the clock in trials and end-to-end runs; refused in production.
CLOCK_OFFSET = env.float("CLOCK_OFFSET", default=0.0)
# Lets foundation.fetch ask http and private addresses: a trial's own server. Refused in production.
FETCH_PRIVATE = env.bool("FETCH_PRIVATE", default=False)
# Where links in e-mails lead: no request is at hand when a reminder is written.
PUBLIC_URL = env("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")

# --- Apps ---------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "communitycrm",
    "ratio",
    "outreach",
    "events",
    "contacts",
    "notifications",
    "accounts",
    "foundation",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "template_partials",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "outreach.middleware.RelayMiddleware",
    "foundation.middleware.ReadOutMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.PersonMiddleware",
]
ROOT_URLCONF = "communitycrm.urls"
WSGI_APPLICATION = "communitycrm.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,  # template_partials wraps the loaders by itself
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "notifications.context_processors.waiting",
            ],
            "builtins": ["template_partials.templatetags.partials", "accounts.templatetags.forms"],
        },
    }
]

# --- Database and cache -------------------------------------------------------------------------

SQLITE_URL = f"sqlite:///{DATA_DIR / 'db.sqlite3'}"
DATABASES = {"default": databases.tuned(env.db_url("DATABASE_URL", default=SQLITE_URL))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in limits are counted in a cache that all processes share.
REDIS_URL = env("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}

# --- People -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
SESSION_ENGINE = "accounts.sessions"
AUTHENTICATION_BACKENDS = ["accounts.backends.PersonBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if MODE == "test":  # argon2 is slow on purpose; a test asks for it where it matters
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {
    "login": "accounts.sign_in_forms.LoginForm",
    "reset_password": "accounts.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.sign_in_forms.ResetPasswordKeyForm",
    "change_password": "accounts.sign_in_forms.ChangePasswordForm",
    "set_password": "accounts.sign_in_forms.SetPasswordForm",
    "add_email": "accounts.sign_in_forms.AddEmailForm",
    "reauthenticate": "accounts.sign_in_forms.ReauthenticateForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # the password again before the address changes
ACCOUNT_EMAIL_NOTIFICATIONS = True  # "your password was changed"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if MODE == "production" else "http"
# Per address of the network (ip), of the account (key) or person (user); counted in the shared cache.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
# How many proxies of ours stand in front: the client's address is that many from the right in X-Forwarded-For.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if BEHIND_PROXY else 0)

# --- People's data ------------------------------------------------------------------------------

# What keeps those away who asked not to be held is a hash made with the first of these; the others still recognise
# what they made. Outside the database: whoever gets hold of one copy cannot try names against it.
SUPPRESSION_KEYS = env.list("SUPPRESSION_KEYS", default=[SECRET_KEY])
# The same hashes once more as a file: what a restored backup no longer knows (`manage.py suppressions`).
SUPPRESSION_FILE = Path(env("SUPPRESSION_FILE", default=str(DATA_DIR / "suppressions.txt")))
# How long somebody is kept after the last sign from themselves, and where they write about their data.
RETENTION_MONTHS = env.int("RETENTION_MONTHS", default=36)
PRIVACY_CONTACT = env("PRIVACY_CONTACT", default="")

# --- Language, time, static files ---------------------------------------------------------------

TIME_ZONE = "UTC"
LANGUAGE_CODE = env("LANGUAGE_CODE", default="fr")
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
# An import may be 20 MB, as a file or pasted; everything larger is refused before it is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 25_000_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- Mail and Celery ----------------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{DATA_DIR / 'mail'}"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="CommunityCRM <crm@localhost>")
PRIVACY_CONTACT = PRIVACY_CONTACT or parseaddr(DEFAULT_FROM_EMAIL)[1]

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="files://localhost//")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 1500  # seconds; below Redis' visibility_timeout, or a long task would run twice
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "communitycrm.beat:Scheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_TIMEZONE = "UTC"
TICK_SECONDS = env.float("TICK_SECONDS", default=60.0)
# Whoever knows it may ask /healthz/deep whether mail leaves.
HEALTH_TOKEN = env("HEALTH_TOKEN", default="")
# Called after each tick that went well, by a service that raises an alarm when it is not: a dead-man switch.
PING_URL = env("PING_URL", default="")
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "communitycrm.tick",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS * 0.9},
    }
}
if CELERY_BROKER_URL.startswith("files://"):
    from communitycrm.broker import options

    CELERY_BROKER_TRANSPORT_OPTIONS = options(DATA_DIR / "broker")
elif CELERY_BROKER_URL.startswith("redis"):
    # Who sends is not kept waiting (kombu: six seconds) for a broker that is away: the tick looks at the rows.
    at_once = {"max_retries": 1, "interval_start": 0, "interval_max": 0}
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 1800, "unacked_restore_throttle": 1, **at_once}

# --- Security -----------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {name: [NONE] for name in ("default-src", "base-uri", "frame-ancestors")}
    | {f"{what}-src": [SELF] for what in ("script", "style", "font", "connect", "manifest")}
    | {"img-src": [SELF, "data:"], "form-action": [SELF]}
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if MODE == "production":
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = logs.to_console(env("LOG_LEVEL", default="WARNING"))
