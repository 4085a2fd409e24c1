import datetime as dt

import pytest
from django.template.loader import get_template
from django.utils import timezone, translation

from accounts.models import Membership
from notifications import agenda, kinds
from notifications.models import Notification
from ratio import evaluations
from ratio.models import Episode, Policy
from tests.cast import NOW, make_contact, make_lead, make_member, make_team, make_touchpoint
from tests.ratio.people import THIS_MONDAY, live, make_post, morning
from tests.ratio.weeks import at

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TUESDAY = THIS_MONDAY + DAY


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def low(team):
    """The `ratio_low` of somebody mostly online, as evaluated on Tuesday and Wednesday."""
    lea = make_member(team, "Léa Martin")
    live(
        team,
        lea,
        [(1, 9)] * 8,
        [make_contact(team, "Jo Brume"), make_contact(team, "La Cale", "association")],
    )
    for day in (TUESDAY, TUESDAY + DAY):
        evaluations.evaluate(now=morning(day))
    return Notification.objects.get()


NEXT = morning(TUESDAY + DAY) + dt.timedelta(minutes=40)


def is_true(notification, now=NEXT):
    """As a sender asks who has just claimed it."""
    notification.ahead = None
    return kinds.get(notification.kind).still_true(notification, now)


def rendered(notification, now=NEXT, language=None):
    """Subject, text and HTML, as the mail shows them."""
    notification.ahead = None
    kind = kinds.get(notification.kind)
    person = notification.recipient
    with translation.override(language or person.language), timezone.override(person.zone):
        context = {
            **kind.context(notification, now),
            "link": "https://crm.example.org" + kind.url(notification),
            "recipient": person,
            "now": now,
        }
        return [
            get_template(f"{kind.template}{end}").render(context).replace("\xa0", " ")
            for end in ("_subject.txt", ".txt", ".html")
        ]


def test_it_says_todays_figures_whom_to_see_and_where(low, settings):
    settings.PUBLIC_URL = "https://crm.example.org"
    subject, text, html = rendered(low, language="en")
    assert subject.strip() == "Your presence stands at 12%, target 30%"
    assert "Mostly online lately: 4 meetings, 30 posts out since 29 October (12%, target 30%)." in text
    assert "Under target since 25 November." in text
    assert "more meetings a week" in text
    for address in ("/log/", "/events/new/", "/posts/", "/presence/"):
        assert f"https://crm.example.org{address}" in text
        assert f"https://crm.example.org{address}" in html
    assert "<strong>4 meetings</strong>" in html
    assert "!" not in text


def test_a_mail_that_leaves_late_says_the_figures_of_then(team, low):
    make_touchpoint(team, low.recipient, met_at=NEXT - dt.timedelta(minutes=5))
    assert "5 meetings" in rendered(low, language="en")[1]


def test_it_suggests_people_who_are_due_and_not_booked(team, low):
    lea = low.recipient
    due = make_contact(team, "Samira", owner=lea, rhythm_days=7)
    make_touchpoint(team, lea, [due], met_at=NOW - 30 * DAY)
    due.last_met_at = NOW - 30 * DAY
    due.save()
    assert "- Samira, last met 4 weeks ago\n" in rendered(low, language="en")[1]


def test_later_in_the_list_puts_the_whole_stretch_off_and_undo_takes_that_back(low):
    agenda.put_off(low, 14, NEXT)
    assert Episode.objects.get().snoozed_until == TUESDAY + 15 * DAY
    assert not is_true(low)
    low.refresh_from_db()
    agenda.reopen(low)
    assert Episode.objects.get().snoozed_until is None
    assert is_true(low)


def test_done_and_undone_leaves_the_stretch_as_it_was(low):
    Episode.objects.update(snoozed_until=TUESDAY + 5 * DAY)
    low.finish(NEXT)
    agenda.reopen(low)
    assert Episode.objects.get().snoozed_until == TUESDAY + 5 * DAY


def test_true_as_long_as_the_stretch_is_open_and_under_target(team, low):
    assert is_true(low)
    for hours in range(30):
        make_touchpoint(team, low.recipient, met_at=at(TUESDAY - (hours // 3) * DAY, 9 + hours % 3))
    assert not is_true(low)


@pytest.mark.parametrize(
    ("fields", "true"),
    [
        ({"closed_on": TUESDAY}, False),
        ({"acknowledged_at": NOW}, False),
        ({"snoozed_until": TUESDAY + 5 * DAY}, False),
        ({"snoozed_until": TUESDAY}, True),
    ],
)
def test_not_after_an_answer(low, fields, true):
    Episode.objects.update(**fields)
    assert is_true(low) is true


def test_not_when_the_person_left_the_team(low):
    Membership.objects.update(until=TUESDAY)
    assert not is_true(low)
    assert "https://" in rendered(low)[1]


def test_not_when_the_team_is_gone(low):
    low.context = {"team": 0, "episode": 0}
    assert not is_true(low)
    assert kinds.get(low.kind).url(low) == "/presence/"


def test_a_heads_up_says_what_the_week_leads_to(team):
    noe = make_member(team, "Noé")
    live(team, noe, [(3, 6)] * 6)
    for number in range(16):
        make_post(team, noe, at(TUESDAY + DAY, 9, number))
    evaluations.evaluate(now=morning(TUESDAY))
    notification = Notification.objects.get()
    assert notification.kind == "ratio_heads_up"
    now = morning(TUESDAY)
    assert is_true(notification, now)
    subject, text, html = rendered(notification, now, "en")
    outlook = "16 posts to come and no meetings planned by Sunday: you would stand at 21%. "
    outlook += "With as many meetings as usual it would be 24%, for a target of 30%."
    assert outlook in text
    assert outlook in html
    assert "meetings a week than usual" in text.replace("more ", "")
    for hours in range(8):
        make_touchpoint(team, noe, met_at=at(THIS_MONDAY - (hours // 3) * DAY, 9 + hours % 3))
    assert not is_true(notification, now)
    notification.context = {"team": 0}
    assert not is_true(notification, now)
    assert rendered(notification, now, "en")[0].strip() == subject.strip()


def test_back_on_target_is_said_in_the_app_only(team, low):
    kind = kinds.get("ratio_back")
    assert not kind.by_email
    back = Notification(recipient=low.recipient, kind="ratio_back", context=low.context, created_at=NOW)
    assert is_true(back)
    assert "4 meetings" in rendered(back, language="en")[1]


def told_lead(team, low):
    lead = make_lead(team)
    Policy.objects.create(
        team=team,
        tell_lead=True,
        individual_view_since=THIS_MONDAY,
        individual_view_purpose="aider",
        people_informed_on=THIS_MONDAY,
    )
    Episode.objects.update(lead_due_on=TUESDAY + 15 * DAY)
    return Notification(recipient=lead, kind="ratio_low_lead", context=low.context, created_at=NOW)


def test_the_lead_hears_who_and_since_when_and_no_figures(team, low):
    notification = told_lead(team, low)
    subject, text, html = rendered(notification, language="en")
    assert subject.strip() == "Léa Martin may welcome a hand"
    assert "since 25 November, and knew that you would hear of it on 9 December" in text
    assert f"/teams/{team.slug}/presence/" in text
    assert "12%" not in text + html
    assert (
        "Your team lead is told on 9 December unless you say that you know."
        in rendered(low, language="en")[1]
    )


def test_the_lead_is_not_told_when_the_team_no_longer_wants_that(team, low):
    notification = told_lead(team, low)
    assert is_true(notification)
    Episode.objects.update(acknowledged_at=NOW)
    assert not is_true(notification)
    Episode.objects.update(acknowledged_at=None)
    Policy.objects.update(tell_lead=False)
    assert not is_true(notification)
    notification.context = {"team": 0, "episode": 0}
    assert not is_true(notification)
    assert "Somebody in your team" in rendered(notification, language="en")[0]


def test_every_kind_has_a_title_and_a_page(team, low):
    for name in ("ratio_low", "ratio_low_lead", "ratio_back", "ratio_heads_up"):
        kind = kinds.get(name)
        assert str(kind.title)
        assert kind.url(low).startswith("/")
