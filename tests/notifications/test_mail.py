"""The SMTP dialogue against a server that says what a test wants; the real one is in test_sending."""

import smtplib

import pytest
from django.core.mail import EmailMultiAlternatives

from notifications import mail


class Server:
    """Answers as told: `says={"mail": 451}`, or an exception to be raised at that step."""

    def __init__(self, **says):
        self.says = {"mail": 250, "rcpt": 250, "data": 354, "send": None, "reply": 250, "rset": 250, **says}
        self.sock = self
        self.steps, self.sent, self.timeouts = [], b"", []

    def _answer(self, step):
        self.steps.append(step)
        said = self.says[step]
        if isinstance(said, Exception):
            raise said
        return said, b"said so"

    def has_extn(self, name):
        return name == "8bitmime"

    def mail(self, sender, options):
        self.options = options
        return self._answer("mail")

    def rcpt(self, recipient):
        return self._answer("rcpt")

    def docmd(self, command):
        return self._answer("data")

    def send(self, text):
        self.sent = text
        self._answer("send")

    def getreply(self):
        return self._answer("reply")

    def rset(self):
        return self._answer("rset")

    def settimeout(self, seconds):
        self.timeouts.append(seconds)

    def quit(self):
        raise smtplib.SMTPServerDisconnected("gone before goodbye")

    def close(self):
        self.steps.append("close")


GONE = smtplib.SMTPServerDisconnected("gone")
PARCEL = mail.pack(
    EmailMultiAlternatives("Objet", ".\n..é", "a@example.org", ["b@example.org"]), "b@example.org"
)


@pytest.fixture
def office(monkeypatch, settings):
    """`office(Server(), Server())`: an office whose connections are these, one after the other."""
    settings.DEFAULT_FROM_EMAIL = "CommunityCRM <crm@example.org>"

    def opened(*servers):
        waiting = list(servers)
        monkeypatch.setattr(mail, "_connected", lambda: waiting.pop(0))
        return mail.SmtpOffice()

    return opened


def test_a_message_goes_over_in_one_dialogue_with_time_for_the_answer(office, settings):
    server = Server()
    sent_by = office(server)
    sent_by.address(PARCEL)
    sent_by.hand_over(PARCEL)
    assert server.steps == ["mail", "rcpt", "data", "send", "reply"]
    assert server.options == ["BODY=8BITMIME"]
    assert server.timeouts == [600, settings.EMAIL_TIMEOUT]
    assert server.sent.endswith("\r\n..\r\n...é\r\n.\r\n".encode())
    sent_by.close()
    assert server.steps[-1] == "close"


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ({"mail": 451}, mail.NotYet),
        ({"mail": 550}, mail.NotYet),  # it does not like us, which is not the reader's fault
        ({"mail": TimeoutError("slow")}, mail.Unreachable),
        ({"mail": GONE}, mail.Unreachable),
        ({"rcpt": 421}, mail.NotYet),
        ({"rcpt": 451}, mail.NotYet),
        ({"rcpt": 550}, mail.Refused),
        ({"rcpt": 550, "rset": GONE}, mail.Refused),
        ({"rcpt": ConnectionResetError("reset")}, mail.Unreachable),
    ],
)
def test_what_goes_wrong_before_the_message_is_safe_to_repeat(office, says, outcome):
    with pytest.raises(outcome):
        office(Server(**says)).address(PARCEL)


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ({"data": 451}, mail.NotYet),
        ({"data": 554}, mail.Refused),
        ({"data": GONE}, mail.NotYet),
        ({"send": BrokenPipeError("pipe")}, mail.Unknown),
        ({"reply": GONE}, mail.Unknown),
        ({"reply": TimeoutError("slow")}, mail.Unknown),
        ({"reply": 451}, mail.NotYet),
        ({"reply": 554}, mail.Refused),
    ],
)
def test_after_the_message_only_an_answer_makes_it_certain(office, says, outcome):
    sent_by = office(Server(**says))
    sent_by.address(PARCEL)
    with pytest.raises(outcome):
        sent_by.hand_over(PARCEL)


def test_a_connection_that_the_server_closed_between_two_messages_is_opened_anew(office):
    first, second = Server(), Server()
    sent_by = office(first, second)
    sent_by.address(PARCEL)
    sent_by.hand_over(PARCEL)
    first.says["mail"] = GONE
    sent_by.address(PARCEL)
    sent_by.hand_over(PARCEL)
    assert second.sent == first.sent


def test_nobody_is_handed_a_message_without_being_addressed(office):
    with pytest.raises(mail.NotYet):
        office().hand_over(PARCEL)


def test_what_is_wrong_with_a_message_shows_before_it_is_handed_over():
    evil = EmailMultiAlternatives("one\r\nBcc: two@example.org", "", "a@example.org", ["b@example.org"])
    with pytest.raises(ValueError):
        mail.pack(evil, "b@example.org")


class Recorded:
    """An smtplib connection that writes down how it was made and used."""

    made = []

    def __init__(self, host, port, name, **options):
        self.steps = [type(self).__name__, host, port, sorted(options)]
        Recorded.made.append(self)

    def ehlo_or_helo_if_needed(self):
        self.steps.append("ehlo")

    def starttls(self, context):
        assert context.check_hostname
        self.steps.append("starttls")

    def login(self, user, password):
        self.steps.append(f"login {user}")
        if password == "wrong":
            raise smtplib.SMTPAuthenticationError(535, b"no")

    def close(self):
        self.steps.append("close")


class RecordedTls(Recorded):
    pass


@pytest.fixture
def recorded(monkeypatch, settings):
    monkeypatch.setattr(Recorded, "made", [])
    monkeypatch.setattr(smtplib, "SMTP", Recorded)
    monkeypatch.setattr(smtplib, "SMTP_SSL", RecordedTls)
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example.org", 2525
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "crm", "right"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    return settings


@pytest.mark.parametrize(
    ("setting", "steps"),
    [
        ("EMAIL_USE_TLS", ["Recorded", "ehlo", "starttls", "ehlo", "login crm"]),
        ("EMAIL_USE_SSL", ["RecordedTls", "ehlo", "login crm"]),
    ],
)
def test_the_connection_is_encrypted_before_the_password_is_said(recorded, setting, steps):
    setattr(recorded, setting, True)
    mail._connected()
    assert [step for step in Recorded.made[0].steps if step in [*steps, "starttls"]] == steps


def test_a_certificate_of_ours_is_shown_to_the_server(recorded, monkeypatch):
    shown = []
    monkeypatch.setattr(mail.ssl.SSLContext, "load_cert_chain", lambda self, *files: shown.append(files))
    recorded.EMAIL_USE_SSL = True
    recorded.EMAIL_SSL_CERTFILE, recorded.EMAIL_SSL_KEYFILE = "crm.pem", "crm.key"
    mail._connected()
    assert shown == [("crm.pem", "crm.key")]


def test_a_sign_in_that_fails_leaves_no_connection_open(recorded):
    recorded.EMAIL_HOST_PASSWORD = "wrong"
    with pytest.raises(smtplib.SMTPAuthenticationError):
        mail._connected()
    assert Recorded.made[0].steps[-1] == "close"
