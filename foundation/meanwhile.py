"""Two tabs, or two people, at the same form: who saves from an old page is told before they replace what is newer."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from django import forms
from django.db import transaction
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _


class ChangedMeanwhile(Exception):
    """A row no longer says what the page showed of it, and nothing was written. `state` is what it says now."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state


def digest(*said: object) -> str:
    """What tells whether a row says what it said, from its values written alike when they are equal."""
    return hashlib.blake2b(repr(said).encode(), digest_size=12).hexdigest()


@contextmanager
def unless_changed(row: Model, seen: str, state: Callable[[Any], str]) -> Iterator[None]:
    """One transaction, in which a row is edited by somebody who saw it when its `state` was `seen`; "" asks nothing.

    Raises ChangedMeanwhile when it was another before, and the edit changes it: the same content sent twice does not.
    """
    with transaction.atomic():
        if not seen:
            yield
            return
        rows = type(row)._default_manager.filter(pk=row.pk)
        before = state(rows.select_for_update(no_key=True).get())
        yield
        if before not in (seen, state(rows.get())):
            raise ChangedMeanwhile(before)


class SeenForm(forms.Form):
    """A form that carries the state in which its page showed the row: `initial["seen"]`, then `cleaned_data["seen"]`."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def come_back(self, state: str, said: str = "") -> None:
        """Show what was typed once more, with a sentence why; sent again, it replaces the row in this state."""
        sent = cast("QueryDict", self.data).copy()
        sent["seen"] = state
        self.data = sent
        self.add_error(
            None,
            said
            or _(
                "This was changed meanwhile, by somebody else or in another tab. What you typed is still here: save"
                " again to put it in its place."
            ),
        )
