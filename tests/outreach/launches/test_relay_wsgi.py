"""Clicks answered before Django: the same answers as Django's own."""

import pytest
from django.core.signals import request_started
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, close_old_connections
from django.test import RequestFactory

from foundation.together import Together
from outreach.launches import following
from outreach.models import Click, Launch
from outreach.relay_wsgi import Relays
from tests.outreach.launches.test_relays import FIREFOX, lea, relay

__all__ = ["lea", "relay"]  # fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_the_transaction_of_the_test():
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


def answered(application, path, method="GET", **environ):
    """Status, headers and whether a click was counted."""
    said, before = [], Click.objects.count()
    environ = {"HTTP_USER_AGENT": FIREFOX, **environ}
    asked = RequestFactory().generic(method, path, **environ).environ
    body = application(asked, lambda status, headers: said.append((status, sorted(headers))))
    if method == "GET" and said[0][0].startswith("302"):
        assert b"".join(body) == b""
    status, headers = said[0]
    return status, [header for header in headers if header[0] != "Set-Cookie"], Click.objects.count() - before


def both(path, **asked):
    """The answer of Django alone, which must be that of the shorter way too."""
    django = get_wsgi_application()
    passed_on = []
    short = answered(Relays(lambda *call: [passed_on.append(1), django(*call)][1]), path, **asked)
    assert short == answered(django, path, **asked)
    return *short, bool(passed_on)


@pytest.mark.parametrize(
    ("asked", "counted", "passed_on"),
    [
        ({}, 1, False),
        ({"QUERY_STRING": "next=https://evil.example"}, 1, False),
        ({"HTTP_SEC_PURPOSE": "prefetch"}, 0, False),
        ({"HTTP_USER_AGENT": "WhatsApp/2.24"}, 0, False),
        ({"wsgi.url_scheme": "https"}, 1, False),
        ({"method": "HEAD"}, 0, True),
        ({"method": "POST"}, 0, True),
    ],
    ids=str,
)
def test_a_click_is_answered_as_django_would(relay, settings, asked, counted, passed_on):
    settings.SECURE_HSTS_SECONDS = 60
    _status, headers, *rest = both(f"/r/{relay.code}", **asked)
    assert rest == [counted, passed_on]
    assert ("Referrer-Policy", "same-origin") in headers
    assert ("Strict-Transport-Security" in dict(headers)) == (asked.get("wsgi.url_scheme") == "https")


def test_an_address_in_any_alphabet_is_sent_as_ascii(relay):
    Launch.objects.update(address="https://marée.example/à-venir")
    _status, headers, *_ = both(f"/r/{relay.code}")
    assert dict(headers)["Location"].isascii()


@pytest.mark.parametrize("path", ["/r/", "/r/unknown", "/r/a/b", "/r/%00", "/r", "/healthz/live"])
def test_what_leads_nowhere_is_djangos(relay, path):
    assert both(path)[-1]


def test_who_comes_without_encryption_is_first_sent_to_come_with_it(relay, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    assert both(f"/r/{relay.code}")[2:] == (0, True)
    assert both(f"/r/{relay.code}", HTTP_X_FORWARDED_PROTO="https")[2:] == (1, False)


def test_a_click_that_the_database_refused_is_tried_once_more(relay, monkeypatch):
    refused = []

    def refuse_one(visits):
        if not refused:
            refused.append(visits)
            raise OperationalError
        following._answer(visits)

    monkeypatch.setattr(following, "_TOGETHER", Together(refuse_one))
    status, _headers, counted = answered(Relays(get_wsgi_application()), f"/r/{relay.code}")
    assert (status, counted, len(refused)) == ("302 Found", 1, 1)
