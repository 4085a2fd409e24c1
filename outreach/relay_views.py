"""The short links. No session, no cookie, nothing kept of who asked: see outreach.launches.robots for what counts."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from foundation import clock
from outreach.launches import following, robots


@require_safe
def relay(request: HttpRequest, code: str) -> HttpResponse:
    """Send on to the address stored for the launch, and to nothing else; count people."""
    target = followed(request.method or "", request.META, code)
    if not target:
        raise Http404
    return sent_on(target)


def followed(method: str, meta: Mapping[str, object], code: str) -> str:
    """Where the code leads, "" if nowhere; counted if a person asks."""
    return following.follow(code, counted=robots.is_person(method, meta), now=clock.now())


def sent_on(target: str) -> HttpResponse:
    """The answer to a click."""
    response = HttpResponseRedirect(target)
    response["Cache-Control"] = "no-store"  # a redirect that is remembered is a click that is not counted
    response["X-Robots-Tag"] = "noindex"
    response["Content-Length"] = "0"
    return response
