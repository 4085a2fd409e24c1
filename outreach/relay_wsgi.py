"""Clicks are answered before Django makes a request of them: that, and its middleware, would be most of what one costs."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error
from django.middleware.security import SecurityMiddleware

from outreach import relay_views
from outreach.middleware import PREFIX


class Relays:
    """Around the product's WSGI application, which gets whatever is no plain click on a link that leads somewhere.

    It also gets a click that the database refused, to try once more and to say so.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self._secured = SecurityMiddleware(lambda _request: relay_views.sent_on(""))
        self._headers: dict[bool, list[tuple[str, str]]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"].startswith(PREFIX):
            secure = _Coming(environ).is_secure()
            target = "" if settings.SECURE_SSL_REDIRECT and not secure else _followed(environ)
            if target:
                if secure not in self._headers:
                    said = self._secured(WSGIRequest(environ)).items()  # type: ignore[union-attr]  # nobody awaits here
                    self._headers[secure] = [(name, value) for name, value in said if name != "Location"]
                start_response("302 Found", [("Location", target), *self._headers[secure]])
                return [b""]
        return self.application(environ, start_response)


class _Coming(WSGIRequest):
    """As much of a request as says how it comes: a whole one takes longer to make than the rest of the answer."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self.environ = self.META = environ


def _followed(environ: dict[str, Any]) -> str:
    try:
        return relay_views.followed("GET", environ, environ["PATH_INFO"].removeprefix(PREFIX))
    except Error:
        return ""
