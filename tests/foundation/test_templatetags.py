"""Icons, formats in the reader's zone and language, links to sections, the status line."""

from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import ERROR, get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from foundation import messages
from foundation.templatetags.icons import names


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context)).strip()


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in render('{% load icons %}{% icon "handshake" %}')
    labelled = render('{% load icons %}{% icon "handshake" label=label %}', label="A & B")
    assert 'role="img" aria-label="A &amp; B"' in labelled
    assert "icons.svg#handshake" in labelled


def test_an_unknown_icon_fails_in_tests_and_is_empty_elsewhere(settings):
    with pytest.raises(LookupError, match=r"assets/icons\.txt"):
        render('{% load icons %}{% icon "unicorn" %}')
    settings.MODE = "production"
    assert "#unicorn" in render('{% load icons %}{% icon "unicorn" %}')


def test_the_sprite_holds_each_listed_name(settings):
    listed = (settings.BASE_DIR / "assets" / "icons.txt").read_text(encoding="utf-8").splitlines()
    assert names() == {line.strip() for line in listed if line.strip() and not line.startswith("#")}


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "lundi 23~novembre, 0~h~30"), ("en", "Monday 23~November, 00:30")]
)
def test_moments_are_said_in_the_readers_zone_and_language(language, said):
    moment = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    with translation.override(language), timezone.override(ZoneInfo("Europe/Paris")):
        assert render("{% load formats %}{{ at|day_and_time }}", at=moment) == said.replace("~", "\u00a0")
        assert render("{% load formats %}{{ at|sentence_date }}", at=moment).startswith("23")


def test_nothing_is_said_of_nothing():
    source = "{% load formats %}{{ x|sentence_date }}{{ x|day_and_time }}{{ x|percent }}{{ x|ago:x }}{{ x|number }}"
    assert render(source, x=None) == ""


def test_numbers_are_grouped_as_the_language_does():
    with translation.override("fr"):
        assert render("{% load formats %}{{ 6000|number }}") == "6\u00a0000"
    with translation.override("en"):
        assert render("{% load formats %}{{ 6000|number }}") == "6,000"


def link(here: str, sections: str = "") -> str:
    request = SimpleNamespace(path=here)
    source = '{% load navigation %}{% nav_link "live" "house" "Today" sections=sections key="t" %}'
    return render(source, request=request, sections=sections)


def test_a_section_is_current_on_its_page_and_below_its_addresses():
    assert 'aria-current="page"' in link("/healthz/live")
    assert 'aria-current="true"' in link("/events/3/edit/", "/calendar/,/events/")
    assert "aria-current" not in link("/posts/", "/calendar/,/events/")
    assert 'data-go="t"' in link("/healthz/live")


def test_a_link_to_a_page_that_does_not_exist_is_not_drawn():
    assert render('{% load navigation %}{% nav_link "nowhere" "house" "X" %}') == ""


def test_what_is_the_same_for_everybody_is_drawn_once_for_each_language(monkeypatch):
    keys = '{% load kept %}{% kept "partials/keys.html" %}'
    with translation.override("fr"):
        french = render(keys)
    with translation.override("en"):
        assert "Search contacts" in render(keys) != french
    monkeypatch.setattr("foundation.templatetags.kept.render_to_string", lambda partial: "again")
    with translation.override("fr"):
        assert render(keys) == french


def test_what_is_kept_is_handed_nothing_of_somebody(rf):
    request = rf.get("/")
    request.user = SimpleNamespace(name="Jo")
    source = Template('{% load kept %}{% kept "partials/foot.html" %}')
    assert "Jo" not in source.render(Context({"request": request, "name": "Jo"}))


def test_options_say_which_is_chosen_and_escape_what_they_say():
    source = "{% load options %}{% options pairs chosen %}"
    drawn = render(source, pairs=[(1, "Jo"), ("x&y", "<b>")], chosen=1)
    assert drawn == ('<option value="1" selected>Jo</option><option value="x&amp;y">&lt;b&gt;</option>')


@pytest.fixture
def request_with_messages(rf: RequestFactory):
    request = rf.get("/")
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    MessageMiddleware(lambda _: HttpResponse()).process_request(request)
    return request


def test_a_status_line_survives_the_next_page_with_its_buttons(request_with_messages):
    request = request_with_messages
    messages.status(request, "Noted: Jo", undo_url="/undo/1/", links=[("Add a note", "/log/1/")])
    messages.status(request, "<b>Broken</b>", level=ERROR)
    first, second = [messages.line(message) for message in get_messages(request)]

    assert first == messages.StatusLine(
        "Noted: Jo", "success", "circle-check", "/undo/1/", [("Add a note", "/log/1/")]
    )
    assert (second.tone, second.undo_url, second.links) == ("error", "", [])


def test_the_status_region_is_there_before_it_speaks(request_with_messages):
    source = '{% include "partials/status.html" %}'
    assert 'role="status"' in Template(source).render(Context({}))
    messages.status(request_with_messages, "<b>Jo</b>", undo_url="/undo/1/")
    context = {"messages": get_messages(request_with_messages), "oob": True, "csrf_token": "x"}
    shown = Template(source).render(Context(context))
    assert 'hx-swap-oob="true"' in shown
    assert "&lt;b&gt;Jo" in shown
    assert '<form method="post" action="/undo/1/">' in shown
