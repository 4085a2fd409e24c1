"""Who is due to be seen again, and why."""

from datetime import timedelta

import pytest
from django.utils import translation

from contacts import rhythm
from contacts.models import Contact
from contacts.rhythm import Due, choose
from tests.cast import NOW, make_contact, make_touchpoint


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def ago(**span):
    return NOW - timedelta(**span)


def due(pk, late, *, colleague=False, group=False):
    return Due(Contact(pk=pk), is_colleague=colleague, is_group=group, late=late)


@pytest.mark.parametrize(
    ("among", "limit", "chosen"),
    [
        ([], 5, []),
        ([due(1, 1.5), due(2, 3.0), due(3, 2.0)], 2, [2, 3]),
        ([due(1, 9.0), due(2, 8.0), due(3, 1.1, colleague=True)], 2, [1, 3]),
        ([due(1, 9.0), due(2, 8.0), due(3, 1.1, colleague=True), due(4, 1.2, group=True)], 3, [1, 4, 3]),
        ([due(1, 2.0, colleague=True), due(2, 3.0, colleague=True)], 5, [2, 1]),
        ([due(1, 2.0), due(2, 2.0)], 1, [1]),
        ([due(1, 2.0, group=True), due(2, 3.0, colleague=True)], 1, [2]),
    ],
)
def test_the_latest_come_first_and_a_colleague_and_a_group_have_a_place(among, limit, chosen):
    assert [one.contact.pk for one in choose(among, limit)] == chosen


@pytest.mark.django_db
class TestSuggestions:
    def names(self, team, user, **others):
        return [one.contact.name for one in rhythm.suggestions(team=team, user=user, now=NOW, **others)]

    def met(self, team, user, name, *days, kind="person", **fields):
        contact = make_contact(team, name, kind=kind, last_met_at=ago(days=min(days)), **fields)
        for number in days:
            make_touchpoint(team, user, [contact], met_at=ago(days=number))
        return contact

    def test_a_rhythm_of_ones_own_holds(self, team, lea):
        self.met(team, lea, "Late", 15, rhythm_days=14)
        self.met(team, lea, "In time", 13, rhythm_days=14)
        make_contact(team, "Never met", rhythm_days=14)
        assert self.names(team, lea) == ["Late"]

    def test_without_one_six_weeks_hold_for_those_met_twice(self, team, lea):
        self.met(team, lea, "Twice", 43, 80)
        self.met(team, lea, "Once", 43)
        self.met(team, lea, "Recently", 41, 80)
        self.met(team, lea, "Let go", 183, 200)
        assert self.names(team, lea) == ["Twice"]

    def test_whoever_of_the_team_saw_them_last_counts_and_is_said(self, team, lea, noe):
        self.met(team, noe, "Jo", 63, 90)
        (one,) = rhythm.suggestions(team=team, user=lea, now=NOW)
        assert one.reason == "Last met 9 weeks ago, by Noé"
        assert one.days == 63

    def test_ones_own_last_meeting_names_nobody(self, team, lea):
        self.met(team, lea, "Jo", 10, rhythm_days=7)
        (one,) = rhythm.suggestions(team=team, user=lea, now=NOW)
        assert one.reason == "Last met 10 days ago"

    def test_a_teammates_contacts_and_those_already_booked_are_left_out(self, team, lea, noe):
        self.met(team, lea, "Noé’s", 50, 90, owner=noe)
        booked = self.met(team, lea, "Booked", 50, 90)
        self.met(team, lea, "Mine", 50, 90, owner=lea)
        self.met(team, lea, "Binned", 50, 90, binned_at=NOW)
        assert self.names(team, lea, without=[booked.pk]) == ["Mine"]

    def test_a_colleague_and_a_group_are_among_many(self, team, lea):
        for number in range(15):
            self.met(team, lea, f"Person {number}", 60 + number, 150)
        self.met(team, lea, "Sam", 43, 90, kind="colleague")
        self.met(team, lea, "La Cale", 44, 90, kind="venue")
        names = self.names(team, lea)
        assert len(names) == 5
        assert {"Sam", "La Cale"} <= set(names)

    def test_those_of_a_long_list_are_found_however_far_back(self, team, lea, monkeypatch):
        monkeypatch.setattr(rhythm, "LOOKED_AT", 5)
        for number in range(8):
            self.met(team, lea, f"Person {number}", 60 + number, 150)
        self.met(team, lea, "Sam", 100, 120, kind="colleague")
        self.met(team, lea, "La Cale", 101, 120, kind="venue")
        assert {"Sam", "La Cale"} <= set(self.names(team, lea))

    @pytest.mark.parametrize("many", [2, 20])
    def test_it_costs_two_queries_however_many(self, team, lea, django_assert_num_queries, many):
        for number in range(many):
            self.met(team, lea, f"Person {number}", 60 + number, 150)
        with django_assert_num_queries(2):
            rhythm.suggestions(team=team, user=lea, now=NOW)

    def test_the_querysets_overdue_agrees_with_days(self, team, lea):
        late = self.met(team, lea, "Late", 15, rhythm_days=14)
        self.met(team, lea, "In time", 14, rhythm_days=14)
        assert list(Contact.objects.overdue(NOW)) == [late]
