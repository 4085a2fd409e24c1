"""Forms of accounts: validation only."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import people, places
from accounts.models import Language, Role, Team, User
from accounts.sign_in_forms import password_rules


class ZoneField(forms.ChoiceField):
    """A time zone from a list by regions; one that is valid but not listed (an old alias) can stay."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        super().__init__(choices=places.zone_choices, **kwargs)

    def valid_value(self, value: Any) -> bool:
        return value in places.zone_names()


class CountryField(forms.CharField):
    """Two letters, typed in any case; which codes exist is the model's matter."""

    def clean(self, value: Any) -> Any:
        return super().clean(value.upper() if isinstance(value, str) else value)


class PasswordField(forms.CharField):
    """A new password; its rules stand under it. `strip` is off: spaces at the ends are part of it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Password"))
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(strip=False, widget=widget, **kwargs)


class NewPersonForm(forms.Form):
    """Name, e-mail and password of somebody who is about to exist."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = PasswordField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = password_rules()

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if people.is_taken(email):
            raise ValidationError(_("Somebody already signs in with this address."), code="taken")
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            likely = User(email=cleaned.get("email", ""), name=cleaned.get("name", ""))
            try:
                validate_password(password, likely)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class WelcomeForm(NewPersonForm):
    """The first admin and the first team."""

    NO_PART = "none"

    team_name = forms.CharField(label=_("Name of your team"), max_length=120)
    role = forms.ChoiceField(
        label=_("Your part in the team"),
        choices=[*reversed(Role.choices), (NO_PART, _("None: I only set things up"))],
        initial=Role.BOTH,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    time_zone = ZoneField()

    field_order = ["team_name", "name", "role", "email", "password", "language", "time_zone"]

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        return "" if role == self.NO_PART else role


class JoinForm(NewPersonForm):
    """Somebody invited; the address is asked for only where the invitation names none."""

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if email:
            del self.fields["email"]


class MeForm(forms.ModelForm):
    """What a person sets for themselves."""

    time_zone = ZoneField()
    country = CountryField(
        label=_("Country"),
        max_length=2,
        required=False,
        help_text=_("Two letters, where you work: its public holidays are yours. Empty: the team’s."),
    )

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "country", "theme", "shortcuts"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "theme": forms.RadioSelect,
            "language": forms.RadioSelect,
        }


class TeamForm(forms.ModelForm):
    """A team's name, zone and country."""

    time_zone = ZoneField(help_text=_("A team’s days begin and end by this clock."))
    country = CountryField(
        label=_("Country"), max_length=2, help_text=_("Two letters; public holidays follow it.")
    )

    class Meta:
        model = Team
        fields = ["name", "time_zone", "country"]


class InviteForm(forms.Form):
    """Whom to invite, as what. A lead's form asks for the address alone."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("The invitation leaves at once. Without an address you get a link to copy."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=Role.choices, initial=Role.MANAGER, widget=forms.RadioSelect
    )
    is_admin = forms.BooleanField(
        label=_("Organisation admin"),
        required=False,
        help_text=_("Sees every team, imports and configures."),
    )

    def __init__(self, *args: Any, team: Team | None, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not team or not by.is_admin:  # an organisation admin without a team: nothing to choose
            del self.fields["role"], self.fields["is_admin"]


class RoleForm(forms.Form):
    """A member's role."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
