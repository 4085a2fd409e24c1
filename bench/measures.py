"""Pages over HTTP as a browser asks for them, and the heavy work as a worker does it."""

import http.client
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bench import limits
from notifications import kinds, outbox, sending
from notifications.models import Delivery, State
from ratio import evaluations

WARM_UP, ASKED = 5, 40
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")


class Visitor:
    """A signed-in browser on one kept connection."""

    def __init__(self, port: int, user: User) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies = {"sessionid": str(session.session_key)}
        self.user = user
        self.ask(limits.HELLO_PATH)  # brings the cookie of the forms

    def ask(self, path: str, form: dict[str, object] | None = None) -> float:
        """One request; how long it took in milliseconds. Raises RuntimeError for an answer that is no success."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            headers |= {
                "X-CSRFToken": self.cookies["csrftoken"],
                "Content-Type": "application/x-www-form-urlencoded",
            }
            body = urlencode(form, doseq=True)
        started = time.perf_counter()
        self.connection.request("GET" if form is None else "POST", path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        taken = (time.perf_counter() - started) * 1000
        if answer.status != (200 if form is None else answer.status) or answer.status >= 400:
            raise RuntimeError(f"{path}: {answer.status} {text[:300]!r}")
        if form is not None and answer.status not in (302, 303):
            raise RuntimeError(f"{path}: the form came back: {text[-2000:]!r}")
        for cookie in answer.msg.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            if name != "messages":  # the page that a form's answer leads to would show them
                self.cookies[name] = value
        return taken

    def p50(self, path: str, form: Callable[[], dict[str, object]] | None = None) -> float:
        """The median of many requests, in milliseconds, after a few to warm up."""
        self.connection.close()  # the server hung up while something else was measured; it opens by itself
        times = [self.ask(path, form() if form else None) for _ in range(WARM_UP + ASKED)]
        return statistics.median(times[WARM_UP:])

    def queries(self, path: str, form: Callable[[], dict[str, object]] | None = None) -> int:
        """How many questions and writes the same request costs, asked of the application directly; what only begins
        and ends a transaction is not counted."""
        client = Client()
        client.force_login(self.user)
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            if form:
                client.post(path, form())
            else:
                client.get(path)
        return sum(not one["sql"].startswith(TRANSACTION) for one in captured)


def a_meeting(kind: int, contact: int) -> Callable[[], dict[str, object]]:
    """The form that notes a meeting with one contact, each time a new one."""
    return lambda: {
        "client_id": uuid.uuid4(),
        "who": [contact],
        "kind": kind,
        "when": "now",
        "note": "Bench",
        "same": "no",
    }


PLAIN = kinds.Kind(
    name="bench",
    category=kinds.Category.REMINDER,
    still_true=lambda notification, now: True,
    context=lambda notification, now: {},
    template="bench/mail",
    url=lambda notification: "/",
    title="Bench",
)


def a_tuesday(now: datetime) -> datetime:
    """10:00 or so in Paris on the next Tuesday: neither quiet hours nor days off hold anything back."""
    return (now + timedelta(days=(1 - now.weekday()) % 7)).replace(hour=9, minute=0)


def plain_reminders_per_second(people: list[User], now: datetime) -> float:
    """Reminders a second through the whole protocol of delivery, of a kind that asks nothing of the database."""
    kinds.register(PLAIN)
    day = a_tuesday(now) - timedelta(weeks=1)
    for person in people:
        outbox.notify(person, PLAIN.name, key="bench", now=day)
    return _sent_per_second(len(people), day + timedelta(minutes=1))


def presence_reminders_per_second(count: int, now: datetime) -> tuple[float, float]:
    """(verdicts a second, presence reminders a second: each looks at the person's presence again, twice).

    The people of the second team slip on two days in a row, and hear of it on the second.
    """
    day = a_tuesday(now)
    started = time.perf_counter()
    evaluated = sum(evaluations.evaluate(now=at) or 0 for at in (day - timedelta(days=1), day))
    verdicts = evaluated / (time.perf_counter() - started)
    return verdicts, _sent_per_second(count, day + timedelta(minutes=1))


def _sent_per_second(count: int, now: datetime) -> float:
    """Send what is due and hold it against what was expected."""
    before = Delivery.objects.filter(state=State.SENT).count()
    started = time.perf_counter()
    outcomes = sending.drain(now)
    taken = time.perf_counter() - started
    sent = Delivery.objects.filter(state=State.SENT).count() - before
    if sent < count:
        raise RuntimeError(f"{sent} of {count} reminders were sent: {dict(outcomes)}")
    return sent / taken
