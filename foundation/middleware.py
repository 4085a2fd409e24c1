"""What the server owes to somebody whose long form it does not take."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, UnreadablePostError

MOST = 100_000_000  # bytes; who sends more sees the connection end
_PIECE = 1_000_000


class ReadOutMiddleware:
    """Reads, and forgets, what is left of a long form when its answer is known: too long, or not signed in. A server that
    hangs up on somebody who is still sending takes the answer along, the page that says in words why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        length = request.headers.get("content-length") or "0"
        if length.isdecimal() and int(length) > _PIECE:
            _read_out(request)
        return response


def _read_out(request: HttpRequest) -> None:
    try:
        for _piece in range(MOST // _PIECE):
            if not request.read(_PIECE):
                return
    except (UnreadablePostError, OSError):  # they hung up first
        return
