"""htmx, decided in one place: a page answers whole, or with one of its fragments, from the same template.

Form errors are answered with 422 and the form's fragment; our htmx-config lets 422 swap.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers


def is_fragment(request: HttpRequest) -> bool:
    """Whether the answer will be swapped into a page (and is not htmx restoring history: that wants it whole)."""
    details = getattr(request, "htmx", None)
    return bool(details and not details.history_restore_request)


def respond(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, fragment: str, status: int = 200
) -> HttpResponse:
    """The page, or for htmx its `fragment` ({% partialdef %}) with the status line out of band if there is one."""
    if not is_fragment(request):
        response = render(request, template, dict(context), status=status)
    else:
        response = render(request, f"{template}#{fragment}", dict(context), status=status)
        if len(get_messages(request)):
            response.write(render_to_string("partials/status.html", {"oob": True}, request))
    patch_vary_headers(response, ["HX-Request"])
    return response


def redirect(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser to another page, from a plain form (302) or from htmx (HX-Redirect)."""
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
