import pytest

from notifications import kinds
from notifications.kinds import Category, Kind


@pytest.fixture
def registered(monkeypatch):
    """Registers a kind that only this test knows: `registered("probe", still_true=...)`."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))

    def register(name="probe", category=Category.REMINDER, **fields):
        defaults = {
            "still_true": lambda notification, now: True,
            "context": lambda notification, now: dict(notification.context),
            "template": "notifications/tests/probe",
            "url": lambda notification: f"/somewhere/{notification.pk}/",
            "title": "A probe",
        }
        kind = Kind(name=name, category=category, **{**defaults, **fields})
        kinds.register(kind)
        return kind

    return register
