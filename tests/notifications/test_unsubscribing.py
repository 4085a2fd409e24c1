"""Leaving a digest from a mail program, without signing in."""

from urllib.parse import urlsplit

import pytest

from notifications import outbox, sending
from notifications.kinds import Category
from notifications.models import Choice, How
from tests.cast import NOW, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(registered, words, smtp_sink):
    """The List-Unsubscribe address of a digest that was sent to Léa, as a path."""
    registered("weekly", Category.DIGEST, label="La semaine en bref")
    registered("probe", label="Un rappel")
    lea = make_user(language="fr", country="FR")
    for kind in ("weekly", "probe"):
        outbox.notify(lea, kind, key=kind, now=NOW, context={"what": "x"})
    sending.drain(NOW)
    [mail] = smtp_sink.messages
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = "".join(mail["List-Unsubscribe"].split()).strip("<>")
    assert address in mail.get_body(("plain",)).get_content()
    return urlsplit(address).path


def test_one_click_of_a_mail_program_leaves_the_digest_and_nothing_else(link, client):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert list(Choice.objects.values_list("kind", "how")) == [("weekly", How.OFF)]
    client.post(link)
    assert Choice.objects.count() == 1


def test_looking_at_the_link_changes_nothing_and_asks(link, client):
    page = client.get(link)
    assert "La semaine en bref" in page.content.decode()
    assert not Choice.objects.exists()


def test_a_link_that_is_not_ours_is_a_404(link, client):
    assert client.post(f"{link[:-3]}x/").status_code == 404
    assert not Choice.objects.exists()


def test_a_reminder_has_no_such_link(told, smtp_sink):
    told()
    sending.drain(NOW)
    assert smtp_sink.messages[0]["List-Unsubscribe"] is None
