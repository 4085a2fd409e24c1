"""The only way out to the network: one request, guarded.

An address somebody typed must not make the server talk to itself or to its neighbours, wait, or fill its memory. So:
https only; only addresses of the open internet, checked on the very address that is connected to (a name may answer
differently a moment later); at most 3 redirects, each checked again; 5 seconds for everything together, however slowly
the other side drips; 1 MB, also after unpacking. Proxies of the environment are not used: they would do the
connecting. `FETCH_PRIVATE` lets trials reach a server of their own; production refuses to start with it.

http.client instead of a library: what is guarded here is the connecting itself, and that it hands over in one method.
"""

import http.client
import json as json_module
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urljoin

from django.utils.translation import gettext as _

from foundation.connecting import Deadline, FetchError, Target, Wire, connect

__all__ = ["Answer", "FetchError", "check", "get", "post"]

SECONDS = 5.0
MOST_BYTES = 1_000_000
MOST_REDIRECTS = 3
_CHUNK = 65_536
_MOVED = {
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
}
_SAME_AGAIN = {HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT}
_TRY_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


@dataclass(frozen=True)
class Answer:
    """What a site sent: `body` unpacked; `url` is where it was found after redirects; header names in lower case."""

    status: int
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def not_modified(self) -> bool:
        """The site says that what we have is still right (the answer to `etag` or `last_modified`)."""
        return self.status == HTTPStatus.NOT_MODIFIED

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "")

    @property
    def last_modified(self) -> str:
        return self.headers.get("last-modified", "")

    def json(self) -> Any:
        """The body as JSON; FetchError when it is none."""
        try:
            return json_module.loads(self.body)
        except (ValueError, RecursionError):
            raise FetchError(
                _("The site’s answer is not what we asked for (no JSON)."), permanent=False
            ) from None


def get(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    token: str = "",
    etag: str = "",
    last_modified: str = "",
) -> Answer:
    """Fetch an address. `token` is a bearer token; with `etag` or `last_modified` of last time, only what is new.

    Raises FetchError, also for every status but 2xx and 304.
    """
    asked = dict(headers or {})
    if etag:
        asked["If-None-Match"] = etag
    if last_modified:
        asked["If-Modified-Since"] = last_modified
    return _request("GET", url, headers=asked, token=token)


def post(
    url: str,
    *,
    json: Any = None,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    token: str = "",
) -> Answer:
    """Send JSON, or a form's fields, to an address. Redirects only within the same site. Raises FetchError."""
    kind = "application/json" if form is None else "application/x-www-form-urlencoded"
    body = json_module.dumps(json).encode() if form is None else urlencode(form).encode()
    return _request("POST", url, headers={**(headers or {}), "Content-Type": kind}, token=token, body=body)


def check(url: str) -> str:
    """The address as it will be asked for; FetchError when it is none that may be."""
    return Target.of(url).url


def _request(
    method: str, url: str, *, headers: Mapping[str, str], token: str, body: bytes | None = None
) -> Answer:
    """Ask, and ask again where we are sent."""
    if not (token.isascii() and token.isprintable()):
        raise FetchError(_("The key contains characters that no key has."), permanent=True)
    deadline = Deadline(SECONDS)
    target = first = Target.of(url)
    for _hop in range(MOST_REDIRECTS + 1):
        sent = {"User-Agent": "CommunityCRM", "Accept-Encoding": "gzip"}
        if target.origin == first.origin:
            # Another site gets neither the token nor whatever else the caller says of itself.
            sent |= headers
            if token:
                sent["Authorization"] = f"Bearer {token}"
        answer = _ask(method, target, sent, body, deadline)
        if answer.status not in _MOVED:
            return answer
        target = _sent_on(method, first, target, answer)
    raise FetchError(_("The site sends us from one address to the next without end."), permanent=True)


def _sent_on(method: str, first: Target, target: Target, answer: Answer) -> Target:
    """Where a redirect leads, if we may follow."""
    following = Target.of(urljoin(target.url, answer.headers.get("location", "")))
    if method == "POST" and (following.origin != first.origin or answer.status not in _SAME_AGAIN):
        raise FetchError(
            _("The site has moved to %(url)s: enter that address.") % {"url": following.url},
            permanent=True,
            status=answer.status,
        )
    return following


def _ask(
    method: str, target: Target, headers: Mapping[str, str], body: bytes | None, deadline: Deadline
) -> Answer:
    """One request and its answer; whatever goes wrong becomes a FetchError."""
    try:
        with connect(target, deadline) as opened:
            connection = http.client.HTTPConnection(target.host, target.port)
            connection.sock = Wire(opened, deadline)
            connection.request(method, target.path, body=body, headers={"Host": target.authority, **headers})
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            if response.status in _MOVED or response.status == HTTPStatus.NOT_MODIFIED:
                return Answer(response.status, target.url, headers=found)
            if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
                raise _refused(response.status)
            return Answer(response.status, target.url, _read(response), found)
    except TimeoutError:
        raise FetchError(_("The site did not answer within 5 seconds."), permanent=False) from None
    except ssl.SSLCertVerificationError:
        raise FetchError(
            _("The site cannot prove that it is the one it says (its certificate)."), permanent=False
        ) from None
    except (OSError, http.client.HTTPException, zlib.error, EOFError, ValueError):
        raise FetchError(_("The site could not be reached, or broke off."), permanent=False) from None


def _refused(status: int) -> FetchError:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return FetchError(
            _("The site does not let us in (%(status)d).") % {"status": status}, permanent=True, status=status
        )
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return FetchError(
            _("There is nothing at this address any more (%(status)d).") % {"status": status},
            permanent=True,
            status=status,
        )
    later = status in _TRY_LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return FetchError(
        _("The site answered with an error (%(status)d).") % {"status": status},
        permanent=not later,
        status=status,
    )


def _read(response: http.client.HTTPResponse) -> bytes:
    """The body, whole and unpacked, or an error: a calendar cut off in the middle would look like dates called off."""
    packed = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packed not in ("identity", "gzip", "x-gzip"):
        raise FetchError(_("The site’s answer is packed in a way we cannot read."), permanent=True)
    body, unpacking = bytearray(), _Unpacking()
    while chunk := response.read(_CHUNK):
        body += chunk if packed == "identity" else unpacking.feed(chunk, MOST_BYTES + 1 - len(body))
        if len(body) > MOST_BYTES:
            raise FetchError(_("What the site sent is larger than 1 MB."), permanent=True)
    if response.length or not unpacking.is_done:
        raise EOFError
    return bytes(body)


class _Unpacking:
    """gzip, never more than asked for: a few bytes may stand for gigabytes. Several members in a row are one."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self.is_done = True

    def feed(self, chunk: bytes, most: int) -> bytes:
        """What `chunk` adds, at most `most` bytes (the rest is lost: whoever gets that many gives up)."""
        unpacked = b""
        while chunk and len(unpacked) < most:
            if self._member.eof:
                self._member = zlib.decompressobj(wbits=31)
            unpacked += self._member.decompress(chunk, most - len(unpacked))
            chunk = self._member.unused_data
        self.is_done = self._member.eof
        return unpacked
