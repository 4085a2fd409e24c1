"""A page answers whole, or with its fragment and the status line."""

import pytest
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from foundation import htmx, messages

PAGE = "<h1>{{ word }}</h1>{% partialdef rows inline %}<ul>{{ word }}</ul>{% endpartialdef %}"
STATUS = "{% for message in messages %}[{{ message }}{% if oob %} oob{% endif %}]{% endfor %}"


@pytest.fixture(autouse=True)
def templates(settings, tmp_path):
    (tmp_path / "partials").mkdir()
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "partials" / "status.html").write_text(STATUS, encoding="utf-8")
    engine = {**settings.TEMPLATES[0], "DIRS": [tmp_path]}
    settings.TEMPLATES = [engine]


def answer(headers: dict[str, str], said: str = "", status: int = 200) -> HttpResponse:
    request = RequestFactory().get("/", headers=headers)
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    MessageMiddleware(lambda _: HttpResponse()).process_request(request)
    if said:
        messages.status(request, said)
    view = HtmxMiddleware(
        lambda request: htmx.respond(request, "page.html", {"word": "Jo"}, fragment="rows", status=status)
    )
    return view(request)


def test_a_browser_gets_the_page():
    response = answer({})
    assert response.content == b"<h1>Jo</h1><ul>Jo</ul>"
    assert "HX-Request" in response["Vary"]


def test_htmx_gets_the_fragment_and_what_was_said():
    assert answer({"HX-Request": "true"}).content == b"<ul>Jo</ul>"
    assert answer({"HX-Request": "true"}, "Noted").content == b"<ul>Jo</ul>[Noted oob]"


def test_htmx_restoring_history_gets_the_page():
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert answer(headers).content.startswith(b"<h1>")


def test_form_errors_keep_their_status():
    assert answer({"HX-Request": "true"}, status=422).status_code == 422


@pytest.mark.parametrize(
    ("headers", "status", "header"), [({}, 302, "Location"), ({"HX-Request": "true"}, 204, "HX-Redirect")]
)
def test_both_are_sent_elsewhere(headers, status, header):
    request = RequestFactory().post("/", headers=headers)
    response = HtmxMiddleware(lambda request: htmx.redirect(request, "/contacts/"))(request)
    assert (response.status_code, response[header]) == (status, "/contacts/")
