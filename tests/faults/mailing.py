"""A mail server that misbehaves, envelopes that cannot be sent, and how fast the rest goes."""

import smtplib
import time
from datetime import timedelta
from pathlib import Path

from notifications import claiming, mail, sending
from notifications.models import Delivery, State
from tests.faults import brokers, harness, servers, world
from tests.faults.harness import TUESDAY, Result
from tests.faults.servers import Redis


def troubled_server(base: Path, deliveries: int) -> Result:
    """It loses 3 % of its answers, says 451 to 3 %, cuts TLS for 1 %, and is silent after the final dot for a few."""
    world.envelopes(deliveries)
    mail.ANSWER_SECONDS, before = 1, mail.ANSWER_SECONDS
    silent = 3 / deliveries
    try:
        with harness.sink(base, tls=True, lose=0.03, later=0.03, cut=0.01, silent=silent) as mailbox:
            for minutes in (0, 1, 2, 4, 7, 16, 17, 20, 33, 40, 60, 120, 200, 300):
                now = TUESDAY + timedelta(minutes=minutes)
                claiming.reap(now)
                sending.drain(now)
                if not world.unfinished():
                    break
            taken = mailbox.taken()
    finally:
        mail.ANSWER_SECONDS = before
    rows = list(Delivery.objects.all())
    lost = [row for row in rows if not taken[row.message_id] and row.state != State.HELD]
    twice = {message_id for message_id, times in taken.items() if times > 1}
    unsure = {row.message_id for row in rows if row.ambiguous_count}
    figures = {
        "deliveries": deliveries,
        "lost": len(lost),
        "twice": len(twice),
        "ever unsure": len(unsure),
        "held": sum(row.state == State.HELD for row in rows),
        "tried again": sum(row.attempts > 1 for row in rows),
    }
    result = Result("a troubled mail server, by TLS", figures)
    result.bar(not lost and not world.unfinished(), "0 lost, all finished")
    result.bar(twice <= unsure, "duplicates only among those that were unsure")
    result.bar(bool(unsure), "some answers were lost indeed")
    return result


def bad_ones(base: Path, deliveries: int) -> Result:
    """One address refused, one owner that raises, one name with a line break, among many good ones."""
    world.envelopes(deliveries - 3)
    world.envelopes(1, kind="broken")
    world.envelopes(1, name="Refused")
    refused = Delivery.objects.get(recipient__name="Refused 0")
    Delivery.objects.filter(pk=refused.pk).update(address="refused@example.org")
    type(refused.recipient).objects.filter(pk=refused.recipient_id).update(email="refused@example.org")
    world.envelopes(1, name="Bcc:\r\nevil@example.org, ")
    with harness.sink(base) as mailbox:
        begun = time.monotonic()
        tally = sending.drain(TUESDAY)
        rate = (deliveries - 2) / (time.monotonic() - begun)
        for hours in (0.1, 0.4, 1, 3, 7, 14, 30, 50):
            sending.drain(TUESDAY + timedelta(hours=hours))
        taken = mailbox.taken()
    most = max(Delivery.objects.values_list("attempts", flat=True))
    states = dict.fromkeys((State.SENT, State.FAILED), 0)
    for state in Delivery.objects.values_list("state", flat=True):
        states[State(state)] = states.get(State(state), 0) + 1
    figures = {"deliveries": deliveries, "sent": tally["sent"], "per s": round(rate), "most attempts": most}
    result = Result("three bad ones among many", figures)
    result.bar(tally["sent"] == deliveries - 2 == len(taken), "all the others sent in the first pass")
    result.bar(most <= 8 and states[State.FAILED] == 2, "at most 8 attempts on a bad one")
    return result


def throughput(base: Path, redis: Redis, deliveries: int) -> Result:
    """Mails a second through the full protocol, beside one plain smtplib connection to the same server.

    By a sender that has sent before, as a worker has: the addresses of the pages are known, the templates compiled. And
    by a real worker, from the first mail that the server has of it to the last.
    """
    with harness.sink(base) as mailbox:
        world.envelopes(1)
        sending.drain(TUESDAY)
        world.envelopes(deliveries)
        begun, busy = time.monotonic(), time.process_time()
        tally = sending.drain(TUESDAY)
        seconds, busy = time.monotonic() - begun, time.process_time() - busy
        plain = _plain(mailbox.port, deliveries)
    with harness.sink(base) as mailbox:
        redis.client().flushall()
        world.envelopes(deliveries, kind="trial")
        with brokers.worker(base, TICK_SECONDS="3600"):
            servers.wait_until(lambda: not world.unfinished(), brokers.PATIENCE, "the end of the mail")
        moments = sorted(mailbox.at().values())
    figures = {
        "by one sender per s": round(deliveries / seconds),
        "by a worker of two threads per s": round((len(moments) - 1) / (moments[-1] - moments[0])),
        "plain smtplib per s": round(plain),
        "own ms of CPU a mail": round(busy / deliveries * 1000, 2),
    }
    result = Result("throughput", figures)
    result.bar(tally["sent"] == deliveries, "all sent in one pass")
    result.bar(len(moments) == deliveries == sum(mailbox.taken().values()), "by the worker each once")
    return result


def _plain(port: int, count: int) -> float:
    text = "Subject: x\r\nMessage-ID: <{}@x>\r\n\r\n" + ("x" * 70 + "\r\n") * 40
    begun = time.monotonic()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(count):
            server.sendmail("crm@example.org", f"a{number}@example.org", text.format(number))
    return count / (time.monotonic() - begun)
