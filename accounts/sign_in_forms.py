"""allauth's forms in our words: visible labels, no placeholders, one place for the password rules."""

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.password_validation import get_default_password_validators
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def password_rules() -> str:
    """What a new password must be, in one sentence for a field's help; the refusals say the rest."""
    shortest = max(getattr(rule, "min_length", 0) for rule in get_default_password_validators())
    return gettext("At least %(count)s characters: a phrase is easier to keep in mind.") % {"count": shortest}


def _label(form: forms.Form, labels: dict[str, object]) -> None:
    for name, label in labels.items():
        form.fields[name].label = str(label)
        form.fields[name].widget.attrs.pop("placeholder", None)
        form.fields[name].help_text = ""


class LoginForm(allauth_forms.LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _label(self, {"login": _("E-mail"), "password": _("Password")})
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _label(self, {"email": _("E-mail")})


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _label(self, {"password1": _("New password"), "password2": _("The new password again")})
        self.fields["password1"].help_text = password_rules()


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _label(
            self,
            {
                "oldpassword": _("Current password"),
                "password1": _("New password"),
                "password2": _("The new password again"),
            },
        )
        self.fields["password1"].help_text = password_rules()


class SetPasswordForm(allauth_forms.SetPasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _label(self, {"password1": _("New password"), "password2": _("The new password again")})
        self.fields["password1"].help_text = password_rules()


class AddEmailForm(allauth_forms.AddEmailForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _label(self, {"email": _("New e-mail")})


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _label(self, {"password": _("Password")})
