"""Duplicates of a team: looked for when the book changed, decided by people, remembered; and the pages for it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Membership, Role
from contacts import duplicates, merging
from contacts.models import Contact, ContactPoint, Distinct, Duplicate, DuplicateSearch
from foundation import clock
from tests.cast import NOW, make_contact, make_team, make_touchpoint

pytestmark = pytest.mark.django_db
LIST = reverse("contacts:duplicate_list")


@pytest.fixture
def double(team, jo):
    return make_contact(team, "Jo Bruume")


def merge_url(one, other, name="merge"):
    return reverse(f"contacts:{name}", args=[one.pk, other.pk])


def test_what_was_found_is_counted_with_one_query(team, jo, double, django_assert_num_queries):
    assert duplicates.look(team=team, now=NOW) == 1
    with django_assert_num_queries(1):
        assert duplicates.count(team) == 1


def test_the_count_is_true_as_soon_as_somebody_decided(team, lea, jo, double):
    duplicates.look(team=team, now=NOW)
    distinct = duplicates.not_the_same(double, jo, by=lea, now=NOW)
    assert duplicates.count(team) == 0
    assert duplicates.look(team=team, now=NOW) == 0 and duplicates.count(team) == 0
    assert duplicates.not_the_same(jo, double, by=lea, now=NOW) == distinct
    distinct.delete()
    duplicates.look(team=team, now=NOW)
    merging.merge(kept=jo, merged=double, by=lea, now=NOW)
    assert duplicates.count(team) == 0


def test_two_that_are_not_the_same_stay_so_when_one_is_merged(team, lea, jo, double):
    third = make_contact(team, "Jo Bruuume")
    duplicates.not_the_same(double, third, by=lea, now=NOW)
    merging.merge(kept=jo, merged=double, by=lea, now=NOW)
    duplicates.look(team=team, now=NOW)
    assert duplicates.count(team) == 0


def test_the_tick_looks_where_the_book_changed_and_not_again(team, jo, double):
    now = clock.now()
    assert duplicates.look_where_due(now) == 1
    assert duplicates.look_where_due(now + timedelta(hours=1)) == 0
    jo.town = "Caen"
    jo.save()
    Contact.objects.filter(pk=jo.pk).update(updated_at=now + timedelta(minutes=1))
    assert duplicates.look_where_due(now + timedelta(minutes=2)) == 0  # a pause while somebody is at work
    assert duplicates.look_where_due(now + timedelta(minutes=6)) == 1


def test_two_do_not_look_at_once_and_a_dead_one_is_replaced(team, jo, double):
    DuplicateSearch.objects.create(team=team, leased_until=NOW + timedelta(minutes=1))
    assert duplicates.look(team=team, now=NOW) is None
    assert duplicates.look(team=team, now=NOW + timedelta(minutes=2)) == 1


def test_the_page_says_why_and_costs_the_same_for_many(
    as_lea, team, jo, double, django_assert_max_num_queries
):
    for contact in (jo, double):
        ContactPoint.objects.create(team=team, contact=contact, property="tel", value="06 12", key="+33612")
    for number in range(15):
        (
            make_contact(team, f"Karim {number} Brumaire", town="Caen"),
            make_contact(team, f"Karim {number} Brumaire"),
        )
    duplicates.look(team=team, now=NOW)
    with django_assert_max_num_queries(12):
        page = as_lea.get(LIST).content.decode()
    assert "Same phone: 06 12" in page and "Nearly the same name" not in page
    assert "16 pairs" in page


def test_an_empty_page_says_so(as_lea, team):
    assert "No likely duplicate" in as_lea.get(LIST).content.decode()


def test_looking_now_and_not_the_same_and_undone(as_lea, team, jo, double):
    as_lea.post(reverse("contacts:duplicate_look"))
    assert Duplicate.objects.count() == 1
    page = as_lea.post(merge_url(jo, double, "distinct_new"), follow=True).content.decode()
    assert "are two" in page and duplicates.count(team) == 0
    for pair, said in (((double, jo), "Undone."), ((jo, double), "already undone")):
        page = as_lea.post(merge_url(*pair, "distinct_undo"), follow=True).content.decode()
        assert said in page and duplicates.count(team) == 1


def test_two_of_different_teams_are_not_remembered_as_two(as_lea, lea, jo):
    other = make_team("Ailleurs")
    Membership.objects.create(user=lea, team=other, role=Role.LEAD, since="2026-01-01")
    theirs = make_contact(other, "Jo Bruume")
    assert as_lea.post(merge_url(jo, theirs, "distinct_new")).status_code == 404
    assert not Distinct.objects.exists()


def test_merging_by_page_and_the_old_address_leads_to_the_kept_one(as_lea, team, lea, jo, double):
    make_touchpoint(team, lea, [double])
    page = as_lea.get(merge_url(double, jo)).content.decode()
    assert "1 meeting" in page
    seen = merging.fingerprint(jo, double)
    data = {"seen": seen, "name": "merged"}
    answer = as_lea.post(merge_url(jo, double), data, follow=True)
    assert answer.redirect_chain == [(reverse("contact", args=[jo.pk]), 302)]
    assert "Jo Bruume" in answer.content.decode()
    assert as_lea.get(reverse("contact", args=[double.pk])).headers["Location"] == answer.redirect_chain[0][0]
    again = as_lea.post(merge_url(jo, double), data)  # a second tab
    assert again.headers["Location"] == answer.redirect_chain[0][0]
    undo = reverse("contacts:merge_undo", args=[merging.operation_of(Contact.objects.get(pk=double.pk)).pk])
    assert undo in as_lea.get(answer.redirect_chain[0][0]).content.decode()
    as_lea.post(undo)
    assert as_lea.get(reverse("contact", args=[double.pk])).status_code == 200


def test_one_edited_meanwhile_is_shown_again_with_the_choices_kept(as_lea, jo, double):
    data = {"seen": merging.fingerprint(jo, double), "name": "merged"}
    jo.note = "New"
    jo.save()
    answer = as_lea.post(merge_url(jo, double), data)
    page = answer.content.decode()
    assert answer.status_code == 409 and "changed meanwhile" in page
    assert 'value="merged" checked' in page and merging.fingerprint(jo, double) in page
    assert not Contact.objects.filter(merged_into__isnull=False).exists()


def test_a_person_and_a_group_are_not_merged(as_lea, team, jo):
    answer = as_lea.get(merge_url(jo, make_contact(team, "Brume", "band")), follow=True)
    assert "One is a person, the other a group" in answer.content.decode()


def test_whom_somebody_is_the_same_as_is_looked_for(as_lea, team, jo, double):
    page = as_lea.get(reverse("contacts:same_as", args=[jo.pk]), {"q": "bruume"}).content.decode()
    assert merge_url(jo, double) in page


def test_the_contact_page_hints_at_a_likely_double(as_lea, team, jo, double):
    duplicates.look(team=team, now=NOW)
    assert merge_url(jo, double) in as_lea.get(reverse("contact", args=[jo.pk])).content.decode()
