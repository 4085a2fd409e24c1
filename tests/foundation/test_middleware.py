"""Who sends too much still hears why: the rest is read before the answer leaves."""

import io

import pytest
from django.http import HttpResponse

from foundation import middleware


class Sent(io.BytesIO):
    """What somebody sends, and may stop sending."""

    breaks = False

    def read(self, size=-1):
        if self.breaks:
            raise OSError
        return super().read(size)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(middleware, "MOST", 30)
    monkeypatch.setattr(middleware, "_PIECE", 10)


def answer(rf, sent, length, status=400):
    request = rf.post("/", CONTENT_LENGTH=str(length))
    request._stream = sent
    return middleware.ReadOutMiddleware(lambda _request: HttpResponse(status=status))(request)


@pytest.mark.parametrize(
    ("status", "length", "left"), [(400, 25, 0), (302, 25, 0), (200, 10, 10), (400, 50, 20)]
)
def test_what_is_left_of_a_long_form_is_read_but_not_without_end(rf, status, length, left):
    sent = Sent(b"x" * length)
    assert answer(rf, sent, length, status).status_code == status
    assert len(sent.getvalue()) - sent.tell() == left


def test_somebody_who_left_is_not_waited_for(rf):
    sent = Sent(b"x" * 25)
    sent.breaks = True
    assert answer(rf, sent, 25).status_code == 400
