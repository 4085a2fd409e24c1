"""Secrets of others' services, sealed before they reach the database.

Fernet (AES-128-CBC, HMAC-SHA256) under a key from the environment, so that a copy of the database gives nothing away.
`SECRETS_KEYS` holds keys separated by commas: the first seals, all open; so a new one goes in front, `manage.py reseal`
seals everything anew, and the old one can go. Unset, the key is derived from SECRET_KEY.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotOpen(Exception):
    """Sealed under a key that is no longer known."""


def seal(secret: str) -> str:
    """The secret as it is kept."""
    return _ring(tuple(settings.SECRETS_KEYS), settings.SECRET_KEY).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret itself. Raises CannotOpen."""
    try:
        return _ring(tuple(settings.SECRETS_KEYS), settings.SECRET_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotOpen from None


def reseal(sealed: str) -> str:
    """The same secret under the first key. Raises CannotOpen."""
    return seal(unseal(sealed))


def is_key(text: str) -> bool:
    """Whether a text is a key: 32 random bytes in URL-safe Base64."""
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...], secret_key: str) -> MultiFernet:
    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=b"communitycrm.outreach.sealing")
    from_secret = base64.urlsafe_b64encode(derived.derive(secret_key.encode())).decode()
    return MultiFernet([Fernet(key) for key in (*keys, from_secret)])
