import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Membership
from ratio.models import Episode, Exclusion, Leave, Policy, Target
from tests.cast import (
    NOW,
    make_admin,
    make_contact,
    make_lead,
    make_member,
    make_outsider,
    make_team,
    make_touchpoint,
)
from tests.ratio.people import THIS_MONDAY, live, make_post, signed_in, team_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = dt.timedelta(days=1)
PRESENCE = "/presence/"


def names():
    plain = ("presence", "how", "acknowledge", "snooze", "leave_new", "policy", "target_new")
    return [reverse(f"ratio:{name}") for name in (*plain, "individual_view", "individual_view_off")]


@pytest.mark.parametrize("address", names())
def test_anonymous_people_are_asked_to_sign_in(client, address):
    posts_only = any(word in address for word in ("acknowledge", "snooze", "off"))
    response = client.post(address) if posts_only else client.get(address)
    assert response.status_code == 302
    assert "/auth/login/" in response["Location"]


def test_ones_own_page(as_lea):
    page = as_lea.get(PRESENCE).content.decode()
    assert "<strong>4 meetings</strong>" in page
    assert "Mostly online lately" in page
    assert "In person 4 (11%)" in page
    assert 'aria-label="Blocks of seven days' in page
    assert "style=" not in page
    assert "You alone." in page
    assert "Jo Brume" in as_lea.get(reverse("ratio:counted")).content.decode()


def test_too_early_shows_no_percent_and_no_notch(client, team):
    tom = make_member(team, "Tom", since=NOW.date() - DAY, language="en")
    live(team, tom, [(0, 3)], last_monday=THIS_MONDAY - 7 * DAY)
    page = signed_in(client, tom).get(PRESENCE).content.decode()
    assert "Too early to say" in page
    assert 'class="mark"' not in page
    assert "Online 3<" in page


def test_all_real_and_all_online_draw_one_side(client, team):
    tom = make_member(team, "Tom", language="en")
    live(team, tom, [(3, 0)] * 4)
    assert 'class="r all"' in signed_in(client, tom).get(PRESENCE).content.decode()
    zoe = make_member(team, "Zoé", language="en")
    live(team, zoe, [(0, 3)] * 4)
    assert '<svg class="r' not in signed_in(client, zoe).get(PRESENCE).content.decode()


def test_a_lead_who_is_no_cm_is_shown_the_way(client, team):
    page = signed_in(client, make_lead(team)).get(PRESENCE)
    assert page.status_code == 200
    assert reverse("ratio:team_presence", args=[team.slug]) in page.content.decode()


def test_acknowledge_and_put_off(as_lea, lea, team):
    episode = Episode.objects.create(
        team=team, manager=lea, opened_on=NOW.date() - 3 * DAY, reminders_sent=1, last_reminded_on=NOW.date()
    )
    assert "A stretch under target" in as_lea.get(PRESENCE).content.decode()
    as_lea.post(reverse("ratio:snooze"))
    episode.refresh_from_db()
    assert episode.snoozed_until == NOW.date() + 7 * DAY
    as_lea.post(reverse("ratio:acknowledge"))
    episode.refresh_from_db()
    assert episode.acknowledged_at == NOW
    assert "No more reminders about it" in as_lea.get(PRESENCE).content.decode()


def test_without_an_episode_there_is_nothing_to_put_off(as_lea):
    for name in ("snooze", "acknowledge"):
        assert as_lea.post(reverse(f"ratio:{name}")).status_code == 302


def test_days_away(as_lea, lea):
    address = reverse("ratio:leave_new")
    assert as_lea.get(address).status_code == 200
    days = {"first_day": "2026-11-16", "last_day": "2026-11-18"}
    for _again in range(2):
        assert as_lea.post(address, days).status_code == 302
    leave = Leave.objects.get()
    assert "Remove the days away" in as_lea.get(PRESENCE).content.decode()
    as_lea.post(reverse("ratio:leave_remove", args=[leave.pk]))
    assert not Leave.objects.exists()


@pytest.mark.parametrize("last", ["2026-11-15", "2028-01-01", ""])
def test_days_away_that_cannot_be(as_lea, last):
    response = as_lea.post(reverse("ratio:leave_new"), {"first_day": "2026-11-16", "last_day": last})
    assert response.status_code == 422
    assert not Leave.objects.exists()


def test_taking_a_line_out_and_putting_it_back(as_lea, lea, team):
    post, meeting = lea.posts.first(), lea.touchpoints.first()
    for name, thing in (("take_out_post", post), ("take_out_meeting", meeting)):
        address = reverse(f"ratio:{name}", args=[thing.pk])
        assert as_lea.get(address).status_code == 200
        assert as_lea.post(address, {"reason": ""}).status_code == 422
        assert as_lea.post(address, {"reason": "privé"}).status_code == 302
        assert as_lea.post(address, {"reason": "privé, vraiment"}).status_code == 302
    assert Exclusion.objects.count() == 2
    Exclusion.objects.filter(reason="privé, vraiment").get(post=post)
    for exclusion in Exclusion.objects.all():
        as_lea.post(reverse("ratio:put_back", args=[exclusion.pk]))
    assert not Exclusion.objects.exists()


def test_nobody_elses_lines(client, lea, team):
    noe = make_member(team, "Noé")
    mine = Exclusion.objects.create(
        team=team, manager=lea, post=lea.posts.first(), reason="privé", by=lea, at=NOW
    )
    leave = Leave.objects.create(team=team, manager=lea, first_day=THIS_MONDAY, last_day=THIS_MONDAY)
    for person in (noe, make_outsider()):
        signed_in(client, person)
        assert client.post(reverse("ratio:put_back", args=[mine.pk])).status_code == 404
        assert client.post(reverse("ratio:leave_remove", args=[leave.pk])).status_code == 404
        post, meeting = lea.posts.first(), lea.touchpoints.first()
        assert client.get(reverse("ratio:take_out_post", args=[post.pk])).status_code == 404
        assert client.get(reverse("ratio:take_out_meeting", args=[meeting.pk])).status_code == 404


def test_how_it_is_counted(as_lea, client):
    assert "At most 3 a day count" in as_lea.get(reverse("ratio:how")).content.decode()
    assert signed_in(client, make_admin()).get(reverse("ratio:how")).status_code == 200


# --- the team


@pytest.mark.parametrize(
    ("who", "status"), [("lead", 200), ("admin", 200), ("manager", 403), ("outsider", 404)]
)
def test_who_may_open_the_teams_page(client, team, lea, who, status):
    people = {
        "lead": lambda: make_lead(team),
        "admin": make_admin,
        "manager": lambda: lea,
        "outsider": make_outsider,
    }
    assert signed_in(client, people[who]()).get(team_address(team)).status_code == status


def test_a_lead_of_another_team_gets_404(client, team):
    assert signed_in(client, make_lead(make_team("Ailleurs"))).get(team_address(team)).status_code == 404


def test_without_the_individual_view_nobodys_name_is_on_the_page(client, team, lea):
    make_member(team, "Noé")
    make_member(team, "Tom")
    page = signed_in(client, make_lead(team, language="en")).get(team_address(team)).content.decode()
    assert "<strong>4 meetings</strong>" in page
    assert "Léa Martin" not in page
    assert "the individual view is off" in page
    assert 'class="mark"' not in page


def test_with_it_equal_cards_by_the_alphabet_and_the_person_sees_who_looked(client, team, lea):
    make_member(team, "Anna Zed")
    Policy.objects.create(
        team=team,
        individual_view_since=THIS_MONDAY,
        individual_view_purpose="aider",
        people_informed_on=THIS_MONDAY,
    )
    lead = make_lead(team, language="en")
    page = signed_in(client, lead).get(team_address(team)).content.decode()
    assert page.index("Anna Zed") < page.index("Léa Martin")
    assert page.count("Offer help") == 2
    under = client.get(team_address(team), {"show": "under"}).content.decode()
    assert "Under target for 2 weeks (1)" in under
    assert under.count("Offer help") == 1
    assert AuditEntry.objects.filter(action="presence.viewed", actor=lead, subject=lea).count() == 1
    assert lead.name in signed_in(client, lea).get(reverse("ratio:seen")).content.decode()


# --- what was agreed


@pytest.mark.parametrize(("name", "lead"), [("policy", 200), ("target_new", 200), ("individual_view", 403)])
def test_who_may_agree_on_what(client, team, lea, name, lead):
    address = reverse(f"ratio:{name}")
    assert signed_in(client, make_lead(team)).get(address).status_code == lead
    assert signed_in(client, make_admin()).get(address).status_code == 200
    assert signed_in(client, lea).get(address).status_code == 403


def test_a_lead_sets_a_target(client, team, lea):
    signed_in(client, make_lead(team))
    values = {
        "percent": "40",
        "manager": lea.pk,
        "since": "2026-11-24",
        "until": "2026-11-30",
        "reason": "lancement",
        "sure": "1",
    }
    for _again in range(2):
        assert client.post(reverse("ratio:target_new"), values).status_code == 302
    target = Target.objects.get()
    assert (str(target.share), target.manager) == ("0.40", lea)
    assert "lancement" in client.get(reverse("ratio:policy")).content.decode()
    assert client.post(reverse("ratio:target_new"), {**values, "until": "2026-10-01"}).status_code == 422
    assert client.post(reverse("ratio:target_new"), {**values, "percent": "140"}).status_code == 422
    client.post(reverse("ratio:target_remove", args=[target.pk]))
    assert not Target.objects.exists()
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"target.set", "target.dropped"}


def test_a_target_that_held_ends_yesterday_so_that_past_days_keep_it(client, team):
    lead = signed_in(client, make_lead(team, language="en"))
    past, today = NOW.date() - 9 * DAY, NOW.date()
    held, ended, fresh = (
        Target.objects.create(team=team, share="0.40", since=since, until=until)
        for since, until in ((past, None), (past, past + DAY), (today, None))
    )
    page = lead.get(reverse("ratio:policy")).content.decode()
    for target, is_offered in ((held, True), (ended, False), (fresh, True)):
        assert (reverse("ratio:target_remove", args=[target.pk]) in page) is is_offered
        client.post(reverse("ratio:target_remove", args=[target.pk]))
    held.refresh_from_db()
    ended.refresh_from_db()
    assert (held.since, held.until) == (past, today - DAY)
    assert ended.until == past + DAY
    assert not Target.objects.filter(pk=fresh.pk).exists()
    assert AuditEntry.objects.filter(action="target.dropped").count() == 2


def test_a_target_of_another_team_is_a_404(client, team):
    other = Target.objects.create(team=make_team("Ailleurs"), share="0.30", since=THIS_MONDAY)
    signed_in(client, make_lead(team))
    assert client.post(reverse("ratio:target_remove", args=[other.pk])).status_code == 404
    stranger = make_member(other.team, "Zoé")
    values = {"percent": "40", "manager": stranger.pk, "since": "2026-11-01"}
    assert client.post(reverse("ratio:target_new"), values).status_code == 422


RULES = {
    "margin_percent": "5",
    "minimum_actions": "6",
    "minimum_days": "7",
    "day_cap": "2",
    "colleague_cap": "1",
    "sure": "1",
}


def test_how_it_is_read(client, team):
    signed_in(client, make_lead(team))
    assert client.post(reverse("ratio:policy"), {**RULES, "tell_lead": "on"}).status_code == 302
    policy = Policy.objects.get()
    assert (str(policy.margin), policy.day_cap, policy.tell_lead) == ("0.05", 2, False)
    assert client.post(reverse("ratio:policy"), {**RULES, "day_cap": "-1"}).status_code == 422


def test_an_admin_turns_the_individual_view_on_and_off(client, team):
    signed_in(client, make_admin())
    address = reverse("ratio:individual_view")
    values = {
        "purpose": "aider",
        "informed_on": "2026-11-01",
        "informed_how": "en réunion",
        "works_council_on": "",
        "sure": "1",
    }
    assert client.post(address, {**values, "purpose": ""}).status_code == 422
    assert client.post(address, {**values, "informed_on": "2026-12-01"}).status_code == 422
    assert client.post(address, values).status_code == 302
    policy = Policy.objects.get()
    assert (policy.individual_view_since, policy.individual_view_purpose) == (NOW.date(), "aider")
    client.post(reverse("ratio:policy"), {**RULES, "tell_lead": "on"})
    policy.refresh_from_db()
    assert policy.rules().tells_lead
    assert "aider" in client.get(reverse("ratio:policy")).content.decode()
    client.post(reverse("ratio:individual_view_off"))
    policy.refresh_from_db()
    assert (policy.shows_people, policy.tell_lead) == (False, False)
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "individual_view.on",
        "individual_view.off",
        "policy.changed",
    }


def test_an_admin_without_a_team_has_nothing_to_configure(client):
    signed_in(client, make_admin())
    assert Membership.objects.count() == 0
    assert client.get(reverse("ratio:policy")).status_code == 403


def test_pages_do_not_cost_more_with_more_rows(as_lea, lea, team, django_assert_max_num_queries):
    for number in range(20):
        make_touchpoint(team, lea, [make_contact(team, f"Contact {number}")])
        make_post(team, lea, NOW - DAY)
    with django_assert_max_num_queries(20):
        as_lea.get(PRESENCE)
