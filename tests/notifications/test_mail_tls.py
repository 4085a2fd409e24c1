"""TLS and signing in, against a real server with a certificate made here."""

import asyncio
import ssl
import threading

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from notifications import mail, outbox, sending
from notifications.models import Delivery, State
from tests.cast import NOW, make_user
from tests.faults.sink import certificate
from tests.smtp_sink import Sink

pytestmark = pytest.mark.django_db


def _knows(server, session, envelope, mechanism, data):
    """The one account of this server."""
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"crm", b"right")
    return AuthResult(success=known, handled=False)


class SecureServer:
    """STARTTLS (or TLS from the first byte), then a sign-in, then mail."""

    def __init__(self, folder, *, from_the_start):
        certificate(folder)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        self.sink, self.from_the_start = Sink(folder / "mail"), from_the_start
        self.loop, self.ready, self.port = asyncio.new_event_loop(), threading.Event(), 0
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _protocol(self):
        self.sink.connections += 1
        starttls = None if self.from_the_start else self.context
        return SMTP(
            self.sink,
            hostname="sink.test",
            tls_context=starttls,
            require_starttls=not self.from_the_start,
            auth_required=True,
            auth_require_tls=not self.from_the_start,
            authenticator=_knows,
        )

    def _run(self):
        asyncio.set_event_loop(self.loop)
        context = self.context if self.from_the_start else None
        making = self.loop.create_server(self._protocol, "127.0.0.1", 0, ssl=context)
        server = self.loop.run_until_complete(making)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()
        server.close()

    def __enter__(self):
        self.thread.start()
        self.ready.wait(10)
        return self

    def __exit__(self, *problem):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)


@pytest.fixture(params=["STARTTLS", "TLS"])
def server(request, tmp_path, settings, monkeypatch):
    with SecureServer(tmp_path, from_the_start=request.param == "TLS") as served:
        settings.EMAIL_BACKEND = mail.SMTP_BACKEND
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", served.port
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "crm", "right"
        settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = request.param == "STARTTLS", request.param == "TLS"
        settings.DEFAULT_FROM_EMAIL = "CommunityCRM <crm@example.org>"
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        yield served


@pytest.fixture
def told_later(registered, words):
    """`told_later(3)`: one of several people with a reminder due now; its envelope."""
    registered("probe")

    def tell(number):
        person = make_user(email=f"person{number}@example.net", country="FR")
        outbox.notify(person, "probe", key="k", now=NOW, context={"what": "x"})
        return Delivery.objects.get(recipient=person)

    return tell


def test_mail_goes_through_tls_after_signing_in_several_over_one_connection(server, told_later):
    envelopes = [told_later(number) for number in range(3)]
    assert sending.drain(NOW) == {"sent": 3}
    assert server.sink.connections == 1
    assert {message["Message-ID"] for message in server.sink.messages} == {
        one.message_id for one in envelopes
    }


def test_a_wrong_password_sends_nothing_and_waits(server, told_later, settings):
    settings.EMAIL_HOST_PASSWORD = "wrong"
    envelope = told_later(1)
    assert sending.drain(NOW) == {"unreachable": 1}
    envelope.refresh_from_db()
    assert (envelope.state, envelope.attempts) == (State.QUEUED, 0)
    assert "535" in envelope.last_error


def test_a_certificate_nobody_vouches_for_is_not_talked_to(server, told_later, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    envelope = told_later(1)
    assert sending.drain(NOW) == {"unreachable": 1}
    envelope.refresh_from_db()
    assert "CERTIFICATE_VERIFY_FAILED" in envelope.last_error
    assert server.sink.messages == []
