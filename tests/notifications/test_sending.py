import smtplib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from notifications import claiming, kinds, mail, outbox, sending
from notifications.kinds import Category
from notifications.models import Address, Delivery, DeliveryItem, Notification, Preference, State
from tests.cast import NOW, make_member, make_team

pytestmark = pytest.mark.django_db


def _text(sink):
    return sink.messages[0].get_body(("plain",)).get_content().replace("\r\n", "\n")


ONE_MINUTE = timedelta(minutes=1)


def state(envelope):
    envelope.refresh_from_db()
    return envelope.state


def test_a_due_reminder_reaches_its_reader_in_their_language(told, smtp_sink, settings):
    settings.PUBLIC_URL = "https://crm.example.org"
    envelope = told()
    assert sending.drain(NOW) == {"sent": 1}
    assert state(envelope) == State.SENT
    assert (envelope.sent_at >= NOW, envelope.attempts) == (True, 1)
    [message] = smtp_sink.messages
    assert message["To"] == "Léa Martin <lea@example.org>"
    assert message["From"] == "CommunityCRM <crm@example.org>"
    assert message["Subject"] == "Aujourd’hui une rencontre"
    assert (message["Message-ID"], message["Auto-Submitted"]) == (envelope.message_id, "auto-generated")
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    for body in (text, html):
        assert "Le fait : une rencontre" in body
        assert "https://crm.example.org/somewhere/" in body
        assert "https://crm.example.org/notifications/preferences/" in body
    assert 'lang="fr"' in html


def test_an_english_reader_gets_english(told, smtp_sink):
    told(language="en")
    sending.drain(NOW)
    assert smtp_sink.messages[0]["Subject"] == "Today une rencontre"


def test_what_somebody_wrote_is_text_in_the_text_and_escaped_in_the_html(told, smtp_sink):
    told(what="<b>R & B</b>")
    sending.drain(NOW)
    message = smtp_sink.messages[0]
    assert "<b>R & B</b>" in message.get_body(("plain",)).get_content()
    assert "&lt;b&gt;R &amp; B&lt;/b&gt;" in message.get_body(("html",)).get_content()


def test_line_ends_in_names_and_subjects_inject_no_header(told, smtp_sink):
    envelope = told(name="Léa\r\nBcc: all@example.org", what="rencontre\r\nX-Evil: 1")
    assert sending.drain(NOW) == {"sent": 1}
    message = smtp_sink.messages[0]
    assert message["Bcc"] is None and message["X-Evil"] is None
    assert state(envelope) == State.SENT


def test_lines_that_start_with_a_dot_arrive_as_they_were(told, smtp_sink):
    told(what="\n.\n..deux points\n")
    sending.drain(NOW)
    assert "\n.\n..deux points\n" in _text(smtp_sink)


def test_several_things_of_a_day_make_one_mail(told, smtp_sink):
    envelope = told(what="Jo")
    outbox.notify(envelope.recipient, "probe", key="second", now=NOW, context={"what": "Karim"})
    assert sending.drain(NOW) == {"sent": 1}
    [message] = smtp_sink.messages
    text = message.get_body(("plain",)).get_content()
    assert "Le fait : Jo" in text and "Le fait : Karim" in text
    assert "2 " in message["Subject"]


def test_nothing_leaves_before_it_is_due_or_twice(told, smtp_sink):
    told(now=NOW + timedelta(minutes=5))
    assert sending.drain(NOW) == {}
    assert sending.drain(NOW + timedelta(minutes=6)) == {"sent": 1}
    assert sending.drain(NOW + timedelta(minutes=7)) == {}
    assert len(smtp_sink.messages) == 1


def test_a_batch_goes_over_one_connection(told, smtp_sink):
    for number in range(12):
        told(f"person{number}@example.net")
    assert sending.drain(NOW) == {"sent": 12}
    assert smtp_sink.sink.connections == 1


def test_an_address_refused_for_good_fails_and_is_flagged(told, smtp_sink):
    envelope, other = told("Refused1@example.org".lower()), told()
    assert sending.drain(NOW) == {"refused": 1, "sent": 1}
    assert state(envelope) == State.FAILED
    assert envelope.last_error.startswith("550")
    assert Address.objects.get().value == "refused1@example.org"
    assert state(other) == State.SENT
    outbox.notify(envelope.recipient, "probe", key="again", now=NOW + timedelta(days=1))
    assert Delivery.objects.filter(recipient=envelope.recipient).count() == 1


def test_a_message_refused_for_good_fails_and_its_address_is_flagged(told):
    envelope = told("spam@example.org")
    assert sending.drain(NOW) == {"refused": 1}
    assert state(envelope) == State.FAILED
    assert Address.objects.filter(value="spam@example.org").exists()


@pytest.mark.parametrize("address", ["later@example.org", "full@example.org"])
def test_refused_for_now_waits_longer_each_time_and_fails_after_eight_attempts(told, address):
    Preference.objects.create(
        user=(envelope := told(address)).recipient, quiet_from="00:00", quiet_until="00:00", on_days_off=True
    )
    moment, waits = NOW, []
    for _ in range(7):
        assert sending.drain(moment, longest=timedelta(seconds=30)) == {"failed attempt": 1}
        assert state(envelope) == State.QUEUED
        waits.append(round((envelope.due_at - moment) / ONE_MINUTE))
        moment = envelope.due_at + timedelta(seconds=1)
        Delivery.objects.filter(pk=envelope.pk).update(
            slot=moment.date().isoformat()
        )  # it stays its own day's
    assert waits == [1, 5, 15, 60, 180, 360, 720]
    assert sending.drain(moment) == {"failed attempt": 1}
    assert (state(envelope), envelope.attempts) == (State.FAILED, 8)
    assert not Address.objects.exists()


def test_a_connection_lost_after_the_final_dot_is_ambiguous_sent_once_more_then_held(told, smtp_sink):
    envelope = told("lost@example.org")
    assert sending.drain(NOW) == {"ambiguous": 1}
    assert (state(envelope), envelope.ambiguous_count) == (State.AMBIGUOUS, 1)
    assert sending.drain(NOW + timedelta(minutes=14)) == {}
    assert sending.drain(NOW + timedelta(minutes=16)) == {"ambiguous": 1}
    assert (state(envelope), envelope.ambiguous_count) == (State.HELD, 2)
    assert sending.drain(NOW + timedelta(hours=2)) == {}
    first, second = smtp_sink.messages
    assert first["Message-ID"] == second["Message-ID"] == envelope.message_id


def test_others_are_sent_after_a_connection_was_lost(told):
    told("lost@example.org")
    other = told()
    sending.drain(NOW)
    assert state(other) == State.SENT


def test_without_a_mail_server_everything_waits_a_minute_and_no_attempt_is_counted(told, settings):
    settings.EMAIL_PORT = 9
    envelopes = [told(f"person{number}@example.net") for number in range(3)]
    assert sending.drain(NOW) == {"unreachable": 3}
    for envelope in envelopes:
        assert (state(envelope), envelope.attempts) == (State.QUEUED, 0)
        assert envelope.due_at > NOW + timedelta(seconds=59)


def test_a_server_that_wants_another_sign_in_is_unreachable(told, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "crm", "wrong"
    told()
    assert sending.drain(NOW) == {"unreachable": 1}


def test_a_kind_nobody_knows_any_more_is_held(told, monkeypatch):
    envelope = told()
    monkeypatch.setattr(kinds, "_kinds", {})
    assert sending.drain(NOW) == {"held": 1}
    assert (state(envelope), envelope.last_error) == (State.HELD, "Nobody knows the kind probe.")


@pytest.mark.parametrize("question", ["still_true", "context", "url"])
def test_an_owner_that_raises_costs_one_attempt_and_nobody_else_anything(told, registered, question):
    def broken(*arguments):
        raise RuntimeError("broken")

    registered("broken", **{question: broken})
    envelope, other = told("a@example.org", kind="broken"), told("b@example.org")
    assert sending.drain(NOW) == {"failed attempt": 1, "sent": 1}
    assert (state(envelope), envelope.attempts) == (State.QUEUED, 1)
    assert envelope.last_error == "RuntimeError: broken"
    assert state(other) == State.SENT


def test_what_is_no_longer_true_is_not_said(told, registered, smtp_sink):
    registered("over", still_true=lambda notification, now: False)
    envelope = told(kind="over")
    assert sending.drain(NOW) == {"cancelled": 1}
    assert state(envelope) == State.CANCELLED
    assert smtp_sink.messages == []


@pytest.mark.parametrize(
    "dealt_with",
    [{"done_at": NOW}, {"snoozed_until": NOW + timedelta(days=1)}, {"expires_at": NOW}],
)
def test_what_was_dealt_with_leaves_the_envelope_and_the_rest_is_said(told, smtp_sink, dealt_with):
    envelope = told(what="Jo")
    Notification.objects.update(**dealt_with)
    outbox.notify(envelope.recipient, "probe", key="second", now=NOW, context={"what": "Karim"})
    assert sending.drain(NOW) == {"sent": 1}
    text = smtp_sink.messages[0].get_body(("plain",)).get_content()
    assert "Karim" in text and "Jo" not in text
    assert DeliveryItem.objects.filter(delivery=envelope).count() == 1


@pytest.mark.parametrize("change", ["left", "no mail", "refused"])
def test_who_is_not_to_be_mailed_any_more_is_not(told, smtp_sink, change):
    envelope = told()
    if change == "left":
        envelope.recipient.is_active = False
        envelope.recipient.save()
    elif change == "no mail":
        Preference.objects.create(user=envelope.recipient, by_email=False)
    else:
        Address.objects.create(value=envelope.address, refused_at=NOW)
    assert sending.drain(NOW) == {"cancelled": 1}
    assert smtp_sink.messages == []


def test_a_worker_that_wakes_up_at_night_waits_for_the_morning(told, smtp_sink):
    envelope = told()
    night = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    assert sending.drain(night) == {"moved": 1}
    assert state(envelope) == State.CANCELLED
    morning = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    assert sending.drain(morning) == {"sent": 1}
    assert len(smtp_sink.messages) == 1


def test_a_lunch_break_that_began_meanwhile_puts_off_within_the_day(told):
    envelope = told()
    Preference.objects.create(user=envelope.recipient, quiet_from="10:00", quiet_until="14:00")
    assert sending.drain(NOW) == {"postponed": 1}
    assert state(envelope) == State.QUEUED
    assert (envelope.due_at, envelope.attempts) == (datetime(2026, 11, 24, 13, 0, tzinfo=UTC), 0)


def test_after_days_off_line_one_mail_leaves_not_one_a_day(told, smtp_sink):
    envelope = told(what="mardi")
    for day, what in ((1, "mercredi"), (2, "jeudi")):
        later = NOW + timedelta(days=day)
        outbox.notify(envelope.recipient, "probe", key=what, now=later, context={"what": what})
    tally = sending.drain(NOW + timedelta(days=2, hours=1))
    assert (tally["sent"], tally["moved"]) == (1, 2)
    text = smtp_sink.messages[0].get_body(("plain",)).get_content()
    assert all(what in text for what in ("mardi", "mercredi", "jeudi"))


def test_one_reminder_mail_a_day(told, smtp_sink):
    envelope = told()
    sending.drain(NOW)
    outbox.notify(
        envelope.recipient, "probe", key="second", now=NOW + timedelta(hours=1), context={"what": "x"}
    )
    assert sending.drain(NOW + timedelta(hours=2)) == {}
    assert sending.drain(NOW + timedelta(days=1)) == {"sent": 1}


def test_an_immediate_one_leaves_at_once_and_by_night(told, registered, smtp_sink):
    registered("urgent", Category.IMMEDIATE)
    night = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    told(kind="urgent", now=night)
    assert sending.drain(night) == {"sent": 1}


def test_a_new_address_gets_what_waited_for_the_old_one(told, smtp_sink):
    envelope = told()
    envelope.recipient.email = "new@example.org"
    envelope.recipient.save()
    assert sending.drain(NOW) == {"moved": 1, "sent": 1}
    assert smtp_sink.messages[0]["To"] == "Léa Martin <new@example.org>"


def test_a_sender_whose_lease_ran_out_drops_the_envelope(told, smtp_sink, monkeypatch):
    envelope = told()
    plain = mail.SmtpOffice.address

    def slow(self, parcel):
        plain(self, parcel)
        claiming.reap(NOW + timedelta(minutes=2))

    monkeypatch.setattr(mail.SmtpOffice, "address", slow)
    assert sending.drain(NOW, longest=timedelta(seconds=0.05))["taken by another sender"] >= 1
    assert smtp_sink.messages == []
    assert state(envelope) == State.QUEUED


def test_another_backend_gets_the_whole_message(told, settings, mailoutbox):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    envelope = told()
    assert sending.drain(NOW) == {"sent": 1}
    assert mailoutbox[0].message()["Message-ID"] == envelope.message_id


class BrokenBackend:
    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("gone")

    def close(self):
        pass


class SilentBackend(BrokenBackend):
    def send_messages(self, messages):
        return 0


@pytest.mark.parametrize("backend", ["BrokenBackend", "SilentBackend"])
def test_any_trouble_of_another_backend_is_ambiguous(told, settings, backend, monkeypatch):
    monkeypatch.setattr(mail, "get_connection", globals()[backend])
    settings.EMAIL_BACKEND = "somewhere.else"
    envelope = told()
    assert sending.drain(NOW) == {"ambiguous": 1}
    assert state(envelope) == State.AMBIGUOUS


def test_preparing_costs_the_same_queries_for_each_envelope(told, django_assert_max_num_queries):
    team = make_team()
    for number in range(3):
        outbox.notify(make_member(team), "probe", key=f"q{number}", now=NOW, context={"what": "x"})
    with django_assert_max_num_queries(3 * 8 + 12):
        assert sending.drain(NOW) == {"sent": 3}


@pytest.mark.parametrize(("due", "asked"), [(6, 1), (2, 0)])
def test_a_pass_that_cannot_take_all_at_once_asks_for_help_once(told, smtp_sink, monkeypatch, due, asked):
    monkeypatch.setattr(claiming, "BATCH", 3)
    monkeypatch.setattr(claiming.claim, "__kwdefaults__", {"limit": 3})
    for number in range(due):
        told(f"person{number}@example.net")
    calls = []
    sending.drain(NOW, more=lambda: calls.append("more"))
    assert (len(calls), len(smtp_sink.messages)) == (asked, due)


@pytest.mark.django_db(transaction=True)
def test_passes_side_by_side_send_each_mail_once(told, smtp_sink):
    """On SQLite in memory there is one connection, so the passes follow one another."""
    for number in range(24):
        told(f"person{number}@example.net")
    passes = 1 if connection.vendor == "sqlite" and connection.is_in_memory_db() else 3

    def one_pass():
        tally = sending.drain(NOW)
        if passes > 1:
            connection.close()
        return tally["sent"]

    if passes == 1:
        sent = [one_pass(), one_pass()]
    else:
        with ThreadPoolExecutor(passes) as pool:
            sent = [future.result() for future in [pool.submit(one_pass) for _ in range(passes)]]
    assert sum(sent) == 24
    assert len({message["Message-ID"] for message in smtp_sink.messages}) == len(smtp_sink.messages) == 24
