"""What allauth asks us: who may come in, in which language a mail is written, what is kept of it."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from foundation import clock

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed: people come in by invitation."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account has been deactivated."),
        "email_password_mismatch": _("The e-mail or the password is not right."),
        "email_taken": _("Somebody already signs in with this address."),
        "duplicate_email": _("This is already your address."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link does not work any more."),
        "too_many_login_attempts": _(
            "Too many attempts. Please wait five minutes, or choose a new password."
        ),
        "rate_limited": _("Too many attempts. Please wait a minute."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Every way in passes here: the form, an invitation, the first page."""
        super().login(request, user)
        audit.record(action="person.signed_in", actor=user, now=clock.now())

    def set_password(self, user: User, password: str) -> None:
        """A new password ends the person's other sessions."""
        super().set_password(user, password)
        audit.record(action="person.set_password", actor=user, subject=user, now=clock.now())

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """The person has opened the link sent to their new address."""
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed:
            user = email_address.user
            audit.record(action="person.confirmed_email", actor=user, subject=user, now=clock.now())
        return confirmed

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the reader's language and time zone: the account's, else those of the page."""
        reader = context.get("user") or User.objects.filter(email__iexact=email).first()
        language = context.get("language") or (reader.language if reader else translation.get_language())
        zone = reader.zone if reader else timezone.get_current_timezone()
        with translation.override(language), timezone.override(zone):
            super().send_mail(template_prefix, email, context)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """ "Your password was changed": it was, whether or not the mail server takes the news."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except (OSError, SMTPException):
            log.warning("an account notice could not be mailed", exc_info=True)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:me")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("accounts:me")
