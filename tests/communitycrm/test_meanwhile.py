"""Two tabs, or two people, at the same meeting, plan, post or contact: nobody's change is replaced unsaid."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from contacts.models import Contact
from events.models import Occurrence
from outreach.models import Post
from tests.cast import NOW, make_touchpoint, touchpoint_kind
from tests.communitycrm.notes import data
from tests.events.cast import make_occurrence
from tests.outreach.cast import make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
SAID = "This was changed meanwhile"


class Page:
    """An edit page that somebody has open, as a browser sends it: `sent` with what they typed over it."""

    def __init__(self, client, address, **fields):
        self.client, self.address, self.fields = client, address, fields
        self.fields["seen"] = self._seen(client.get(address))

    def _seen(self, page):
        return unescape(re.search(r'name="seen" value="(\w+)"', page.content.decode())[1])

    def sent(self, **typed):
        self.fields |= typed
        answer = self.client.post(self.address, self.fields)
        if answer.status_code == 422:
            self.fields["seen"] = self._seen(answer)
        return answer


def meeting(client, team, lea, jo):
    row = make_touchpoint(team, lea, [jo])
    return (
        row,
        "note",
        "place",
        Page(client, reverse("log_edit", args=[row.pk]), **data(jo, when="yesterday")),
    )


def plan(client, team, lea, jo):
    row = make_occurrence(team, lea, (jo,))
    page = Page(
        client,
        reverse("events:occurrence_edit", args=[row.pk]),
        client_id=row.client_id,
        contact=jo.pk,
        kind=touchpoint_kind().pk,
        day="2026-11-30",
        at="18:30",
        minutes=60,
        host=lea.pk,
    )
    return row, "note", "place", page


def post(client, team, lea, jo):
    row = make_post(team, lea, NOW + timedelta(days=1))
    address = reverse("outreach:post_edit", args=[row.pk])
    fields = {"text": row.text, "author": lea.pk, "on": "2026-11-25", "at": "10:00"}
    return row, "text", "new_channels", Page(client, address, **fields)


def contact(client, team, lea, jo):
    fields = {"name": jo.name, "kind": jo.kind_id, "basis": "consent"}
    return jo, "note", "town", Page(client, reverse("contacts:contact_edit", args=[jo.pk]), **fields)


FORMS = [meeting, plan, post, contact]


@pytest.mark.parametrize("of", FORMS)
def test_what_somebody_else_saved_is_not_replaced_unsaid(as_lea, team, lea, jo, of):
    row, first, second, stale = of(as_lea, team, lea, jo)
    elsewhere = Page(as_lea, stale.address, **{k: v for k, v in stale.fields.items() if k != "seen"})
    assert elsewhere.sent(**{first: "Zoé"}).status_code == 302
    answer = stale.sent(**{second: "Rennes"})
    page = answer.content.decode()
    assert answer.status_code == 422 and SAID in page and "Rennes" in page
    row.refresh_from_db()
    assert getattr(row, first) == "Zoé"
    assert stale.sent().status_code == 302  # said once: now it is put in its place
    row.refresh_from_db()
    assert getattr(row, first) != "Zoé"


@pytest.mark.parametrize("of", FORMS)
def test_a_double_click_is_no_conflict(as_lea, team, lea, jo, of):
    _row, first, second, page = of(as_lea, team, lea, jo)
    answers = [page.sent(**{first: "Zoé", second: "Rennes"}).status_code for _click in range(2)]
    assert answers == [302, 302]


def test_a_new_name_sent_twice_is_no_conflict(as_lea, team, lea, jo):
    _row, _first, _second, page = meeting(as_lea, team, lea, jo)
    assert [page.sent(others="Zoé Neuve").status_code for _click in range(2)] == [302, 302]
    assert Contact.objects.filter(name="Zoé Neuve").count() == 1


def test_a_guest_invited_meanwhile_stays_until_somebody_says_so(as_lea, team, lea, jo):
    row, _first, _second, stale = plan(as_lea, team, lea, jo)
    row.attendances.all().delete()
    assert SAID in stale.sent(note="Zoé").content.decode()
    assert not row.attendances.exists() and Occurrence.objects.get(pk=row.pk).note == ""


def test_what_is_wrong_otherwise_does_not_hide_the_conflict(as_lea, team, lea, jo):
    row, _first, _second, stale = post(as_lea, team, lea, jo)
    Post.objects.filter(pk=row.pk).update(text="Zoé")
    assert SAID not in stale.sent(on="", text="Rennes").content.decode()
    assert SAID in stale.sent(on="2026-11-25").content.decode()
