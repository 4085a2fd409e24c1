import gzip
import io
import socket
import time
import zlib

import pytest

from foundation import connecting, fetch
from foundation.fetch import FetchError
from tests.foundation import servers
from tests.foundation.servers import answer, moved, raw, serving

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def private(settings):
    settings.FETCH_PRIVATE = True


@pytest.fixture
def site(private):
    with serving() as site:
        yield site


@pytest.fixture
def soon(monkeypatch):
    """The deadline, so that a test need not wait 5 s for it."""
    monkeypatch.setattr(fetch, "SECONDS", 0.4)


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """A certificate this machine trusts, for a name and two addresses."""
    path = servers.certificate(tmp_path, "site.test", "127.0.0.1", "127.0.0.2")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


def refused(url, **kwargs):
    with pytest.raises(FetchError) as raised:
        fetch.get(url, **kwargs)
    return raised.value


# --- What works ---


def test_a_page_comes_with_its_headers(site):
    site["/a%20b?c=%C3%A9&d=[1]"] = answer(
        CALENDAR, ETag='"1"', Last_Modified="Thu, 26 Nov 2026 10:00:00 GMT"
    )
    found = fetch.get(f"{site.url}/a b?c=é&d=[1]")
    assert (found.status, found.body, found.etag) == (200, CALENDAR, '"1"')
    assert found.last_modified == "Thu, 26 Nov 2026 10:00:00 GMT"
    assert site.asked[0][2]["Host"] == f"127.0.0.1:{site.port}"


def test_what_has_not_changed_is_not_sent_again(site):
    site["/"] = answer(status=304)
    found = fetch.get(site.url, etag='"1"', last_modified="Thu, 26 Nov 2026 10:00:00 GMT")
    asked = site.asked[0][2]
    assert found.not_modified and found.body == b""
    assert asked["If-None-Match"] == '"1"' and asked["If-Modified-Since"].startswith("Thu")


def test_json_and_forms_are_posted_with_the_key(site):
    site["/api"] = answer(b'{"visitors": 6000}')
    assert fetch.post(f"{site.url}/api", json={"metrics": ["é"]}, token="s3cret").json() == {"visitors": 6000}
    fetch.post(f"{site.url}/api", form={"module": "API", "q": "é&"}, headers={"X-Kind": "matomo"})
    (how, _, first, sent), (_, _, second, form) = site.asked
    assert (how, sent, first["Authorization"]) == ("POST", b'{"metrics": ["\\u00e9"]}', "Bearer s3cret")
    assert form == b"module=API&q=%C3%A9%26" and second["X-Kind"] == "matomo"
    assert second["Content-Type"] == "application/x-www-form-urlencoded"


def test_what_is_packed_is_unpacked_in_one_member_or_several(site):
    packed = gzip.compress(CALENDAR) + gzip.compress(b"more")
    site["/"] = answer(packed, Content_Encoding="gzip")
    assert fetch.get(site.url).body == CALENDAR + b"more"


def test_an_answer_in_chunks_is_one(site):
    def page(request):
        request.protocol_version = "HTTP/1.1"
        request.send_response(200)
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        request.wfile.write(b"5\r\nBEGIN\r\n4\r\n:VCA\r\n0\r\n\r\n")

    site["/"] = page
    assert fetch.get(site.url).body == b"BEGIN:VCA"


# --- Where it leads ---


def test_three_redirects_are_followed_and_a_fourth_is_not(site):
    for hop in range(4):
        site[f"/{hop}"] = moved(f"/{hop + 1}", 301 + hop if hop < 3 else 308)
    site["/4"] = answer(CALENDAR)
    assert fetch.get(f"{site.url}/1").url == f"{site.url}/4"
    assert refused(f"{site.url}/0").permanent


def test_another_site_gets_no_secret(site):
    with serving() as other:
        other["/in"] = moved(f"{site.url}/back")
        other["/"] = answer(CALENDAR)
        site["/out"] = moved(f"{other.url}/in")
        site["/back"] = answer(CALENDAR)
        fetch.get(f"{site.url}/out", token="s3cret", headers={"X-Key": "k3y"})
    assert [asked[2].get("Authorization") for asked in other.asked] == [None]
    assert "X-Key" not in other.asked[0][2]
    assert site.asked[1][2]["Authorization"] == "Bearer s3cret"


def test_what_is_posted_goes_to_no_other_site(site):
    with serving() as other:
        site["/there"] = moved(f"{other.url}/", 308)
        site["/get"] = moved("/api", 303)
        site["/again"] = moved("/api", 307)
        site["/api"] = answer(b"{}")
        for path in ("/there", "/get"):
            with pytest.raises(FetchError, match=site.url if path == "/get" else other.url) as raised:
                fetch.post(f"{site.url}{path}", json={}, token="s3cret")
            assert raised.value.permanent
        assert fetch.post(f"{site.url}/again", json={"a": 1}).status == 200
    assert other.asked == [] and site.asked[-1][3] == b'{"a": 1}'


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/feed.ics",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_INFO",
        "javascript:alert(1)",
        "/feed.ics",
        "",
        "https://",
        "https://a..b/",
        "https://example.org:99999/",
        "https://[::1/",
        "https://jo:pass@example.org/",
    ],
)
def test_what_is_no_address_of_a_site_is_said_to_be_none(url):
    error = refused(url)
    assert error.permanent and error.message.endswith(".")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "10.0.0.1",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "100.64.0.1",
        "[64:ff9b::7f00:1]",
    ],
)
def test_nothing_private_is_asked_however_it_is_written(host, monkeypatch):
    def nobody(*_args):
        raise AssertionError("connected")

    monkeypatch.setattr(socket.socket, "connect", nobody)
    error = refused(f"https://{host}/")
    assert error.permanent or "no site" in error.message or "Aucun site" in error.message


def test_a_redirect_to_a_neighbour_is_not_followed(certificate, monkeypatch):
    """127.0.0.2 stands for the open internet here: what it sends us on to is looked at all the same."""
    monkeypatch.setattr(connecting, "is_public", lambda address: address == "127.0.0.2")
    with serving("127.0.0.2", certificate) as outside, serving("127.0.0.1", certificate) as inside:
        outside["/"] = moved(f"{inside.url}/")
        outside["/plain"] = moved("http://127.0.0.2/")
        outside["/good"] = answer(CALENDAR)
        assert fetch.get(f"{outside.url}/good").body == CALENDAR
        assert refused(f"{outside.url}/").permanent
        assert refused(f"{outside.url}/plain").permanent
        assert inside.asked == []


def test_a_name_that_changes_its_mind_gains_nothing(certificate, monkeypatch):
    """DNS rebinding: asked once, and connected to what that answer said."""
    said = [["127.0.0.2"], ["127.0.0.1"]]
    monkeypatch.setattr(connecting, "is_public", lambda address: address == "127.0.0.2")
    with serving("127.0.0.2", certificate) as outside, serving("127.0.0.1", certificate) as inside:

        def resolve(host, port, **_kwargs):
            addresses = said.pop(0)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        outside["/"] = answer(CALENDAR)
        assert fetch.get(f"https://site.test:{outside.port}/").body == CALENDAR
        assert said == [["127.0.0.1"]]
        assert refused(f"https://site.test:{inside.port}/").permanent
        assert inside.asked == []


def test_of_several_addresses_only_public_ones_are_tried(certificate, monkeypatch):
    monkeypatch.setattr(connecting, "is_public", lambda address: address.startswith("127.0.0."))
    tried = []
    with serving("127.0.0.2", certificate) as outside:
        addresses = ["10.0.0.1", "127.0.0.3", "127.0.0.2"]
        rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, outside.port)) for one in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: rows)
        real = socket.socket.connect
        monkeypatch.setattr(
            socket.socket, "connect", lambda self, to: (tried.append(to[0]), real(self, to))[1]
        )
        outside["/"] = answer(CALENDAR)
        assert fetch.get(f"https://site.test:{outside.port}/").body == CALENDAR
    assert tried == ["127.0.0.3", "127.0.0.2"]


def test_a_certificate_for_another_name_is_refused(certificate, monkeypatch, private):
    with serving("127.0.0.1", certificate) as site:
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *args, **kwargs: real("127.0.0.1", *args, **kwargs)
        )
        refused(f"https://other.test:{site.port}/")
        assert site.asked == []


# --- How long and how much ---


def drip(caller, over):
    """A header that never ends, a letter at a time."""
    caller.recv(1000)
    caller.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while not over.wait(0.05):
        caller.sendall(b"x")


def drip_body(caller, over):
    caller.recv(1000)
    caller.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not over.wait(0.05):
        caller.sendall(b"x")


def silence(caller, over):
    over.wait(10)


@pytest.mark.parametrize("talk", [drip, drip_body, silence])
def test_however_slowly_it_drips_it_is_over_in_time(private, soon, talk):
    with raw(talk) as url:
        begun = time.monotonic()
        error = refused(url)
        assert time.monotonic() - begun < 5
    assert "5" in error.message and not error.permanent


def test_an_encryption_that_is_never_agreed_on_is_over_in_time(private, soon):
    with raw(silence) as url:
        assert not refused(url.replace("http:", "https:")).permanent


def test_a_name_server_that_does_not_answer_is_over_in_time(soon, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: time.sleep(1.5))
    assert "5" in refused("https://example.org/").message


def test_an_endless_answer_is_cut_off(site):
    def endless(request):
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(b"x" * 65536)

    site["/"] = endless
    error = refused(site.url)
    assert error.permanent and "1" in error.message


def test_a_bomb_is_not_unpacked(site):
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as writing:
        for _ in range(64):
            writing.write(b"\0" * 1_000_000)
    assert len(packed.getvalue()) < 100_000
    site["/"] = answer(packed.getvalue(), Content_Encoding="gzip")
    assert refused(site.url).permanent


def test_exactly_as_much_as_is_allowed_is_taken(site):
    site["/"] = answer(b"x" * fetch.MOST_BYTES)
    site["/more"] = answer(b"x" * (fetch.MOST_BYTES + 1))
    assert len(fetch.get(site.url).body) == fetch.MOST_BYTES
    assert refused(f"{site.url}/more").permanent


@pytest.mark.parametrize(
    "page",
    [
        answer(CALENDAR, Content_Length="1000"),
        answer(gzip.compress(CALENDAR)[:-9], Content_Encoding="gzip"),
        answer(b"no gzip at all", Content_Encoding="gzip"),
        answer(CALENDAR, Content_Encoding="br"),
        answer(zlib.compress(CALENDAR), Content_Encoding="gzip"),
    ],
)
def test_what_broke_off_is_not_taken_for_the_whole(site, page):
    site["/"] = page
    refused(site.url)


# --- What is said ---


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        (401, True),
        (403, True),
        (404, True),
        (410, True),
        (400, True),
        (408, False),
        (429, False),
        (503, False),
    ],
)
def test_an_error_of_the_site_is_lasting_or_not(site, status, permanent):
    site["/"] = answer(status=status)
    error = refused(site.url)
    assert (error.permanent, error.status) == (permanent, status)
    assert str(status) in error.message


def test_nobody_there_and_nonsense_are_one_kind_of_error(private):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert not refused(f"http://127.0.0.1:{port}/").permanent
    with raw(lambda caller, over: caller.sendall(b"220 mail.example.org ESMTP\r\n")) as url:
        assert not refused(url).permanent


def test_an_answer_that_is_no_json_says_so(site):
    site["/"] = answer(b"<html>")
    with pytest.raises(FetchError):
        fetch.get(site.url).json()


def test_a_key_of_letters_that_no_key_has_is_refused():
    assert refused("https://example.org/", token="clé\n").permanent


def test_an_address_can_be_looked_at_before_it_is_kept():
    assert fetch.check(" https://Exämple.org:443/a b ") == "https://xn--exmple-cua.org/a%20b"
