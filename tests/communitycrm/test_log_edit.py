"""What was noted is changed, binned, joined: by those who were there."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from contacts import kinds
from contacts.models import Touchpoint
from tests.cast import (
    NOW,
    make_admin,
    make_contact,
    make_lead,
    make_member,
    make_team,
    make_touchpoint,
    touchpoint_kind,
)
from tests.communitycrm.notes import data, log, undo_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def test_editing(as_lea, team, lea, noe, jo):
    gone = make_contact(team, "Gone", binned_at=NOW)
    left = make_member(make_team(), "Left")
    touchpoint = make_touchpoint(team, lea, [jo, gone], others=(noe, left), note="Before")
    karim = make_contact(team, "Karim")
    page = as_lea.get(reverse("log_edit", args=[touchpoint.pk]))
    assert page.context["page"].chosen == [jo.pk]
    assert "Gone" not in page.content.decode()
    as_lea.post(
        reverse("log_edit", args=[touchpoint.pk]),
        data(karim, when="other", met_at="2026-11-20T18:30", note="After", kind=touchpoint_kind("call").pk),
    )
    touchpoint.refresh_from_db()
    assert touchpoint.note == "After" and not touchpoint.is_real
    assert set(touchpoint.contacts.all()) == {karim, gone}
    assert set(touchpoint.managers.all()) == {lea, left}


def test_who_may_change_a_note(client, team, lea, noe, jo):
    ines = make_lead(team)
    touchpoint = make_touchpoint(team, lea, [jo], others=(noe,))
    private = make_touchpoint(team, lea, [jo], others=(noe,), is_private=True, note="Secret")
    expected = {
        (lea, touchpoint): 200,
        (noe, touchpoint): 200,
        (ines, touchpoint): 403,
        (lea, private): 200,
        (noe, private): 403,
    }
    for (person, of), code in expected.items():
        client.force_login(person)
        assert client.get(reverse("log_edit", args=[of.pk])).status_code == code, (person, of)


def test_the_bin_and_back(as_lea, team, lea, jo):
    touchpoint = make_touchpoint(team, lea, [jo])
    page = as_lea.post(reverse("log_bin", args=[touchpoint.pk]), follow=True)
    assert not Touchpoint.objects.kept().exists()
    as_lea.post(undo_address(page))
    assert Touchpoint.objects.kept().exists()
    said = as_lea.post(undo_address(page))
    assert said.status_code == 404


def test_i_was_there_too(as_lea, client, team, lea, noe, jo):
    touchpoint = make_touchpoint(team, noe, [jo])
    page = as_lea.post(reverse("log_join", args=[touchpoint.pk]), follow=True)
    assert set(touchpoint.managers.all()) == {lea, noe}
    as_lea.post(undo_address(page))
    assert list(touchpoint.managers.all()) == [noe]
    as_lea.post(reverse("log_join", args=[touchpoint.pk]))
    client.force_login(make_admin())
    assert client.post(reverse("log_join", args=[touchpoint.pk])).status_code == 403


def test_a_kind_put_away_can_stay(as_lea, team, lea, jo):
    kind = kinds.add_touchpoint_kind(team=team, name="Skate", is_real=True, by=lea, now=NOW)
    touchpoint = make_touchpoint(team, lea, [jo])
    Touchpoint.objects.filter(pk=touchpoint.pk).update(kind=kind)
    kinds.archive(kind, now=NOW)
    address = reverse("log_edit", args=[touchpoint.pk])
    answer = as_lea.post(address, data(jo, kind=kind.pk, when="yesterday"))
    assert answer.status_code == 302
    assert log(as_lea, jo, kind=kind.pk).status_code == 422


def test_only_its_author_makes_a_meeting_private(as_lea, team, lea, noe, jo):
    """A teammate who did would no longer read what they wrote themselves."""
    shared = make_touchpoint(team, noe, [jo], others=(lea,))
    address = reverse("log_edit", args=[shared.pk])
    assert b"is_private" not in as_lea.get(address).content
    as_lea.post(
        address, data(jo, when="yesterday", is_private="on", note="Ils jouent en mars", managers=noe.pk)
    )
    shared.refresh_from_db()
    assert shared.note == "Ils jouent en mars" and not shared.is_private
    own = make_touchpoint(team, lea, [jo])
    as_lea.post(reverse("log_edit", args=[own.pk]), data(jo, when="yesterday", is_private="on"))
    own.refresh_from_db()
    assert own.is_private


@pytest.mark.parametrize("hour", [0, 1])
def test_a_meeting_in_the_hour_that_there_is_twice_stays_in_it(as_lea, team, lea, jo, hour):
    met_at = datetime(2026, 10, 25, hour, 30, 17, tzinfo=UTC)  # half past two in Paris, both times
    touchpoint = make_touchpoint(team, lea, [jo], met_at=met_at)
    address = reverse("log_edit", args=[touchpoint.pk])
    as_lea.post(address, data(jo, when="other", met_at="2026-10-25T02:30", note="Après"))
    touchpoint.refresh_from_db()
    assert (touchpoint.note, touchpoint.met_at) == ("Après", met_at)
