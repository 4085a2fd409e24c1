"""Ways to reach somebody, read as people write them: e-mails, phones, links; and the key by which two meet.

`email`, `phone` and `link` take one value and give a `Point`, or None where there is none in it. Splitting a cell
that holds several is the importer's work (`contacts.imports.values`).
"""

import re
from functools import lru_cache, partial
from typing import NamedTuple
from urllib.parse import urlsplit

import phonenumbers

from contacts.models.contact import PointProperty

_EMAIL_PROPERTY, _TEL_PROPERTY, _URL_PROPERTY = (
    PointProperty.EMAIL.value,
    PointProperty.TEL.value,
    PointProperty.URL.value,
)
_EMAIL = re.compile(
    r"[\w!#$%&'*+=?^`{|}~-][\w.!#$%&'*+=?^`{|}~-]{0,63}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}"
)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}(?::\d{1,5})?", re.I)
_FRENCH_PHONE = re.compile(r"(?:(?:\+|00)33(?:\(?0\)?)?|0)([1-9]\d{8})")
_PUNCTUATION = re.compile(r"[\s.\-–()/]+")
_PROFILES = {
    "facebook": "facebook.com",
    "instagram": "instagram.com",
    "insta": "instagram.com",
    "twitter": "x.com",
    "x": "x.com",
    "tiktok": "tiktok.com",
    "youtube": "youtube.com",
    "linkedin": "linkedin.com/in",
    "threads": "threads.net",
    "soundcloud": "soundcloud.com",
}
_AT_PROFILE = frozenset({"tiktok", "youtube", "threads"})
_HANDLE = re.compile(r"(?:(\w+)\s*[:/]?\s*)?@([\w.-]{2,60})")


class Point(NamedTuple):
    """A way to reach somebody: `value` as shown, `key` the same for all spellings of it."""

    property: str  # of `PointProperty`, as a plain text: it goes into keys of dictionaries
    value: str
    key: str


as_point = partial(tuple.__new__, Point)
"""A `Point` of a tuple, at half the time of `Point._make`: lists have hundreds of thousands."""


def email(text: str) -> Point | None:
    """The e-mail address that `text` is. Case never distinguishes two of them."""
    value = text.strip().removeprefix("mailto:").strip("<>.,; ")
    if len(value) > 254 or ".." in value or not _EMAIL.fullmatch(value):
        return None
    return as_point((_EMAIL_PROPERTY, value, value.casefold()))


def phone(text: str, country: str) -> Point | None:
    """The telephone number that `text` is, read as dialled in `country` (two letters); its key is in E.164."""
    words = text.strip().removeprefix("tel:").split()
    digits = "".join(words)
    if not digits.isdigit():
        digits = _PUNCTUATION.sub("", digits)
    french = _FRENCH_PHONE.fullmatch(digits) if country == "FR" else None
    # The library takes 0.1 ms a number: too slow for the many that need no thought.
    value = " ".join(words)
    key = f"+33{french[1]}" if french else _e164(value, country)
    return as_point((_TEL_PROPERTY, value[:60], key)) if key else None


@lru_cache(maxsize=10_000)
def _e164(value: str, country: str) -> str:
    if sum(character.isdigit() for character in value) < 6:
        return ""
    try:
        number = phonenumbers.parse(value, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def link(text: str, network: str = "") -> Point | None:
    """The web address that `text` is: http and https only, or a handle ("@brume", "facebook @brume").

    `network` says where a bare handle lives, e.g. "instagram". The key leaves out the scheme, "www." and a final
    slash, and the case of the host.
    """
    value = text.strip().strip("<>,;").rstrip(".")
    handle = _HANDLE.fullmatch(value)
    if handle:
        return _profile(handle[1] or network, handle[2])
    if not value or " " in value or "@" in value.split("/")[0]:
        return None
    scheme, separator, rest = value.partition("://")
    if not separator:
        value = f"https://{value}"
    elif scheme.lower() not in ("http", "https") or not rest:
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    if len(value) > 500 or not _HOST.fullmatch(parts.netloc):
        return None
    host = parts.netloc.casefold().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    value = f"{parts.scheme.lower()}://{parts.netloc.lower()}{value.partition('://')[2][len(parts.netloc) :]}"
    return Point(_URL_PROPERTY, value, f"{host}{parts.path.rstrip('/')}{query}")


def _profile(network: str, handle: str) -> Point | None:
    site = _PROFILES.get(network.casefold())
    if not site:
        return None
    at = "@" if network.casefold() in _AT_PROFILE else ""
    return link(f"https://www.{site}/{at}{handle.rstrip('.')}")
