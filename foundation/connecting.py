"""How `foundation.fetch` connects: to an address it has looked at and to no other, within a time that nothing prolongs."""

import io
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from foundation.addresses import is_public

_PORTS = {"https": 443, "http": 80}
_AS_IS = "/%:@!$&'()*+,;=~?[]"  # what stays in a path or query; the rest is written as %xx


class FetchError(Exception):
    """Nothing came, and why, as a sentence in the active language.

    `permanent`: the same request will fail again until somebody changes something. `status`: what the site answered,
    0 when it did not get so far.
    """

    def __init__(self, message: str, *, permanent: bool, status: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.status = status


@dataclass(frozen=True)
class Target:
    """An address taken apart, as http.client wants it."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url: str) -> "Target":
        try:
            parts = urlsplit(url.strip())
            host = (parts.hostname or "").encode("idna").decode()
            port = parts.port
        except (ValueError, UnicodeError):
            host, parts, port = "", urlsplit(""), None
        if parts.scheme not in ("https", "http") or not host:
            raise FetchError(
                _("This is not an address of a site. It should begin with https://."), permanent=True
            )
        if parts.scheme == "http" and not settings.FETCH_PRIVATE:
            raise FetchError(_("Only addresses that begin with https:// can be asked."), permanent=True)
        if parts.username or parts.password:
            raise FetchError(_("An address must not contain a name and a password."), permanent=True)
        query = f"?{quote(parts.query, safe=_AS_IS)}" if parts.query else ""
        path = quote(parts.path or "/", safe=_AS_IS) + query
        return cls(parts.scheme, host, port or _PORTS[parts.scheme], path)

    @property
    def origin(self) -> tuple[str, str, int]:
        """What makes two addresses the same site."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """Host, and port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


class Deadline:
    """The moment when everything must be over."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left; TimeoutError when there are none."""
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


class Wire(io.RawIOBase):
    """A connected socket, as http.client uses one; each call gets only the time that is left, so dripping prolongs
    nothing. Closing is left to whoever opened it: http.client closes early what it still reads from.
    """

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket, self._deadline = connected, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._socket.settimeout(self._deadline.left())
        return self._socket.recv_into(buffer)

    def sendall(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            self._socket.settimeout(self._deadline.left())
            view = view[self._socket.send(view) :]

    def makefile(self, *_args: Any) -> io.BufferedReader:
        return io.BufferedReader(Wire(self._socket, self._deadline))


def connect(target: Target, deadline: Deadline) -> socket.socket:
    """A connection to the site, encrypted and its certificate looked at when it is https."""
    plain = _reach(target, deadline)
    if target.scheme == "http":
        return plain
    try:
        plain.settimeout(deadline.left())
        return ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)
    except BaseException:
        plain.close()
        raise


def _reach(target: Target, deadline: Deadline) -> socket.socket:
    """A socket to the first of the host's public addresses that answers."""
    found = [
        entry for entry in _resolve(target, deadline) if settings.FETCH_PRIVATE or is_public(entry[4][0])
    ]
    if not found:
        raise FetchError(
            _("This address leads to a private network or to this server itself: it cannot be asked."),
            permanent=True,
        )
    failure: OSError | None = None
    for family, kind, protocol, _name, address in found:
        outward = socket.socket(family, kind, protocol)
        try:
            outward.settimeout(deadline.left())
            outward.connect(address)
            return outward
        except TimeoutError:
            outward.close()
            raise
        except OSError as error:
            outward.close()
            failure = error
    assert failure is not None  # noqa: S101 - `found` was not empty
    raise failure


def _resolve(target: Target, deadline: Deadline) -> list[Any]:
    """What the name stands for. The system's resolver knows no deadline, so it is waited for from outside."""
    answer: list[Any] = []

    def ask() -> None:
        try:
            answer.append(socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answer.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(deadline.left())
    if not answer:
        raise TimeoutError
    if isinstance(answer[0], Exception):
        raise FetchError(
            _("There is no site “%(host)s”. Is it written correctly?") % {"host": target.host},
            permanent=False,
        )
    return list(answer[0])
