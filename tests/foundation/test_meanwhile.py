"""Who saves from an old page is told before they replace what is newer: the one piece that the forms share."""

import pytest
from django import forms
from django.http import QueryDict
from django.utils import translation

from accounts.models import Team
from foundation.meanwhile import ChangedMeanwhile, SeenForm, digest, unless_changed
from tests.cast import make_team


class NameForm(SeenForm):
    name = forms.CharField()


def state(team):
    return digest(team.name)


def rename(team, name, seen):
    with unless_changed(team, seen, state):
        Team.objects.filter(pk=team.pk).update(name=name)


@pytest.mark.django_db
def test_a_row_that_was_changed_since_is_not_replaced():
    team = make_team("Une")
    seen = state(team)
    rename(team, "Deux", seen)
    with pytest.raises(ChangedMeanwhile) as meanwhile:
        rename(team, "Trois", seen)
    team.refresh_from_db()
    assert team.name == "Deux"
    rename(team, "Trois", meanwhile.value.state)
    team.refresh_from_db()
    assert team.name == "Trois"


@pytest.mark.django_db
def test_the_same_content_twice_is_no_conflict_and_nothing_seen_asks_nothing():
    team = make_team("Une")
    seen = state(team)
    rename(team, "Deux", seen)
    rename(team, "Deux", seen)
    rename(team, "Trois", "")
    team.refresh_from_db()
    assert team.name == "Trois"


def test_a_form_comes_back_with_what_was_typed_and_the_state_to_replace():
    form = NameForm(QueryDict("name=Deux&seen=old"))
    assert form.is_valid()
    with translation.override("en"):
        form.come_back("new")
    assert (form["name"].value(), form["seen"].value()) == ("Deux", "new")
    assert "changed meanwhile" in form.non_field_errors()[0]
