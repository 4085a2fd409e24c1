"""allauth's pages that send a mail: a mail server that is down is said plainly, and what was typed is kept."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.views import EmailView, PasswordResetView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext

from foundation.messages import status

log = logging.getLogger(__name__)


def not_sent() -> str:
    """What the person reads."""
    return gettext(
        "Our mail server does not answer at the moment, so nothing was sent. Try again in a few minutes."
    )


class PasswordReset(PasswordResetView):
    """A link to a new password, by mail."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except (OSError, SMTPException):
            log.warning("a link to a new password could not be mailed", exc_info=True)
            return _came_back(self, form)


class Email(EmailView):
    """Another address: its link goes there by mail, at first and again when asked for."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().post(request, *args, **kwargs)
        except (OSError, SMTPException):
            log.warning("a link to confirm an address could not be mailed", exc_info=True)
            if "action_add" in request.POST:
                return _came_back(self, self.get_form())
            status(request, not_sent(), level=messages.WARNING)
            return redirect("account_email")


def _came_back(view: Any, form: Any) -> HttpResponse:
    """The form as it was typed, with why."""
    form.is_valid()
    form.add_error(None, not_sent())
    answer: HttpResponse = view.render_to_response(view.get_context_data(form=form), status=503)
    return answer
