"""The list's chips, and the filters that were kept under a name."""

import uuid

import pytest
from django.urls import reverse

from contacts import bulk, directory
from contacts.models import SavedFilter, Tag
from tests.cast import NOW, make_contact

pytestmark = pytest.mark.django_db
LIST = reverse("contacts:contact_list")


@pytest.fixture(autouse=True)
def tuesday(monkeypatch):
    monkeypatch.setattr("foundation.clock.now", lambda: NOW)


def keep(client, name="Bands", query="show=groups&sort=-met", **sent):
    return client.post(reverse("contacts:filter_new"), {"name": name, "query": query, **sent}, follow=True)


def test_people_of_no_group(as_lea, team):
    jo, sam = make_contact(team, "Jo"), make_contact(team, "Sam")
    left = directory.affiliate(person=sam, group=make_contact(team, "Brume", kind="band"))
    found = as_lea.get(f"{LIST}?show=alone").context["page"].object_list
    assert [one.name for one in found] == ["Jo"]
    directory.end_affiliation(left, day=NOW.date())
    found = as_lea.get(f"{LIST}?show=alone").context["page"].object_list
    assert [one.pk for one in found] == [jo.pk, sam.pk]


def test_the_chip_of_those_not_seen_keeps_the_other_filters(as_lea, jo):
    html = as_lea.get(f"{LIST}?show=mine").content.decode()
    assert 'href="?show=mine&amp;unseen=8"' in html and "Not seen for 8 weeks" in html
    html = as_lea.get(f"{LIST}?unseen=13").content.decode()
    assert 'href="?" aria-current="true"' in html and "Not seen for 13 weeks" in html


def test_filters_are_kept_shown_and_taken_off(as_lea, lea, jo):
    page = keep(as_lea)
    assert page.redirect_chain[-1][0] == f"{LIST}?show=groups&sort=-met"
    assert "Kept: Bands." in page.content.decode()
    keep(as_lea, query="show=mine&nonsense=1")
    kept = SavedFilter.objects.get()
    assert (kept.query, kept.owner) == ("show=mine", lea)
    page = as_lea.post(reverse("contacts:filter_drop", args=[kept.pk]), follow=True)
    assert "Bands" in page.content.decode().split("said success")[1].split("</div>")[0]
    assert page.context["choices"].kept == []
    (undo,) = [part for part in page.content.decode().split('"') if part.startswith("/undo/")]
    as_lea.post(undo)
    assert [one[1] for one in as_lea.get(LIST).context["choices"].kept] == ["Bands"]


def test_nothing_to_keep_is_said(as_lea):
    assert "Filter the list first" in keep(as_lea, query="sort=name").content.decode()
    assert "Give it a name" in keep(as_lea, name="   ").content.decode()
    assert not SavedFilter.objects.exists()


def test_teammates_see_what_is_shared_and_drop_only_their_own(client, lea, noe, oscar, jo):
    client.force_login(lea)
    keep(client, name="Mine alone")
    keep(client, name="Ours", is_shared="on")
    shared = SavedFilter.objects.get(name="Ours")
    client.force_login(noe)
    assert [one[1:] for one in client.get(LIST).context["choices"].kept] == [
        ("Ours", "show=groups&sort=-met", False)
    ]
    assert client.post(reverse("contacts:filter_drop", args=[shared.pk])).status_code == 404
    client.force_login(oscar)
    assert client.get(LIST).context["choices"].kept == []


def test_choices_name_kinds_tags_and_people(as_lea, team, lea, jo):
    directory.edit(jo, details=directory.Details(name="Jo", kind=jo.kind, tags=["Rock", "Été"]))
    found = as_lea.get(LIST).context["choices"]
    assert [words for _pk, words in found.tags] == ["Été", "Rock"]
    assert found.owners == [(lea.pk, "Léa Martin")]
    assert found.kinds[0][1] == "Person"


def test_only_tags_that_somebody_bears_are_offered_and_the_one_filtered_by(as_lea, team, lea, noe, jo):
    def offered(**address):
        return [words for _pk, words in as_lea.get(LIST, address).context["choices"].tags]

    act = bulk.Act(team=team, by=lea, contact_ids=[jo.pk], token=uuid.uuid4(), now=NOW)
    done = bulk.add_tags(act, ["Rock", "Jazz"])
    refused = bulk.Act(team=team, by=lea, contact_ids=[], token=uuid.uuid4(), now=NOW)
    assert bulk.add_tags(refused, ["Nobody"]).operation is None
    assert offered() == ["Jazz", "Rock"]
    bulk.take_back(done.operation, by=lea, now=NOW)
    assert offered() == []
    assert offered(tag=Tag.objects.get(key="rock").pk) == ["Rock"]
    make_contact(team, "Binned", binned_at=NOW).tags.add(*Tag.objects.all())
    assert offered() == []
