"""What a browser sends when something is noted."""

import uuid

from django.urls import reverse

from tests.cast import touchpoint_kind


def data(*contacts, **fields):
    return {
        "client_id": str(uuid.uuid4()),
        "who": [contact.pk for contact in contacts],
        "kind": touchpoint_kind().pk,
        "when": "now",
        **fields,
    }


def log(client, *contacts, **fields):
    return client.post(reverse("log"), data(*contacts, **fields))


def undo_address(page):
    return next(part for part in page.content.decode().split('"') if part.startswith("/log/undo/"))
