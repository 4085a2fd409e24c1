"""Inès, who imports; files are read in this process: what the child adds to that is looked at in test_sandbox."""

import pytest

from contacts.imports import child, sandbox
from tests.cast import make_lead, make_team


@pytest.fixture(autouse=True)
def read_here(request, monkeypatch):
    if "real_child" not in request.fixturenames:
        monkeypatch.setattr(sandbox, "parse", parse)


def parse(content, name="", options=None):
    return child.parse(content, name, options or child.Options())


@pytest.fixture
def real_child():
    """Asked for by tests of the child process itself."""


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """Workers are sent for and never come: the tests do their work (`work`)."""
    sent = []
    monkeypatch.setattr(
        "contacts.tasks.work_at_import.apply_async", lambda args, **options: sent.append(args[0])
    )
    return sent


@pytest.fixture
def ines(client):
    """Inès leads the team; the client is hers."""
    ines = make_lead(make_team(), language="en")
    client.force_login(ines)
    return ines


@pytest.fixture
def team(ines):
    return ines.memberships.get().team
