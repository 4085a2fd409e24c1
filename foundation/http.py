"""The request as every room may rely on it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """A request that went through HtmxMiddleware. Rooms above accounts use `accounts.http.TeamRequest`."""

    htmx: HtmxDetails
