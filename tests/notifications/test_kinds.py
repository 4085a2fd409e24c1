import pytest

from notifications import kinds


def test_a_kind_is_registered_once(registered):
    kind = registered("probe")
    assert kinds.get("probe") is kind
    with pytest.raises(ValueError, match="probe"):
        kinds.register(kind)


def test_an_unknown_kind_says_so():
    with pytest.raises(kinds.UnknownKind, match="unheard"):
        kinds.get("unheard")
