"""A live server with the demo in it, browsers signed in as its people, and axe."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from communitycrm.demo import build
from foundation import clock

HERE = Path(__file__).parent
SHOTS = HERE.parent / "screenshots"
LOCALES = {"fr": "fr-FR", "en": "en-GB"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives Chromium and uses the database (each test's writes are rolled back)."""
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db)


@dataclass
class Site:
    """The running site, and the browser contexts that the test opened on it."""

    url: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def user(self, who: str) -> User:
        """A person of the demo by the first part of their address."""
        return User.objects.get(email=f"{who}@demo.example")

    def tab(self, who: str = "", language: str = "fr", javascript: bool = True, **options: Any) -> Tab:
        """A tab of its own, signed in as `who` ("" for nobody), in that language; motion reduced unless said."""
        defaults = {"reduced_motion": "reduce", "viewport": {"width": 1280, "height": 900}}
        context = self.browser.new_context(
            base_url=self.url,
            locale=LOCALES[language],
            java_script_enabled=javascript,
            **{**defaults, **options},
        )
        context.set_default_timeout(5000)
        self.contexts.append(context)
        if who:
            User.objects.filter(email=f"{who}@demo.example").update(language=language, theme="system")
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": sign_in(self.user(who)), "url": self.url}
            context.add_cookies([cookie])
        return context.new_page()


def sign_in(user: User) -> str:
    """The key of a session signed in as the person, as Django's own login writes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The demo in the test database, and the address of a server that shows it; the module's tests share both."""
    with django_db_blocker.unblock():
        shipped = connection.creation.serialize_db_to_string()
        build.build(clock.now())
        connection.inc_thread_sharing()  # a kept-alive connection may end after the server
        server = LiveServer("localhost")
        yield server.url
        server.stop()
        call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)
        connection.creation.deserialize_db_from_string(shipped)


@pytest.fixture
def site(demo, browser, db) -> Iterator[Site]:
    """The site; what the test writes is rolled back, and its tabs are closed."""
    opened = Site(demo, browser)
    yield opened
    for context in opened.contexts:
        context.close()


@pytest.fixture
def complaints() -> Callable[[Tab], list[str]]:
    """`complaints(tab)` gathers what the browser complains about: script errors, refused by the CSP, not found."""

    def listen(tab: Tab) -> list[str]:
        heard: list[str] = []
        tab.on("console", lambda said: heard.append(said.text) if said.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: heard.append(str(error)))
        return heard

    return listen


@pytest.fixture(scope="session")
def axe() -> Callable[[Tab], list[str]]:
    """`axe(tab)` returns the violations of the page, each with its places; [] when there are none."""
    source = (HERE / "vendor" / "axe.min.js").read_text(encoding="utf-8")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]
    options = {"runOnly": tags, "rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}

    def check(tab: Tab) -> list[str]:
        tab.evaluate(source)
        window = tab.viewport_size
        # As tall as the page: what lies under a sticky bar would be called too small to touch.
        as_tall = tab.evaluate("document.documentElement.scrollHeight")
        tab.set_viewport_size({"width": window["width"], "height": as_tall})
        found = tab.evaluate("(options) => axe.run(document, options)", options)["violations"]
        tab.set_viewport_size(window)
        places = [(one["id"], node) for one in found for node in one["nodes"]]
        return [
            f"{rule}: {' '.join(map(str, node['target']))}: {node['failureSummary']}" for rule, node in places
        ]

    return check
