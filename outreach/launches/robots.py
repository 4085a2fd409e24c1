"""Which requests for a relay are people who clicked: the rule, in one place. Pure.

Not counted, though sent on all the same:

1. anything but GET: link checkers ask with HEAD;
2. what a browser fetches in advance: `Sec-Purpose` or `Purpose` with "prefetch" or "prerender" (Fetch, Speculation
   Rules), `X-Purpose: preview` (Safari's top sites), `X-Moz: prefetch` (old Firefox);
3. what a browser says is no navigation: `Sec-Fetch-Mode` other than "navigate", `Sec-Fetch-Dest` other than "document"
   (a picture, a script, a frame);
4. programs: no `User-Agent`, or one with "bot" or a word of WORDS in it: crawlers, the previews of messengers, networks and
   mail scanners, monitors, libraries.

A program that calls itself a browser is counted: nothing short of following people could tell.
"""

import re
from collections.abc import Mapping

WORDS = (
    # what call themselves so
    "crawl", "spider", "slurp", "archiver", "scan", "fetch", "preview", "monitor", "check", "validator", "headless",
    "phantomjs", "lighthouse", "prerender", "scrapy", "proxy",
    # previews of messengers and networks
    "facebookexternalhit", "facebookcatalog", "meta-external", "whatsapp", "telegram", "viber", "skypeuri", "snapchat",
    "embedly", "iframely", "pinterest", "tumblr", "vkshare", "mastodon", "pleroma", "akkoma", "misskey", "friendica",
    "cardyb", "flipboard", "quora link", "outbrain", "google-", "googleother", "mediapartners", "qwantify",
    # mail and web scanners
    "barracuda", "proofpoint", "mimecast", "symantec", "sophos", "trendmicro", "bitdefender", "safelinks",
    # monitors
    "uptime", "pingdom", "statuscake", "nagios", "zabbix", "site24x7", "datadog", "newrelic",
    # libraries and tools
    "curl", "wget", "python", "aiohttp", "httpx", "java/", "okhttp", "apache-http", "go-http", "ruby", "http.rb",
    "perl", "libwww", "lwp", "php", "guzzle", "axios", "node", "undici", "postman", "insomnia", "httpie", "winhttp",
    "dart/", "cfnetwork", "feed", "rss",
)  # fmt: skip
"""Parts of the User-Agent of programs, in lower case."""

# Cubot makes telephones. Each way begins with a letter: then re passes quickly over what begins with none of them.
_BOT = "bot(?<!cubot)"
# Apps that show a page inside themselves name the library or the messenger after a browser's own words.
_IN_APP = re.compile(r"^mozilla/5\.0 \([^)]*(?:android|iphone|ipad)[^)]*\).*applewebkit", re.I)
_ALWAYS = re.compile(f"{_BOT}|crawl|spider|preview|facebookexternalhit|headless|lighthouse|google-")
_PROGRAM = re.compile("|".join((_BOT, *map(re.escape, WORDS))))


def is_person(method: str, meta: Mapping[str, object]) -> bool:
    """Whether a request is to be counted. `meta` as WSGI's environ or Django's `request.META`."""
    return method == "GET" and not _in_advance(meta) and _navigates(meta) and not _is_program(meta)


def _in_advance(meta: Mapping[str, object]) -> bool:
    said = "".join(
        str(meta.get(name, ""))
        for name in ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
    ).lower()
    return any(word in said for word in ("prefetch", "prerender", "preview"))


def _navigates(meta: Mapping[str, object]) -> bool:
    return meta.get("HTTP_SEC_FETCH_MODE", "navigate") == "navigate" and meta.get(
        "HTTP_SEC_FETCH_DEST", "document"
    ) in ("document", "empty")


def _is_program(meta: Mapping[str, object]) -> bool:
    agent = str(meta.get("HTTP_USER_AGENT", "")).lower()
    pattern = _ALWAYS if _IN_APP.match(agent) else _PROGRAM
    return not agent.strip() or pattern.search(agent) is not None
