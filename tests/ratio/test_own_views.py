"""A CM's own pages: the year, what the lead sees, what they contest and explain, what would bring it back."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from contacts.models import Contact
from events.models import Occurrence
from outreach.models import Post
from ratio.models import Contest, ContextNote, Policy, Target
from tests.cast import NOW, make_contact, make_lead, make_member, make_touchpoint
from tests.events.cast import make_occurrence
from tests.ratio.people import THIS_MONDAY, live, make_post, signed_in
from tests.ratio.weeks import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = dt.timedelta(days=1)


def show_people(team):
    return Policy.objects.create(
        team=team,
        individual_view_since=THIS_MONDAY,
        individual_view_purpose="Aider à sortir",
        people_informed_on=THIS_MONDAY,
        people_informed_how="en réunion",
    )


def page(client, name="presence", **query):
    return client.get(reverse(f"ratio:{name}"), query).content.decode()


def test_the_year_by_weeks_by_months_and_as_a_file(as_lea, lea):
    weeks = page(as_lea, "year")
    assert weeks.count('<tr><th scope="row">') == 52 + 1
    assert "8 meetings and 72 posts in all" in weeks
    months = page(as_lea, "year", by="month")
    assert months.count('<tr><th scope="row">') == 12 + 1
    assert "November 2026" in months and "The year before" not in months
    file = as_lea.get(reverse("ratio:year_csv"), {"by": "month"})
    assert file.content.decode("utf-8-sig").splitlines()[-2:] == [
        "2026-10-01,2026-10-31,5,39",
        "2026-11-01,2026-11-30,3,27",
    ]
    assert 'filename="presence-2025-12-01-2026-11-30.csv"' in file["Content-Disposition"]


def test_ones_own_history_goes_as_far_back_as_it_goes(as_lea, lea, team):
    lea.memberships.update(since=dt.date(2024, 5, 1))
    make_touchpoint(team, lea, met_at=NOW - 500 * DAY)
    first = page(as_lea, "year")
    assert "until=2025-11-30" in first and "The year after" not in first
    before = page(as_lea, "year", until="2025-11-30")
    assert "1 meetings" in before and "The year after" in before
    assert as_lea.get(reverse("ratio:year"), {"until": "9999-99-99"}).status_code == 200


def test_the_forecast_and_by_kind(as_lea, lea, team):
    make_post(team, lea, NOW + DAY)
    make_post(team, lea, NOW + 30 * DAY)
    make_touchpoint(team, lea, kind="coffee", colleagues_only=True, met_at=NOW - DAY)
    text = page(as_lea)
    assert text.count('class="bal planned"') == 3
    assert "Sunday 27\xa0December" in text
    assert "Colleagues’ coffee" in text and "Among colleagues alone: 1." in text


def test_what_would_bring_it_back_is_done_from_there(client, team):
    noe = make_member(team, "Noé", language="en")
    live(team, noe, [(3, 6)] * 5)
    for name in ("Jo Brume", "Samira"):
        contact = make_contact(team, name, owner=noe, rhythm_days=7, last_met_at=NOW - 60 * DAY)
        make_touchpoint(team, noe, [contact], met_at=NOW - 60 * DAY)
    for hour in range(6):
        make_post(team, noe, at(THIS_MONDAY + 4 * DAY, 9 + hour))
    signed_in(client, noe)
    text = page(client)
    jo = Contact.objects.get(name="Jo Brume")
    assert "Plan with " in text and f"contact={jo.pk}" in text
    posts = Post.objects.filter(publish_at__gt=NOW)
    ticked = [post.pk for post in posts if f'value="{post.pk}" checked' in text]
    assert ticked
    there = {"post": ticked, "days": "7", "next": reverse("ratio:presence")}
    assert client.post(reverse("outreach:posts_move"), there).url == reverse("ratio:presence")
    after = page(client)
    assert "Move" not in after.split('class="next"')[1].split("</form>")[0]
    assert "Undo" in after


def test_what_is_over_and_not_noted_is_listed_as_such(as_lea, lea, team):
    make_occurrence(team, lea, starts_at=NOW - 2 * DAY, title="Répétition")
    text = page(as_lea, "counted")
    assert "Not yet noted" in text and "Répétition" in text
    assert Occurrence.objects.count() == 1


def test_for_htmx_the_lines_come_alone(as_lea):
    answer = as_lea.get(reverse("ratio:counted"), headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith("<section")


def test_a_line_is_contested_and_the_lead_reads_it(client, as_lea, lea, team):
    show_people(team)
    for name, thing in (("contest_post", lea.posts.first()), ("contest_meeting", lea.touchpoints.first())):
        where = reverse(f"ratio:{name}", args=[thing.pk])
        assert as_lea.get(where).status_code == 200
        assert as_lea.post(where, {"reason": ""}).status_code == 422
    newest = lea.touchpoints.order_by("-met_at").first()
    for words in ("Not me", "It was Noé"):
        as_lea.post(reverse("ratio:contest_meeting", args=[newest.pk]), {"reason": words})
    assert "Contested: It was Noé" in page(as_lea, "counted")
    assert AuditEntry.objects.filter(action="presence.contested").count() == 2
    lead = make_lead(team, language="en")
    member = reverse("ratio:member_presence", args=[team.slug, lea.pk])
    assert "Contested: It was Noé" in signed_in(client, lead).get(member).content.decode()
    signed_in(client, lea).post(reverse("ratio:contest_withdraw", args=[Contest.objects.get().pk]))
    assert not Contest.objects.exists()


def test_what_explains_some_days_stands_beside_the_bar(as_lea, lea):
    where = reverse("ratio:context_new")
    days = {"first_day": "2026-11-16", "last_day": "2026-11-18"}
    assert as_lea.get(where).status_code == 200
    assert as_lea.post(where, days).status_code == 422
    for _twice in range(2):
        as_lea.post(where, {**days, "text": "Festival week"})
    note = ContextNote.objects.get()
    assert page(as_lea).count("Festival week") >= 2
    as_lea.post(reverse("ratio:context_remove", args=[note.pk]))
    assert "Festival week" not in page(as_lea)


def test_one_sees_exactly_what_ones_lead_sees(client, as_lea, lea, team):
    assert "Nothing of you alone" in page(as_lea, "seen")
    show_people(team)
    mine = page(as_lea, "seen")
    assert not AuditEntry.objects.exists()  # looking at oneself is no look
    lead = make_lead(team, language="en")
    theirs = (
        signed_in(client, lead)
        .get(reverse("ratio:member_presence", args=[team.slug, lea.pk]))
        .content.decode()
    )

    def cells(text):
        return [part.split("</td>")[0] for part in text.split('id="lines"')[1].split("<td")]

    assert len(cells(mine)) == len(cells(theirs)) > 20
    assert lead.name in page(signed_in(client, lea), "seen")


def test_every_member_can_read_what_is_measured(client, lea, team):
    signed_in(client, lea)
    assert "The individual view is off" in page(client, "measured")
    show_people(team)
    make_lead(team, "Inès Duval")
    text = page(client, "measured")
    assert "Aider à sortir" in text and "en réunion" in text and "Inès Duval" in text


def test_a_change_shows_whose_state_would_move_to_those_who_may_see_it(client, lea, team):
    noe = make_member(team, "Noé")
    live(team, noe, [(3, 6)] * 6)
    lead = make_lead(team, language="en")
    signed_in(client, lead)
    values = {"percent": "60", "since": "2026-11-24"}
    where = reverse("ratio:target_new")
    assert "Noé:" not in client.post(where, values).content.decode()
    show_people(team)
    text = client.post(where, values).content.decode()
    assert "Noé: On target → Mostly online lately" in text and "Léa Martin:" not in text
    assert not Target.objects.exists()
    assert "Nobody’s state would move" in client.post(where, {**values, "percent": "30"}).content.decode()
    assert client.get(where, {"for": lea.pk}).content.decode().count(f'value="{lea.pk}" selected') == 1
    rules = {
        "margin_percent": "10",
        "minimum_actions": "80",
        "minimum_days": "14",
        "day_cap": "3",
        "colleague_cap": "2",
    }
    text = client.post(reverse("ratio:policy"), rules).content.decode()
    assert "Noé: On target → Too little to say" in text
    assert client.post(reverse("ratio:policy"), {**rules, "minimum_days": "91"}).status_code == 422
    assert Policy.objects.get().minimum_actions == 8
