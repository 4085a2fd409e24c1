"""The least a web server can do for a click: say "go there"."""

from collections.abc import Callable, Iterable
from typing import Any


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A redirect, always the same."""
    start_response("302 Found", [("Location", "https://launch.example/"), ("Content-Length", "0")])
    return [b""]
