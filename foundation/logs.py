"""What must not stand in a log: addresses that are a key by themselves."""

import logging
import re

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
