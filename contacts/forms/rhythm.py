"""How often the contacts of a kind, or with a tag, are to be seen."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Team
from contacts.models import ContactKind, Tag

MOST_WEEKS = 520


class RhythmRuleForm(forms.Form):
    """A kind or a tag, and a number of weeks."""

    kind = forms.ModelChoiceField(
        ContactKind.objects.none(),
        label=pgettext_lazy("of a contact", "Kind"),
        required=False,
        empty_label=gettext_lazy("Choose"),
    )
    tag = forms.ModelChoiceField(
        Tag.objects.none(), label=gettext_lazy("or tag"), required=False, empty_label=gettext_lazy("Choose")
    )
    weeks = forms.IntegerField(
        label=gettext_lazy("See again every … weeks"), min_value=1, max_value=MOST_WEEKS
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = ContactKind.objects.for_team(team)  # type: ignore[attr-defined]
        self.fields["tag"].queryset = Tag.objects.filter(team=team).borne()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("kind")) == bool(cleaned.get("tag")) and not self.errors:
            raise forms.ValidationError(_("Choose a kind or a tag: one of the two."))
        return cleaned
