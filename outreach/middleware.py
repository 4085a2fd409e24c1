"""Short links are answered before sessions, languages and people are looked at: nothing of it is needed.

Plain clicks do not even come here: see outreach.relay_wsgi.
"""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from outreach import relay_views

PREFIX = "/r/"


class RelayMiddleware:
    """Answers `/r/<code>`. What leads nowhere goes on, to be told so by the usual page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PREFIX):
            try:
                return relay_views.relay(request, code=request.path_info[len(PREFIX) :])
            except Http404:
                pass
        return self.get_response(request)
