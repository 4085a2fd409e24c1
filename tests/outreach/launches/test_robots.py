"""Who is counted: people who clicked, and nobody else that can be told."""

import pytest

from outreach.launches.robots import is_person

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Mobile"
)
PEOPLE = [
    FIREFOX,
    f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1",
    f"{ANDROID} Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Safari/537.36 Edg/128",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.16",
    "Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/96.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124 YaBrowser/24.1 Safari/537",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605 Ddg/17",
    # people inside an app: it shows the page itself and names what it is
    f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/470.0]",
    f"{ANDROID} Safari/537.36 Instagram 340.0 Android",
    f"{ANDROID} Safari/537.36 Telegram-Android/11.0",
    f"{IPHONE} Mobile/15E148 Snapchat/12.90 (like Safari/8617)",
    f"{IPHONE} Mobile/15E148 [Pinterest/iOS]",
]
PROGRAMS = [
    "",
    "  ",
    "Googlebot/2.1 (+http://www.google.com/bot.html)",
    f"{ANDROID} Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    f"{ANDROID} Safari/537.36 Google-Read-Aloud",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.24.14 A",
    "TelegramBot (like TwitterBot)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "http.rb/5.1 (Mastodon/4.2.10; +https://mastodon.social/)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/128.0 Safari/537.36",
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Barracuda Sentinel (EE)",
    "curl/8.5.0",
    "python-requests/2.32",
    "Java/17.0.2",
    "Go-http-client/2.0",
    "node",
]


def headers(agent=FIREFOX, **more):
    return {"HTTP_USER_AGENT": agent, **{f"HTTP_{name.upper()}": value for name, value in more.items()}}


@pytest.mark.parametrize("agent", PEOPLE)
def test_browsers_are_people(agent):
    assert is_person("GET", headers(agent))
    assert is_person("GET", headers(agent, sec_fetch_mode="navigate", sec_fetch_dest="document"))


@pytest.mark.parametrize("agent", PROGRAMS)
def test_programs_are_not(agent):
    assert not is_person("GET", headers(agent))


@pytest.mark.parametrize(
    "more",
    [
        {"sec_purpose": "prefetch"},
        {"sec_purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x_purpose": "preview"},
        {"x_moz": "prefetch"},
        {"sec_fetch_mode": "no-cors", "sec_fetch_dest": "image"},
        {"sec_fetch_mode": "navigate", "sec_fetch_dest": "iframe"},
        {"sec_fetch_mode": "cors"},
    ],
    ids=str,
)
def test_what_is_fetched_in_advance_or_as_a_part_is_no_click(more):
    assert not is_person("GET", headers(**more))


def test_a_link_checker_asks_with_head():
    assert not is_person("HEAD", headers())


def test_no_header_at_all_is_no_person():
    assert not is_person("GET", {})
