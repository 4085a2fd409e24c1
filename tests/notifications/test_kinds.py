import pytest

from notifications import kinds


def test_a_kind_has_one_owner(registered):
    kind = registered("probe")
    assert kinds.get("probe") is kind
    kinds.register(kind)  # made ready again
    with pytest.raises(ValueError, match="probe"):
        registered("probe", template="elsewhere/probe")


def test_an_unknown_kind_says_so():
    with pytest.raises(kinds.UnknownKind, match="unheard"):
        kinds.get("unheard")
