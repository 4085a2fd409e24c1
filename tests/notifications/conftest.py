import copy
from itertools import count

import pytest

from notifications import kinds, outbox
from notifications.kinds import Category, Kind
from notifications.models import Delivery
from tests.cast import NOW, make_user
from tests.smtp_sink import SinkInThread


@pytest.fixture
def registered(monkeypatch):
    """Registers a kind that only this test knows: `registered("probe", still_true=...)`."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))

    def register(name="probe", category=Category.REMINDER, **fields):
        defaults = {
            "still_true": lambda notification, now: True,
            "context": lambda notification, now: dict(notification.context),
            "template": "notifications/tests/probe",
            "url": lambda notification: f"/somewhere/{notification.pk}/",
            "title": "A probe",
        }
        kind = Kind(name=name, category=category, **{**defaults, **fields})
        kinds.register(kind)
        return kind

    return register


WORDS = {
    "probe_subject.txt": "{% load i18n %}{% translate 'Today' %} {{ what }}",
    "probe.txt": "Le fait : {{ what }}\n{{ link }}",
    "probe.html": "<p>Le fait : {{ what }}</p>{% include 'notifications/mail/button.html' with words=what %}",
}


@pytest.fixture
def words(settings):
    """The templates of the test's kind, beside the real ones."""
    templates = copy.deepcopy(settings.TEMPLATES)
    loaders = templates[0]["OPTIONS"]["loaders"]
    own = {f"notifications/tests/{name}": text for name, text in WORDS.items()}
    loaders.insert(0, ("django.template.loaders.locmem.Loader", own))
    settings.TEMPLATES = templates


@pytest.fixture
def smtp_sink(tmp_path, settings):
    """A real SMTP server in a thread; settings lead to it."""
    with SinkInThread(tmp_path / "mail") as served:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", served.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "CommunityCRM <crm@example.org>"
        yield served


numbers = count(1)


@pytest.fixture
def told(registered, words, smtp_sink):
    """`told("lea@example.org")`: a French person with one reminder due now; its envelope."""
    registered("probe")

    def tell(address="lea@example.org", what="une rencontre", now=NOW, kind="probe", **fields):
        person = make_user(
            **{"name": "Léa Martin", "email": address, "country": "FR", "language": "fr", **fields}
        )
        outbox.notify(person, kind, key=f"{kind}:{next(numbers)}", now=now, context={"what": what})
        return Delivery.objects.get(recipient=person)

    return tell
