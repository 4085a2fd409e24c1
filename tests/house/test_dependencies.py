"""The virtual environment that `./dev` makes."""

import sys

from tools import dependencies


def test_an_environment_that_is_linked_from_another_checkout_is_not_cleared(tmp_path, monkeypatch):
    theirs, ours = tmp_path / "theirs", tmp_path / ".venv"
    theirs.mkdir()
    ours.symlink_to(theirs)
    cleared = []
    monkeypatch.setattr(dependencies, "VENV", ours)
    monkeypatch.setattr(
        dependencies, "succeeds", lambda command: not cleared.append((command[-2:], ours.exists()))
    )
    dependencies.make_venv(sys.executable)
    assert cleared == [(["--clear", str(ours)], False)]  # by then it is no link any more
    assert theirs.exists()
