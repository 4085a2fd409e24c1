"""Where logs go, and what must not stand in one: addresses that are a key by themselves."""

import logging
import re
from typing import Any

# The part of a path after which a secret stands.
_SECRET = re.compile(r"(/calendar/feeds/)[\w-]{20,}")


def without_secrets(text: str) -> str:
    """A line with the secrets of its addresses cut out."""
    return _SECRET.sub(r"\1…", text)


class WithoutSecrets(logging.Filter):
    """For handlers, not for loggers: it sees whatever comes from any logger below."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass, cut."""
        said = record.getMessage()
        cut = without_secrets(said)
        if cut != said:
            record.msg, record.args = cut, ()
        return True


def to_console(level: str) -> dict[str, Any]:
    """For LOGGING: everything from `level` on to the standard error, cut."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "filters": {"without_secrets": {"()": WithoutSecrets}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_secrets"]}
        },
        # runserver's own lines, through the same filter.
        "loggers": {"django.server": {"handlers": ["console"], "level": "INFO", "propagate": False}},
        "root": {"handlers": ["console"], "level": level},
    }
