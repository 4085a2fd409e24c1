"""Why an envelope is where it is, in our own words: stored in English, read in the language of whoever looks.

A sender has no reader whose language it could take. What a mail server said stays as the server said it.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

STOPPED = _("The sender stopped before it was sent.")
IN_DOUBT = _("The sender stopped before the answer was stored.")
ASKED_TO_END = _("The sender was asked to end.")
NOTHING_LEFT = _("Nothing was left to tell.")
NOT_MAILED = _("This person is not to be mailed.")
MOVED = _("Moved into a later envelope.")
NOT_TAKEN = _("The backend did not say that it took the message.")
NOT_ADDRESSED = _("Nobody was addressed.")
DROPPED = _("Dropped by %(name)s.")
UNKNOWN_KIND = _("Nobody knows the kind %(name)s.")

_WHOLE = frozenset(
    {STOPPED, IN_DOUBT, ASKED_TO_END, NOTHING_LEFT, NOT_MAILED, MOVED, NOT_TAKEN, NOT_ADDRESSED}
)
_WITH_NAME = tuple((sentence, *sentence.split("%(name)s")) for sentence in (DROPPED, UNKNOWN_KIND))


def in_words(stored: str) -> str:
    """A stored reason, translated if it is a sentence of ours."""
    if stored in _WHOLE:
        return gettext(stored)
    for sentence, before, after in _WITH_NAME:
        if stored.startswith(before) and stored.endswith(after):
            return gettext(sentence) % {"name": stored.removeprefix(before).removesuffix(after)}
    return stored
