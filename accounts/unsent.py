"""What somebody sent after their session had ended: it goes with them through the sign-in, in the pages themselves.

Nothing of it is stored. Who signs in sends it again with a button, and what they may do decides, as with any form.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import back_to
from accounts.middleware import FORM_KEY
from accounts.sign_in_forms import LoginForm
from foundation.htmx import is_fragment
from foundation.messages import status

FIELD = "unsent"
LONGEST = 1_000_000  # characters: every note, no pasted list
_FRAME = {"csrfmiddlewaretoken", "next", FORM_KEY}


@dataclass(frozen=True)
class Unsent:
    """A form that did not arrive: where it was sent, and its fields in their order."""

    address: str
    fields: list[tuple[str, str]]


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """The answer to a form of somebody who is not signed in: the sign-in, with what they typed in it.

    With no more than a button, with a file, or too long, it leads back to the page that the form was on.
    """
    kept = packed(request)
    if kept:
        page = {"form": LoginForm(request=request), FIELD: kept}
        return render(request, "account/login.html", page, status=403)
    status(request, _("You were signed out, so nothing was saved."), level=messages.WARNING)
    first = reverse(settings.LOGIN_REDIRECT_URL)
    address = back_to(request, first)
    return redirect_to_login(first if urlsplit(address).path == request.path else address)


def packed(request: HttpRequest) -> str:
    """What was typed, signed, for a hidden field; "" when nothing was, or it cannot be carried. No secrets."""
    secret = getattr(request, "sensitive_post_parameters", ())
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and name not in secret and "password" not in name
    ]
    is_typed = any(name not in _FRAME for name, _value in fields)
    size = sum(len(name) + len(value) for name, value in fields)
    if not is_typed or size > LONGEST or request.FILES or is_fragment(request):
        return ""
    return signing.dumps([request.get_full_path(), fields], salt=__name__, compress=True)


def unpacked(kept: str) -> Unsent | None:
    """What `packed` gave; None when there is nothing, or it is not ours."""
    try:
        address, fields = signing.loads(kept, salt=__name__)
    except signing.BadSignature:
        return None
    return Unsent(address, [(name, value) for name, value in fields])
