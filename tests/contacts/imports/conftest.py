"""Files are read in this process: what the child adds to that is looked at in test_sandbox."""

import pytest

from contacts.imports import child, sandbox


@pytest.fixture(autouse=True)
def read_here(request, monkeypatch):
    if "real_child" not in request.fixturenames:
        monkeypatch.setattr(sandbox, "parse", parse)


def parse(content, name="", options=None):
    return child.parse(content, name, options or child.Options())


@pytest.fixture
def real_child():
    """Asked for by tests of the child process itself."""
