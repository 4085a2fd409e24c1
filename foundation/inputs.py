"""Days, ids and texts as browsers send them: years that can be reckoned with, numbers that can be a row's id."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone as clocks
from django.utils.translation import gettext as _

# A year typed half ("0202") or with a key too many ("9999") would break every page that adds a day to it.
EARLIEST, LATEST = date(1970, 1, 2), date(2100, 12, 31)
LONGEST_TEXT = 200_000  # characters of a note: imports make none so long, and a page shows it whole
_AS_READ = timezone(timedelta(0), "as read")
_LONGEST_ID = 18  # digits: one more may not fit into a row's 64 bits


def is_reckonable(day: date) -> bool:
    """Whether a day lies in the years in which everything can be reckoned, 1970 to 2100."""
    return EARLIEST <= day <= LATEST


def validate_reckonable(value: date | datetime) -> None:
    """Refuse days and moments of other centuries, in the words Django has for what is no date."""
    # A moment is a day earlier or later elsewhere on earth: still far from the ends of the calendar.
    day = value.date() if isinstance(value, datetime) else value
    if not is_reckonable(day):
        raise ValidationError(forms.DateField.default_error_messages["invalid"], code="invalid")


class DayField(forms.DateField):
    """A day, shown as ISO: what `<input type="date">` takes. Only years that can be reckoned with."""

    default_validators = [validate_reckonable]

    def __init__(self, *, css: str = "", **kwargs: Any) -> None:
        attributes = {"type": "date", **({"class": css} if css else {})}
        kwargs.setdefault("widget", forms.DateInput(attributes, "%Y-%m-%d"))
        super().__init__(**kwargs)


class MomentField(forms.DateTimeField):
    """A moment by the clock of whoever types it. A reading that the spring night skips is the one an hour later; of two in
    autumn it is the first, where Django would refuse both."""

    default_validators = [validate_reckonable]

    def to_python(self, value: Any) -> datetime | None:
        here = clocks.get_current_timezone()
        with clocks.override(_AS_READ):
            moment = super().to_python(value)
        if moment is not None and moment.tzinfo is _AS_READ:
            validate_reckonable(moment)  # at the ends of the calendar it could not be moved
            return moment.replace(tzinfo=here).astimezone(UTC)
        return moment


def too_many_names(most: int) -> str:
    """What to do with more names than a form takes at a time."""
    return _("At most %(count)d names at a time. Add the others afterwards.") % {"count": most}


class RowsField(forms.Field):
    """Rows chosen by their ids. A form says with `find` which of some ids may be chosen; it is asked once, where Django's
    own field writes a query for each id. Cleaned, it is a list, in the order in which `find` gives them."""

    widget: type[forms.Widget] = forms.MultipleHiddenInput
    default_error_messages = forms.ModelMultipleChoiceField.default_error_messages
    find: Callable[[list[int]], Sequence[Model]]

    def to_python(self, value: Any) -> Any:
        sent = [str(one) for one in value or ()]
        ids = row_ids(sent)
        found = self.find(ids) if ids else ()
        known = {str(row.pk) for row in found}
        for one in sent:
            if one not in known:
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": one})
        return list(found)


class RowField(RowsField):
    """One row, or None."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        found = super().to_python([] if value in self.empty_values else [value])
        return found[0] if found else None


def row_ids(sent: Iterable[object]) -> list[int]:
    """The ids among what was sent, in its order; whatever cannot be one is left out."""
    texts = (str(one) for one in sent)
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID]
