from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import Context, Template
from django.urls import reverse
from django.utils import translation

from notifications import kinds, outbox, sending
from notifications.context_processors import waiting
from notifications.kinds import Audience
from notifications.models import Address, Choice, Delivery, Notification, Preference, State
from tests.cast import NOW, make_lead, make_member, make_outsider, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten(monkeypatch):
    """The views read a clock that stands at NOW."""
    monkeypatch.setattr("foundation.clock.now", lambda: NOW)


@pytest.fixture
def lea(registered, client):
    registered("probe", title="Votre présence est sous l’objectif", url=lambda notification: "/presence/")
    person = make_member(make_team())
    client.force_login(person)
    return person


@pytest.fixture
def told(lea):
    return outbox.notify(lea, "probe", key="probe:1", now=NOW - timedelta(hours=1))


def address(name, *args):
    return reverse(f"notifications:{name}", args=args)


def test_what_waits_is_listed_by_my_own_days(lea, told, client):
    late = outbox.notify(lea, "probe", key="probe:2", now=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    page = client.get(address("notification_list"))
    assert page.status_code == 200
    days = page.context["days"]
    assert [day.date.isoformat() for day in days] == ["2026-11-24", "2026-11-23"]
    assert [line.notification for day in days for line in day.lines] == [told, late]
    assert "Votre présence est sous l’objectif" in page.content.decode()


def test_nothing_waiting_is_said_in_words(lea, client):
    assert client.get(address("notification_list")).context["days"] == []


def test_a_kind_without_a_title_is_shown_by_its_subject(lea, registered, words, client):
    registered("untitled", title="")
    outbox.notify(lea, "untitled", key="u", now=NOW, context={"what": "une rencontre"})
    assert "une rencontre" in client.get(address("notification_list")).content.decode()


def test_a_line_says_who_it_is_about_as_far_as_that_may_be_seen(lea, registered, client):
    names = {7: "Karim", 8: "La Cale"}
    words = lambda person, ids: {pk: names[pk] for pk in ids & names.keys()} if person == lea else {}  # noqa: E731
    registered("seen", about=("contacts", words))
    outbox.notify(lea, "seen", key="s", now=NOW, context={"contacts": [8, 7, 9]})
    outbox.notify(lea, "seen", key="t", now=NOW, context={"contacts": 7})
    outbox.notify(lea, "seen", key="u", now=NOW)
    lines = client.get(address("notification_list")).context["days"][0].lines
    assert {line.about for line in lines} == {"La Cale, Karim", "Karim", ""}


def test_a_kind_nobody_knows_any_more_is_still_listed_and_can_be_done(lea, told, client, monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", {})
    page = client.get(address("notification_list"))
    assert page.status_code == 200
    assert not page.context["days"][0].lines[0].leads_somewhere
    assert client.get(address("follow", told.pk)).url == address("notification_list")
    client.post(address("done", told.pk))
    assert client.get(address("notification_list")).context["days"] == []


def test_following_one_leads_to_its_page_and_it_is_no_longer_new(told, client):
    answer = client.get(address("follow", told.pk))
    assert (answer.status_code, answer.url) == (302, "/presence/")
    told.refresh_from_db()
    assert told.read_at == NOW


def test_done_takes_it_away_and_undo_brings_it_back(told, client):
    answer = client.post(address("done", told.pk), follow=True)
    assert answer.context["days"] == []
    assert address("reopen", told.pk) in answer.content.decode()
    client.post(address("reopen", told.pk))
    assert len(client.get(address("notification_list")).context["days"]) == 1


@pytest.mark.parametrize(("days", "back"), [(1, "2026-11-25"), (7, "2026-12-01")])
def test_later_brings_it_back_at_the_beginning_of_that_day(told, client, monkeypatch, days, back):
    client.get(address("follow", told.pk))
    assert client.post(address("later", told.pk), {"days": days}, follow=True).context["days"] == []
    told.refresh_from_db()
    midnight = datetime.fromisoformat(f"{back}T00:00+01:00")
    assert (told.snoozed_until, told.read_at) == (midnight, None)
    monkeypatch.setattr("foundation.clock.now", lambda: midnight)
    assert len(client.get(address("notification_list")).context["days"]) == 1


def test_later_may_be_a_day_of_ones_own(told, client):
    client.post(address("later", told.pk), {"until": "2026-12-24"})
    told.refresh_from_db()
    assert told.snoozed_until == datetime.fromisoformat("2026-12-24T00:00+01:00")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"days": "2"},
        {"days": "99999999"},
        {"until": "2026-11-24"},
        {"until": "2026-12-25"},
        {"until": "x"},
    ],
)
def test_other_days_are_not_offered_and_it_stays_where_it_was(told, client, form):
    page = client.post(address("later", told.pk), form, follow=True)
    assert len(page.context["days"]) == 1
    assert "30" in page.content.decode()
    told.refresh_from_db()
    assert told.snoozed_until is None


def test_a_meeting_can_be_noted_from_the_list(lea, registered, client):
    registered(
        "meets", title="Quelqu’un", note=lambda notification: f"/log/?contact={notification.context['id']}"
    )
    outbox.notify(lea, "meets", key="m", now=NOW, context={"id": 7})
    assert 'href="/log/?contact=7"' in client.get(address("notification_list")).content.decode()


def wishes(client):
    """The kinds offered on the page, with what is chosen."""
    return {
        name: field.initial
        for name, field in client.get(address("preferences")).context["wishes"].fields.items()
    }


HOURS = {"by_email": "on", "mail_at": "08:00", "quiet_from": "19:00", "quiet_until": "08:00"}


def test_each_finds_the_kinds_meant_for_them(lea, client, registered):
    for audience in Audience:
        registered(audience, label=audience, audience=audience)
    registered("unlabelled")
    asked = set(Audience) | {"unlabelled", "probe"}
    assert set(wishes(client)) & asked == {"managers", "everybody"}
    client.force_login(make_lead(make_team()))
    assert set(wishes(client)) & asked == {"leads", "everybody"}


def test_a_wish_is_kept_and_what_is_usual_is_no_wish(lea, client, registered):
    registered("managers", label="x")
    usual = wishes(client)
    client.post(address("preferences"), {**HOURS, **usual, "managers": "weekly"})
    assert wishes(client) == {**usual, "managers": "weekly"}
    assert Choice.objects.get().how == "weekly"
    client.post(address("preferences"), {**HOURS, **usual})
    assert not Choice.objects.exists()
    assert client.post(address("preferences"), {**HOURS, **usual, "managers": "hourly"}).status_code == 422


def test_a_test_mail_leaves_at_once_by_night_and_once_a_minute(lea, client, smtp_sink, monkeypatch):
    night = NOW.replace(hour=23)
    monkeypatch.setattr("foundation.clock.now", lambda: night)
    for _ in range(2):
        assert lea.email in client.post(address("trial_mail"), follow=True).content.decode()
    assert sending.drain(night) == {"sent": 1}
    assert smtp_sink.messages[0]["To"].endswith(f"<{lea.email}>")


@pytest.mark.parametrize("refused", [True, False])
def test_a_test_mail_that_cannot_leave_is_said_at_once(lea, client, refused):
    if refused:
        Address.objects.create(value=lea.email, refused_at=NOW)
    else:
        Preference.objects.create(user=lea, by_email=False)
    client.post(address("trial_mail"))
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("view", ["done", "later", "reopen"])
def test_a_link_changes_nothing(told, client, view):
    assert client.get(address(view, told.pk)).status_code == 405


@pytest.mark.parametrize(
    ("method", "view"), [("get", "follow"), ("post", "done"), ("post", "later"), ("post", "reopen")]
)
def test_somebody_elses_notification_is_a_404(told, client, method, view):
    client.force_login(make_outsider())
    assert getattr(client, method)(address(view, told.pk), {"days": 1}).status_code == 404


@pytest.mark.parametrize("view", ["notification_list", "preferences"])
def test_anonymous_people_are_asked_to_sign_in(client, view):
    answer = client.get(address(view))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_the_list_costs_the_same_for_two_and_for_twenty(lea, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    costs = []
    for number in (2, 20):
        for each in range(number):
            outbox.notify(lea, "probe", key=f"{number}:{each}", now=NOW - timedelta(minutes=each))
        with CaptureQueriesContext(connection) as queries:
            client.get(address("notification_list"))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 8


def test_my_hours_are_kept_and_hold(lea, client):
    assert client.get(address("preferences")).status_code == 200
    form = {**HOURS, **wishes(client), "quiet_from": "21:00", "quiet_until": "09:30", "on_days_off": "on"}
    assert client.post(address("preferences"), form).status_code == 302
    client.post(address("preferences"), {**form, "quiet_until": "10:30"})
    kept = Preference.objects.get(user=lea)
    assert (kept.quiet_from.hour, kept.quiet_until.hour, kept.on_days_off) == (21, 10, True)
    outbox.notify(lea, "probe", key="k", now=datetime(2026, 11, 28, 9, 0, tzinfo=UTC))  # a Saturday at 10:00
    assert Delivery.objects.get().due_at == datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


def test_hours_that_are_none_are_sent_back_with_what_is_wrong(lea, client):
    answer = client.post(address("preferences"), {**HOURS, "quiet_from": "25:00", "quiet_until": "8"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"quiet_from", "quiet_until"}
    assert not Preference.objects.exists()


def bell(person, rf):
    request = rf.get("/")
    request.user = person
    words = "{% load i18n %}{% blocktranslate count n=waiting_count %}{{ n }} one{% plural %}{{ n }} many{% endblocktranslate %}"
    return Template(words).render(Context(waiting(request)))


def test_the_bell_counts_what_is_new(lea, told, rf, django_assert_num_queries):
    outbox.notify(lea, "probe", key="b", now=NOW).open(NOW)
    outbox.notify(lea, "probe", key="c", now=NOW).finish(NOW)
    outbox.notify(lea, "probe", key="d", now=NOW).put_off(NOW + timedelta(days=1))
    with django_assert_num_queries(1):
        assert bell(lea, rf) == "1 one"


def test_a_fragment_without_the_bell_does_not_count(lea, rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = lea
    with django_assert_num_queries(0):
        waiting(request)


def test_the_bell_of_nobody_is_silent(rf, django_assert_num_queries):
    with django_assert_num_queries(0), translation.override("en"):
        assert bell(AnonymousUser(), rf) == "0 many"
    assert waiting(HttpRequest()) == {"waiting_count": 0}


def test_what_is_done_in_the_app_is_not_mailed(told, client):
    client.post(address("done", told.pk))
    from notifications import claiming

    assert claiming.expire(NOW) == 1
    assert Delivery.objects.get().state == State.CANCELLED
    assert Notification.objects.get().done_at == NOW
