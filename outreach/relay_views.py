"""The short links. No session, no cookie, nothing kept of who asked: see outreach.launches.robots for what counts."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from foundation import clock
from outreach.launches import following, robots


@require_safe
def relay(request: HttpRequest, code: str) -> HttpResponse:
    """Send on to the address stored for the launch, and to nothing else; count people."""
    counted = robots.is_person(request.method or "", request.headers)
    target = following.follow(code, counted=counted, now=clock.now())
    if not target:
        raise Http404
    response = HttpResponseRedirect(target)
    response["Cache-Control"] = "no-store"  # a redirect that is remembered is a click that is not counted
    response["X-Robots-Tag"] = "noindex"
    response["Content-Length"] = "0"
    return response
