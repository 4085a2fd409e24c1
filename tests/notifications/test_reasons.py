"""Why an envelope did not leave: our own words are translated for whoever looks, those of a mail server are not."""

import pytest
from django.urls import reverse

from notifications import desk, kinds, reasons
from notifications.models import Delivery, State
from tests.cast import NOW, make_admin

pytestmark = pytest.mark.django_db
FRENCH = {
    reasons.STOPPED: "L’expéditeur s’est arrêté avant l’envoi.",
    reasons.DROPPED: "Abandonné par %(name)s.",
    reasons.UNKNOWN_KIND: "Personne ne connaît le type %(name)s.",
}


@pytest.fixture
def french(monkeypatch):
    monkeypatch.setattr(reasons, "gettext", FRENCH.__getitem__)


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("The sender stopped before it was sent.", "L’expéditeur s’est arrêté avant l’envoi."),
        ("Dropped by Ada Petit.", "Abandonné par Ada Petit."),
        ("Dropped by 100 %.", "Abandonné par 100 %."),
        (str(kinds.UnknownKind("odd")), "Personne ne connaît le type odd."),
        ("550 5.1.1 No such user.", "550 5.1.1 No such user."),
        ("TimeoutError: timed out", "TimeoutError: timed out"),
        ("", ""),
    ],
)
def test_what_we_said_is_translated_and_what_a_server_said_is_not(french, stored, read):
    assert reasons.in_words(stored) == read


def test_every_sentence_of_ours_is_known_again():
    ours = [text for name, text in vars(reasons).items() if name.isupper() and isinstance(text, str)]
    assert len(ours) == 10
    for sentence in ours:
        assert reasons.in_words(sentence % {"name": "x"} if "%" in sentence else sentence)
        assert sentence in reasons._WHOLE or sentence in [whole for whole, *_ in reasons._WITH_NAME]


def test_the_page_says_it_in_the_language_of_the_admin(client, told, french):
    ada = make_admin(language="fr")
    client.force_login(ada)
    told()
    Delivery.objects.update(state=State.HELD, last_error=reasons.STOPPED)
    page = client.get(reverse("notifications:delivery"), {"shelf": "held"}).content.decode()
    assert "L’expéditeur s’est arrêté avant l’envoi." in page
    desk.drop(Delivery.objects.get(), by=ada, now=NOW)
    assert Delivery.objects.get().why == "Abandonné par Ada Petit."
