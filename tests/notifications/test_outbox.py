from datetime import UTC, datetime, time, timedelta

import pytest

from notifications import kinds, outbox
from notifications.kinds import Category
from notifications.models import Address, Delivery, Notification, Preference, State
from tests.cast import NOW, make_member, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea(registered):
    registered("probe")
    registered("weekly", Category.DIGEST)
    registered("urgent", Category.IMMEDIATE)
    return make_member(make_team(), language="fr")


def notify(person, kind="probe", key="probe:1", now=NOW, **more):
    return outbox.notify(person, kind, key=key, now=now, **more)


def test_a_key_is_said_once(lea):
    first = notify(lea, context={"episode": 7})
    assert notify(lea, context={"episode": 8}) == first
    assert Notification.objects.get().context == {"episode": 7}
    assert Delivery.objects.get().items.count() == 1


def test_the_same_key_for_somebody_else_is_another_notification(lea):
    notify(lea)
    notify(make_user("Noé"))
    assert Notification.objects.count() == Delivery.objects.count() == 2


def test_reminders_and_digests_of_a_day_share_one_envelope(lea):
    notify(lea, key="a")
    notify(lea, "weekly", key="b", now=NOW + timedelta(hours=2))
    envelope = Delivery.objects.get()
    assert (envelope.slot, envelope.due_at, envelope.items.count()) == ("2026-11-24", NOW, 2)


def test_an_immediate_one_has_its_own_envelope_and_knows_no_night(lea):
    night = NOW.replace(hour=23)
    notify(lea, key="a")
    urgent = notify(lea, "urgent", key="b", now=night)
    envelope = Delivery.objects.get(slot=f"n:{urgent.pk}")
    assert envelope.due_at == night


def test_what_falls_into_the_evening_waits_for_the_morning_and_its_envelope(lea):
    notify(lea, now=datetime(2026, 11, 27, 19, 30, tzinfo=UTC))  # a Friday
    envelope = Delivery.objects.get()
    assert (envelope.slot, envelope.due_at) == ("2026-11-30", datetime(2026, 11, 30, 7, 0, tzinfo=UTC))


def test_a_holiday_of_the_teams_country_is_a_day_off(registered):
    registered("probe")
    armistice = datetime(2026, 11, 11, 10, 0, tzinfo=UTC)
    french = make_member(make_team(country="FR"))
    british = make_member(make_team(country="FR"), country="GB")
    notify(french, now=armistice)
    notify(british, now=armistice)
    assert Delivery.objects.get(recipient=french).slot == "2026-11-12"
    assert Delivery.objects.get(recipient=british).slot == "2026-11-11"


def test_a_persons_own_hours_win(lea):
    Preference.objects.create(user=lea, quiet_from=time(23), quiet_until=time(6), on_days_off=True)
    saturday_evening = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
    notify(lea, now=saturday_evening)
    assert Delivery.objects.get().due_at == saturday_evening


@pytest.mark.parametrize("state", [State.LEASED, State.SUBMITTING, State.SENT, State.FAILED, State.HELD])
def test_when_the_days_envelope_has_left_the_next_allowed_day_takes_it(lea, state):
    notify(lea, key="a")
    Delivery.objects.update(state=state)
    notify(lea, key="b", now=NOW + timedelta(hours=1))
    later = Delivery.objects.get(state=State.QUEUED)
    assert (later.slot, later.due_at) == ("2026-11-25", datetime(2026, 11, 25, 7, 0, tzinfo=UTC))


def test_an_envelope_cancelled_before_it_left_is_taken_up_again(lea):
    notify(lea, key="a")
    Delivery.objects.update(state=State.CANCELLED, attempts=3)
    notify(lea, key="b", now=NOW + timedelta(hours=1))
    envelope = Delivery.objects.get()
    assert (envelope.state, envelope.attempts, envelope.slot) == (State.QUEUED, 0, "2026-11-24")


def test_a_cancelled_envelope_that_may_have_arrived_is_left_alone(lea):
    notify(lea, key="a")
    Delivery.objects.update(state=State.CANCELLED, ambiguous_count=1)
    notify(lea, key="b")
    assert Delivery.objects.get(state=State.QUEUED).slot == "2026-11-25"


def test_in_the_app_only_makes_no_envelope(registered):
    registered("quiet", by_email=False)
    notify(make_user(), "quiet")
    assert Notification.objects.exists()
    assert not Delivery.objects.exists()


def test_leavers_those_who_want_no_mail_and_refused_addresses_get_no_envelope(registered):
    registered("probe")
    gone = make_user(is_active=False)
    silent = make_user()
    Preference.objects.create(user=silent, by_email=False)
    refused = make_user(email="Nobody@example.org")
    Address.objects.create(value="nobody@example.org", refused_at=NOW)
    for person in (gone, silent, refused):
        notify(person)
    assert Notification.objects.count() == 3
    assert not Delivery.objects.exists()


def test_a_kind_that_nobody_registered_is_refused_at_once():
    with pytest.raises(kinds.UnknownKind):
        notify(make_user(), "unheard")


def test_somebody_who_can_never_be_told_waits_in_the_app(lea, monkeypatch):
    notify(lea, key="a")
    Delivery.objects.update(state=State.SENT)
    monkeypatch.setattr(outbox, "DAYS_AHEAD", 0)
    notify(lea, key="b")
    assert Delivery.objects.count() == 1


def test_the_message_id_is_fixed_at_creation_under_the_senders_domain(lea, settings):
    settings.DEFAULT_FROM_EMAIL = "CommunityCRM <crm@example.org>"
    notify(lea)
    assert Delivery.objects.get().message_id.endswith("@example.org>")


def test_the_number_of_queries_is_the_same_for_the_second_item(lea, django_assert_max_num_queries):
    notify(lea, key="a")
    with django_assert_max_num_queries(16):
        notify(lea, key="b")
