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
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from communitycrm.demo import build
from foundation import clock

HERE = Path(__file__).parent
SHOTS = HERE.parent / "screenshots"
HEIGHT = "document.documentElement.scrollHeight"
DOMAIN = "demo.example"
WINDOW: ViewportSize = {"width": 1280, "height": 900}
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
PATIENCE = 20_000  # milliseconds: for a machine that does other things as well
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives Chromium and uses the database (each test's writes are rolled back)."""
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db)


@dataclass
class Site:
    """The running site, its people's sessions, and what is open on it in the browser."""

    url: str
    browser: Browser
    sessions: dict[str, str]
    kept: dict[tuple[str, str], Tab]
    passing: list[BrowserContext] = field(default_factory=list)

    def user(self, who: str) -> User:
        """A person of the demo by the first part of their address."""
        return User.objects.get(email=f"{who}@{DOMAIN}")

    def tab(self, who: str = "", language: str = "fr", **options: Any) -> Tab:
        """A tab in a context of its own, signed in as `who` ("" for nobody), in that language.

        `options` go to the context; motion is reduced unless they say otherwise.
        """
        context = self.context(who, language, **options)
        self.passing.append(context)
        return context.new_page()

    def kept_tab(self, who: str, language: str) -> Tab:
        """The tab that tests share: style sheet and fonts are fetched once. It is as it was at first."""
        if (who, language) not in self.kept:
            self.kept[who, language] = self.context(who, language).new_page()
        self.speaks(who, language)
        tab = self.kept[who, language]
        tab.emulate_media(color_scheme="light")
        tab.set_viewport_size(WINDOW)
        return tab

    def context(self, who: str, language: str, **options: Any) -> BrowserContext:
        self.speaks(who, language)
        defaults = {"reduced_motion": "reduce", "viewport": WINDOW}
        context = self.browser.new_context(
            base_url=self.url, locale=LOCALES[language], **{**defaults, **options}
        )
        context.set_default_timeout(PATIENCE)
        if who:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": self.sessions[who], "url": self.url}
            context.add_cookies([cookie])
        return context

    def speaks(self, who: str, language: str) -> None:
        """The person's own settings, until the test ends."""
        User.objects.filter(email=f"{who}@{DOMAIN}").update(language=language, theme="system")


def photograph(tab: Tab, name: str, **how: Any) -> None:
    """For people to look at, if somebody made the folder for it, which git ignores: a picture takes half a second."""
    if SHOTS.exists():
        tab.screenshot(path=SHOTS / f"{name}.png", **{"full_page": True, **how})


def sign_in(user: User) -> str:
    """The key of a session signed in as the person, as Django's own login writes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@pytest.fixture(scope="package")
def demo(django_db_setup, django_db_blocker) -> Iterator[tuple[str, dict[str, str]]]:
    """The demo in the test database, built once for this folder: the address of a server that shows it, and sessions."""
    with django_db_blocker.unblock():
        shipped = connection.creation.serialize_db_to_string()
        build.build(clock.now())
        sessions = {user.email.partition("@")[0]: sign_in(user) for user in User.objects.all()}
        connection.inc_thread_sharing()  # a kept-alive connection may end after the server
        server = LiveServer("localhost")
        yield server.url, sessions
        server.stop()
        call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)
        connection.creation.deserialize_db_from_string(shipped)


@pytest.fixture(scope="package")
def kept_tabs() -> Iterator[dict[tuple[str, str], Tab]]:
    """The tabs that tests share."""
    kept: dict[tuple[str, str], Tab] = {}
    yield kept
    for tab in kept.values():
        tab.context.close()


@pytest.fixture
def site(demo, browser, kept_tabs, db) -> Iterator[Site]:
    """The site; what the test writes is rolled back, and its own contexts are closed."""
    url, sessions = demo
    opened = Site(url, browser, sessions, kept_tabs)
    yield opened
    for context in opened.passing:
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
def axe() -> Callable[..., list[str]]:
    """`axe(tab)` returns the violations of the page, each with its place; `rules` looks at some rules only."""
    source = (HERE / "vendor" / "axe.min.js").read_text(encoding="utf-8")
    everything = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"],
        "rules": {"target-size": {"enabled": True}},
        "resultTypes": ["violations"],
    }

    def check(tab: Tab, rules: list[str] | None = None) -> list[str]:
        options = {"runOnly": {"type": "rule", "values": rules}} if rules else everything
        if not tab.evaluate("'axe' in window"):
            tab.evaluate(source)
        window = tab.viewport_size
        assert window
        # As tall as the page: what lies under a sticky bar would be called too small to touch.
        tab.set_viewport_size({"width": window["width"], "height": tab.evaluate(HEIGHT)})
        found = tab.evaluate("(options) => axe.run(document, options)", options)["violations"]
        tab.set_viewport_size(window)
        places = [(one["id"], node) for one in found for node in one["nodes"]]
        return [
            f"{rule}: {' '.join(map(str, node['target']))}: {node['failureSummary']}" for rule, node in places
        ]

    return check
