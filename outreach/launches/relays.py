"""Links of their own for those on board."""

import secrets
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.text import slugify

from contacts.names import fold
from outreach.models import Approach, Relay

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is taken for something else when read aloud
LENGTH = 7  # 27 thousand million codes: trying them out finds none


def give(approach: Approach, *, now: datetime) -> Relay:
    """The contact's link for the launch, made if there is none. To be called with the approach's row locked (written).

    A group is named in the parameters that go to the analytics, a person is not: they get their code instead.
    """
    contact = approach.contact
    known = Relay.objects.filter(launch=approach.launch, contact=contact).order_by("pk").first()
    if known:
        return known
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    name = slug(contact.name) if contact.is_group else ""
    return Relay.objects.create(
        launch=approach.launch, contact=contact, code=code, name=name or code, created_at=now
    )


def address(relay: Relay) -> str:
    """The short link as people type it."""
    return urljoin(f"{settings.PUBLIC_URL}/", reverse("outreach:relay", args=[relay.code]))


def slug(name: str) -> str:
    """A name as it stands in an address: la-cale."""
    return slugify(fold(name))[:100]
