"""Where a relay leads: the launch's address with the parameters that the team chose. Pure."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

RELAY = "{relay}"
NAMES = ("utm_source", "utm_medium", "utm_campaign", "utm_content")


def target(address: str, parameters: Mapping[str, str], relay: str) -> str:
    """`address` with the parameters added, `{relay}` in them replaced; "" when it is no web address.

    What the address says already stays as it is: a parameter it has is not added. Empty ones are left out.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    known = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = {
        name: value.replace(RELAY, relay) for name, value in parameters.items() if value and name not in known
    }
    query = "&".join(filter(None, (parts.query, urlencode(added))))
    return urlunsplit(parts._replace(query=query))
