"""The pages of contacts: each works, is closed to outsiders, and costs the same with two rows and with twenty."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Membership, Role
from contacts import directory, kinds, merging
from contacts.models import Affiliation, Contact, Promise, Tag, TouchpointKind
from tests.cast import NOW, contact_kind, make_contact, make_team, make_touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday(monkeypatch):
    monkeypatch.setattr("foundation.clock.now", lambda: NOW)


def form_data(**fields):
    return {
        "client_id": str(uuid.uuid4()),
        "name": "Samira Mansour",
        "kind": contact_kind().pk,
        "basis": "legitimate_interest",
        "source": "Met by Léa Martin",
        "sourced_on": "2026-11-24",
        **fields,
    }


def test_the_list_shows_the_teams_contacts(as_lea, team, jo):
    brume = make_contact(team, "Brume", kind="band")
    directory.affiliate(person=jo, group=brume)
    page = as_lea.get(reverse("contacts:contact_list"))
    html = page.content.decode()
    assert page.status_code == 200
    assert "2 contacts" in html and "Jo Brume" in html
    assert f"/log/?contact={jo.pk}" in html


def test_the_list_answers_htmx_with_its_results_alone(as_lea, jo):
    html = as_lea.get(reverse("contacts:contact_list"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in html and 'id="results"' in html


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Brume", "Jo", "Sam"]),
        ("q=BRÛME", ["Brume"]),
        ("q=caen", ["Jo"]),
        ("show=colleagues", ["Sam"]),
        ("show=groups", ["Brume"]),
        ("show=mine", ["Jo"]),
        ("show=drafts", []),
        ("unseen=8", ["Brume"]),
        ("unseen=never", ["Sam"]),
        ("sort=-name", ["Sam", "Jo", "Brume"]),
        ("sort=-met", ["Jo", "Brume", "Sam"]),
        ("sort=met", ["Sam", "Brume", "Jo"]),
        ("sort=nonsense&kind=x&tag=&unseen=7&page=-1&show=all", ["Brume", "Jo", "Sam"]),
        ("page=999", []),
    ],
)
def test_filters_and_sorting(as_lea, team, lea, query, names):
    make_contact(team, "Jo", town="Caen", owner=lea, last_met_at=NOW - timedelta(days=3))
    make_contact(team, "Brume", kind="band", last_met_at=NOW - timedelta(days=90))
    make_contact(team, "Sam", kind="colleague")
    page = as_lea.get(f"{reverse('contacts:contact_list')}?{query}")
    assert [contact.name for contact in page.context["page"].object_list] == names


def test_filtering_by_kind_tag_and_owner(as_lea, team, jo, noe):
    make_contact(team, "Brume", kind="band")
    sam = make_contact(team, "Sam", owner=noe)
    page = as_lea.get(f"{reverse('contacts:contact_list')}?owner={noe.pk}")
    assert [one.pk for one in page.context["page"].object_list] == [sam.pk]
    assert f'<option value="{noe.pk}" selected>Noé Thomas</option>' in page.content.decode()
    rock = Tag.objects.create(team=team, name="Rock", key="rock")
    jo.tags.add(rock)
    found = as_lea.get(f"{reverse('contacts:contact_list')}?kind={contact_kind('band').pk}").context["page"]
    assert [contact.name for contact in found.object_list] == ["Brume"]
    found = as_lea.get(f"{reverse('contacts:contact_list')}?tag={rock.pk}").context["page"]
    assert [contact.pk for contact in found.object_list] == [jo.pk]


def test_a_mistyped_name_finds_what_is_much_like_it(as_lea, team):
    make_contact(team, "Samira Mansour")
    page = as_lea.get(f"{reverse('contacts:contact_list')}?q=samria")
    assert "Nothing is called" in page.content.decode()
    assert [contact.name for contact in page.context["page"].object_list] == ["Samira Mansour"]


def test_the_list_says_more_than_a_thousand_without_counting_further(as_lea, team, monkeypatch):
    monkeypatch.setattr("contacts.listing.COUNTED", 60)
    monkeypatch.setattr("contacts.views.lists.COUNTED", 60)
    for number in range(62):
        make_contact(team, f"Contact {number:02}")
    page = as_lea.get(reverse("contacts:contact_list"))
    assert "More than 60 contacts" in page.content.decode()
    assert len(page.context["page"].object_list) == 50
    second = as_lea.get(f"{reverse('contacts:contact_list')}?page=2")
    assert second.context["page"].object_list[0].name == "Contact 50"


def test_the_list_costs_the_same_with_two_rows_and_with_forty(
    as_lea, team, lea, django_assert_max_num_queries
):
    for number in range(40):
        group = make_contact(team, f"Group {number}", kind="band")
        person = make_contact(team, f"Person {number}", owner=lea)
        directory.affiliate(person=person, group=group)
    with django_assert_max_num_queries(8):
        as_lea.get(reverse("contacts:contact_list"))


def test_suggestions_for_the_people_field(as_lea, team, jo):
    directory.affiliate(person=jo, group=make_contact(team, "La Cale", kind="venue"))
    found = as_lea.get(f"{reverse('contacts:suggest')}?q=jo").json()["results"]
    assert found == [{"id": jo.pk, "name": "Jo Brume", "meta": "La Cale", "initials": "JB", "group": False}]
    assert as_lea.get(reverse("contacts:suggest")).json() == {"results": []}


def test_suggestions_are_of_the_team_that_the_form_is_about_if_it_is_ones_own(as_lea, team, lea, jo):
    other, strangers = make_team("Ailleurs"), make_team("Autre")
    Membership.objects.create(user=lea, team=other, role=Role.LEAD, since=date(2026, 1, 1))
    make_contact(other, "Jo Ailleurs")
    make_contact(strangers, "Jo Secret")
    for asked, names in [
        (f"&team={other.pk}", ["Jo Ailleurs"]),
        (f"&team={team.pk}", ["Jo Brume"]),
        (f"&team={strangers.pk}", ["Jo Brume"]),
        ("&team=odd", ["Jo Brume"]),
        ("", ["Jo Brume"]),
    ]:
        found = as_lea.get(f"{reverse('contacts:suggest')}?q=jo{asked}").json()["results"]
        assert [one["name"] for one in found] == names


def test_a_contact_is_added_by_the_form_once(as_lea, team, lea):
    data = form_data(
        phones="06 12 34 56 78\n", emails="samira@example.org", links="https://example.org/samira",
        town="Caen", tags="Rock, presse", owner=lea.pk, rhythm_weeks="6",
    )  # fmt: skip
    for _twice in range(2):
        page = as_lea.post(reverse("contacts:contact_new"), data)
        assert page.status_code == 302
    samira = Contact.objects.get(name="Samira Mansour")
    assert page.url == reverse("contact", args=[samira.pk])
    assert sorted(samira.points.values_list("key", flat=True)) == [
        "+33612345678",
        "example.org/samira",
        "samira@example.org",
    ]
    assert samira.search_key == "samira mansour caen presse rock"
    assert (samira.rhythm_days, samira.owner, samira.created_by) == (42, lea, lea)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "  "}, "name"),
        ({"emails": "jo at brume"}, "emails"),
        ({"phones": "12"}, "phones"),
        ({"links": "javascript:alert(1)"}, "links"),
        ({"kind": "999999"}, "kind"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(as_lea, fields, field):
    page = as_lea.post(reverse("contacts:contact_new"), form_data(**fields))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not Contact.objects.exists()


def test_a_contact_in_one_line(as_lea, team):
    brume = make_contact(team, "Brume", kind="band")
    data = {
        "client_id": str(uuid.uuid4()),
        "line": "06 12 34 56 78, Brume, Jo, chanteuse, jo@brume.org, Caen",
    }
    page = as_lea.post(reverse("contacts:contact_quick"), data)
    as_lea.post(reverse("contacts:contact_quick"), data)
    jo = Contact.objects.get(name="Jo")
    assert page.url == reverse("contact", args=[jo.pk])
    affiliation = Affiliation.objects.get()
    assert (affiliation.person, affiliation.group, affiliation.role) == (jo, brume, "chanteuse")
    assert jo.note == "Caen"
    assert jo.search_key == "jo brume"
    assert jo.points.count() == 2


def test_a_line_without_a_name_is_asked_again(as_lea):
    data = {"client_id": str(uuid.uuid4()), "line": "06 12 34 56 78"}
    page = as_lea.post(reverse("contacts:contact_quick"), data)
    assert page.status_code == 422
    assert "06 12 34 56 78" in page.content.decode()


def test_who_was_merged_is_edited_as_the_kept_one(as_lea, team, lea, jo):
    double = make_contact(team, "Jo B.")
    merging.merge(kept=jo, merged=double, by=lea, now=NOW)
    address = reverse("contacts:contact_edit", args=[double.pk])
    assert as_lea.get(address).url == reverse("contacts:contact_edit", args=[jo.pk])
    page = as_lea.post(address, form_data(name="Jo Brune", note="Sings"))
    jo.refresh_from_db()
    assert page.status_code == 422 and (jo.name, jo.note) == ("Jo Brume", "")
    html = page.content.decode()
    assert "Merged with Jo Brume meanwhile." in html and "Jo Brune" in html and "Sings" in html
    assert f'action="{reverse("contacts:contact_edit", args=[jo.pk])}"' in html


def test_editing_replaces_and_makes_a_draft_complete(as_lea, team):
    draft = make_contact(team, "Samria", is_draft=True)
    address = reverse("contacts:contact_edit", args=[draft.pk])
    assert as_lea.get(address).status_code == 200
    assert as_lea.post(address, form_data(tags="")).status_code == 302
    draft.refresh_from_db()
    assert (draft.name, draft.sort_key, draft.is_draft) == ("Samira Mansour", "samira mansour", False)


def test_renaming_a_group_is_found_by_its_people(as_lea, team, jo):
    band = make_contact(team, "Brume", kind="band")
    directory.affiliate(person=jo, group=band)
    as_lea.post(
        reverse("contacts:contact_edit", args=[band.pk]),
        form_data(name="Écume", kind=contact_kind("band").pk),
    )
    page = as_lea.get(f"{reverse('contacts:contact_list')}?q=ecume")
    assert {contact.name for contact in page.context["page"].object_list} == {"Écume", "Jo Brume"}


def test_the_bin_and_back(as_lea, jo):
    page = as_lea.post(reverse("contacts:contact_bin", args=[jo.pk]), follow=True)
    assert "bin for 30 days" in page.content.decode()
    assert as_lea.get(reverse("contact", args=[jo.pk])).status_code == 404
    undo = [line for line in page.content.decode().split('"') if line.startswith("/undo/")]
    again = as_lea.post(reverse("contacts:contact_bin", args=[jo.pk]), follow=True)
    assert "In the bin already: Jo Brume." in again.content.decode()
    as_lea.post(undo[0])
    assert as_lea.get(reverse("contact", args=[jo.pk])).status_code == 200


def test_belonging_to_a_group_and_leaving_it(as_lea, team, jo):
    as_lea.post(reverse("contacts:affiliation_new", args=[jo.pk]), {"other": "La Cale", "role": "bar"})
    affiliation = Affiliation.objects.get()
    assert (affiliation.group.name, affiliation.group.is_draft, affiliation.group.is_group) == (
        "La Cale",
        True,
        True,
    )
    as_lea.post(
        reverse("contacts:affiliation_new", args=[affiliation.group_id]),
        {"other": "jo brume", "role": "cook"},
    )
    affiliation.refresh_from_db()
    assert affiliation.role == "cook"
    page = as_lea.post(
        reverse("contacts:affiliation_end", args=[affiliation.pk]), {"from": affiliation.group_id}
    )
    assert page.url == reverse("contact", args=[affiliation.group_id])
    affiliation.refresh_from_db()
    assert affiliation.until == date(2026, 11, 24)


def test_promises_are_made_kept_and_put_off(as_lea, lea, jo):
    data = {"client_id": str(uuid.uuid4()), "text": "Send the link", "due_on": "2026-11-24"}
    for _twice in range(2):
        as_lea.post(reverse("contacts:promise_new", args=[jo.pk]), data)
    promise = Promise.objects.get()
    for field, day in [("tomorrow", date(2026, 11, 25)), ("week", date(2026, 12, 1))]:
        page = as_lea.post(
            reverse("contacts:promise_later", args=[promise.pk]), {"later": field, "next": "/contacts/"}
        )
        assert page.url == "/contacts/"
        promise.refresh_from_db()
        assert promise.due_on == day
    as_lea.post(reverse("contacts:promise_later", args=[promise.pk]), {"later": "day", "day": "2026-11-23"})
    promise.refresh_from_db()
    assert promise.due_on == date(2026, 12, 1)
    page = as_lea.post(
        reverse("contacts:promise_done", args=[promise.pk]), {"next": "https://elsewhere.example/"}
    )
    assert page.url == reverse("contact", args=[jo.pk])
    promise.refresh_from_db()
    assert promise.done_at == NOW


def test_only_the_one_who_promised_changes_it(client, team, noe, lea, jo):
    client.force_login(noe)
    promise = Promise.objects.create(
        team=team,
        contact=jo,
        manager=lea,
        text="Call",
        due_on=NOW.date(),
        client_id=uuid.uuid4(),
        created_at=NOW,
    )
    for name in ("done", "later", "drop"):
        assert client.post(reverse(f"contacts:promise_{name}", args=[promise.pk])).status_code == 404


def addresses(jo):
    return [
        ("get", reverse("contact", args=[jo.pk])),
        ("get", reverse("contacts:contact_edit", args=[jo.pk])),
        ("post", reverse("contacts:contact_bin", args=[jo.pk])),
        ("post", reverse("contacts:affiliation_new", args=[jo.pk])),
        ("post", reverse("contacts:promise_new", args=[jo.pk])),
    ]


def test_outsider_gets_404(client, oscar, jo):
    client.force_login(oscar)
    for method, address in addresses(jo):
        assert getattr(client, method)(address).status_code == 404, address
    assert client.get(reverse("contacts:contact_list")).context["page"].object_list == []
    assert client.get(f"{reverse('contacts:suggest')}?q=jo").json() == {"results": []}


def test_anonymous_is_asked_to_sign_in(client, jo):
    others = [
        ("get", reverse("contacts:contact_list")),
        ("get", reverse("contacts:contact_new")),
        ("get", reverse("contacts:kinds")),
    ]
    for method, address in [*addresses(jo), *others]:
        page = getattr(client, method)(address)
        assert page.status_code == 302 and "/auth/" in page.url, address


def test_kinds_are_for_leads(client, lea, ines):
    client.force_login(lea)
    assert client.get(reverse("contacts:kinds")).status_code == 403
    client.force_login(ines)
    assert client.get(reverse("contacts:kinds")).status_code == 200


def test_a_lead_adds_a_kind_and_decides_what_counts(client, team, ines, lea, jo):
    client.force_login(ines)
    client.post(reverse("contacts:contact_kind_new"), {"contact-name": "Label", "contact-is_group": "on"})
    client.post(reverse("contacts:touchpoint_kind_new"), {"meeting-name": "Podcast", "meeting-is_real": "on"})
    assert (
        client.post(reverse("contacts:touchpoint_kind_new"), {"meeting-name": "podcast"}).status_code == 422
    )
    html = client.get(reverse("contacts:kinds")).content.decode()
    assert "Label" in html and "Podcast" in html
    touchpoint = make_touchpoint(team, lea, [jo], kind="call")
    rule, decided = (
        reverse("contacts:kind_rule", args=[touchpoint.kind_id]),
        {"is_real": "yes", "since": "2026-11-01"},
    )
    preview = client.post(rule, decided).content.decode()
    assert 'value="2026-11-01"' in preview and not AuditEntry.objects.filter(action="kind_rule.set").exists()
    client.post(rule, {**decided, "sure": "1"})
    touchpoint.refresh_from_db()
    assert touchpoint.is_real
    entry = AuditEntry.objects.get(action="kind_rule.set")
    assert (entry.actor, entry.team) == (ines, team)
    assert entry.details == {"kind": touchpoint.kind_id, "is_real": True, "since": "2026-11-01"}
    podcast = TouchpointKind.objects.get(code="podcast")
    client.post(reverse("contacts:touchpoint_kind_archive", args=[podcast.pk]))
    client.get(reverse("contacts:kinds"))  # the page that says so
    assert "Podcast" not in client.get(reverse("contacts:kinds")).content.decode()
    client.post(reverse("contacts:touchpoint_kind_new"), {"meeting-name": "Podcast"})
    assert "Podcast" in client.get(reverse("contacts:kinds")).content.decode()
    assert (
        client.post(reverse("contacts:touchpoint_kind_archive", args=[touchpoint.kind_id])).status_code == 404
    )


def test_saving_a_contact_keeps_the_kind_put_away_and_the_owner_who_left(as_lea, team, noe):
    kind = kinds.add_contact_kind(team=team, name="Skatepark", is_group=True)
    park = make_contact(team, "La Rampe", owner=noe)
    Contact.objects.filter(pk=park.pk).update(kind=kind, is_group=True)
    kinds.archive(kind, now=NOW)
    Membership.objects.filter(user=noe).update(until=NOW.date())
    address = reverse("contacts:contact_edit", args=[park.pk])
    html = as_lea.get(address).content.decode()
    assert f'value="{kind.pk}" selected' in html and f'value="{noe.pk}" selected' in html
    answer = as_lea.post(address, form_data(name="La Rampe", kind=kind.pk, owner=noe.pk))
    park.refresh_from_db()
    assert answer.status_code == 302 and (park.kind, park.owner, park.is_group) == (kind, noe, True)
    assert as_lea.post(reverse("contacts:contact_new"), form_data(kind=kind.pk)).status_code == 422
