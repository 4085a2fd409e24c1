"""Signs of life: when something that has to go on for ever last did."""

from datetime import datetime

from notifications.models import Pulse


def beat(name: str, now: datetime) -> None:
    """It is alive at `now`; a pass that was given an earlier moment does not set it back."""
    if not Pulse.objects.filter(name=name, at__lt=now).update(at=now):
        Pulse.objects.get_or_create(name=name, defaults={"at": now})


def last(name: str) -> datetime | None:
    """When it last was; None for never."""
    return Pulse.objects.filter(name=name).values_list("at", flat=True).first()
