"""Handing one message to the mail server: the SMTP dialogue, step by step.

Django builds the message; its own backend runs the whole dialogue in one call, so that nothing could be stored
between RCPT and DATA. Here `address` (safe to repeat) and `hand_over` (not safe to repeat) are two steps.
"""

import contextlib
import re
import secrets
import smtplib
import ssl
from dataclasses import dataclass
from email.policy import Compat32
from email.utils import parseaddr
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.message import sanitize_address
from django.core.mail.utils import DNS_NAME

from notifications import reasons

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
# RFC 5321, 4.5.3.2.6, and RFC 1047: a shorter wait for the answer to the final dot makes duplicates.
ANSWER_SECONDS = 600
LINE = 78  # RFC 5322, 2.1.1


class Unreachable(Exception):
    """No dialogue with the server at all: nobody's message is to blame."""


class NotYet(Exception):
    """This message certainly did not leave; it may be tried again."""


class Refused(Exception):
    """The server refused this message for good."""


class Unknown(Exception):
    """The message was handed over and no answer came: it may have left or not."""


@dataclass(frozen=True)
class Parcel:
    """A message ready to go: as Django holds it, and as bytes with CRLF line ends for one recipient."""

    recipient: str
    mail: EmailMultiAlternatives
    raw: bytes


def pack(message: EmailMultiAlternatives, recipient: str) -> Parcel:
    """Everything that can be wrong with a message is found here, before it is handed over. Raises ValueError."""
    built = message.message()
    if built.is_multipart():  # `email` would compile a regular expression for the boundary of each message
        built.set_boundary(f"=_{secrets.token_hex(12)}")
    built.policy = _POLICY
    raw = built.as_bytes(linesep="\r\n")  # type: ignore[call-arg]
    return Parcel(sanitize_address(recipient, "utf-8"), message, raw)


class _AsTheyAre(Compat32):
    """Headers that fit on a line are written as they are; `email` would take each of them apart first."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        line = f"{name}: {value}"
        if isinstance(value, str) and len(line) <= LINE and line.isascii() and line.isprintable():
            return f"{line}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _AsTheyAre()


class Office(Protocol):
    """One connection for a batch."""

    def address(self, parcel: Parcel) -> None:
        """Everything before the message itself. Raises Unreachable, NotYet, Refused."""

    def hand_over(self, parcel: Parcel) -> None:
        """The message to the recipient just addressed. Raises NotYet, Refused, Unknown."""

    def close(self) -> None:
        """Say goodbye."""


def open_office() -> Office:
    """The way out that settings name: SMTP step by step, any other backend of Django in one go."""
    return SmtpOffice() if settings.EMAIL_BACKEND == SMTP_BACKEND else BackendOffice()


class BackendOffice:
    """Another backend (files in local mode, a provider's API): any exception leaves us in the dark."""

    def __init__(self) -> None:
        self.backend = get_connection()

    def address(self, parcel: Parcel) -> None:
        """Nothing can be said before the message."""

    def hand_over(self, parcel: Parcel) -> None:
        try:
            taken = self.backend.send_messages([parcel.mail])
        except Exception as problem:
            raise Unknown(f"{type(problem).__name__}: {problem}") from problem
        if not taken:
            raise Unknown(reasons.NOT_TAKEN)

    def close(self) -> None:
        self.backend.close()


class SmtpOffice:
    """A connection to the server of the EMAIL_* settings, opened when it is first needed."""

    def __init__(self) -> None:
        self.server: smtplib.SMTP | None = None
        self.sender = sanitize_address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], "utf-8")

    def address(self, parcel: Parcel) -> None:
        """Connect, TLS, login, MAIL, RCPT. A connection that the server closed meanwhile is opened anew once."""
        reused = self.server is not None
        try:
            self._address(parcel)
        except smtplib.SMTPServerDisconnected as problem:
            self.close()
            if not reused:
                raise Unreachable(str(problem)) from problem
            self.address(parcel)
        except (OSError, smtplib.SMTPException) as problem:
            self.close()
            raise Unreachable(f"{type(problem).__name__}: {problem}") from problem

    def _address(self, parcel: Parcel) -> None:
        if self.server is None:
            self.server = _connected()
        options = ["BODY=8BITMIME"] if self.server.has_extn("8bitmime") else []
        code, answer = self.server.mail(self.sender, options)
        if code != 250:
            self._reset()
            raise NotYet(_said(code, answer))
        code, answer = self.server.rcpt(parcel.recipient)
        if code not in (250, 251):
            self._reset()
            raise _no(code, answer)

    def hand_over(self, parcel: Parcel) -> None:
        """DATA and the message, then up to 10 minutes for the answer."""
        if self.server is None:
            raise NotYet(reasons.NOT_ADDRESSED)
        try:
            code, answer = self.server.docmd("DATA")
        except (OSError, smtplib.SMTPException) as problem:
            self.close()
            raise NotYet(f"{type(problem).__name__}: {problem}") from problem
        if code != 354:
            self._reset()
            raise _no(code, answer)
        self._finish(_stuffed(parcel.raw))

    def _finish(self, text: bytes) -> None:
        server = self.server
        assert server is not None and server.sock is not None  # noqa: S101 (for the type checker)
        server.sock.settimeout(ANSWER_SECONDS)
        try:
            server.send(text)
            code, answer = server.getreply()
        except (OSError, smtplib.SMTPException) as problem:
            self.close()
            raise Unknown(f"{type(problem).__name__}: {problem}") from problem
        server.sock.settimeout(settings.EMAIL_TIMEOUT)
        if code != 250:
            raise _no(code, answer)

    def _reset(self) -> None:
        """The dialogue is over for this message; the connection serves the next, or a new one will."""
        if self.server is None:
            return
        try:
            self.server.rset()
        except (OSError, smtplib.SMTPException):
            self.close()

    def close(self) -> None:
        server, self.server = self.server, None
        if server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()


def _connected() -> smtplib.SMTP:
    """A greeted, encrypted, signed-in connection, as the settings say. Raises OSError, SMTPException."""
    context = _tls() if settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS else None
    host, port, seconds = settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT
    name = DNS_NAME.get_fqdn()
    if settings.EMAIL_USE_SSL:
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, name, timeout=seconds, context=context)
    else:
        server = smtplib.SMTP(host, port, name, timeout=seconds)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
        if settings.EMAIL_HOST_USER:
            server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.EMAIL_SSL_CERTFILE:
        context.load_cert_chain(settings.EMAIL_SSL_CERTFILE, settings.EMAIL_SSL_KEYFILE)
    return context


def _stuffed(text: bytes) -> bytes:
    """Dots at the start of a line doubled, the final dot added (RFC 5321, 4.5.2)."""
    ended = text if text.endswith(b"\r\n") else text + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _no(code: int, answer: bytes) -> NotYet | Refused:
    """A refusal in words: 5xx is for good, anything else for now (RFC 5321, 4.2.1)."""
    said = _said(code, answer)
    return Refused(said) if 500 <= code < 600 else NotYet(said)


def _said(code: int, answer: bytes) -> str:
    return f"{code} {answer.decode('utf-8', 'replace')}"
