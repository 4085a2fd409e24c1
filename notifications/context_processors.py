"""What each page shows of notifications: the number beside the bell, and to admins that mail is late."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from foundation import clock
from notifications import desk
from notifications.models import Address, Notification


def waiting(request: HttpRequest) -> dict[str, object]:
    """`waiting_count`: new notifications that are neither done nor put off. `mail_late_minutes`: to admins, above 0
    when reminders are late. `refused_addresses`: those that a mail server refused for good.

    One query each, made when a template shows it (a fragment does not); none for somebody who is not signed in. The
    bell is on each page, so this stands in for its views and asks the clock in their place.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"waiting_count": 0}
    new = Notification.objects.visible_to(user).waiting(clock.now()).unread()
    late = SimpleLazyObject(lambda: desk.health(clock.now()).late_minutes) if user.is_admin else 0
    return {
        "waiting_count": SimpleLazyObject(new.count),
        "mail_late_minutes": late,
        "refused_addresses": SimpleLazyObject(_refused),
    }


def _refused() -> frozenset[str]:
    return frozenset(Address.objects.values_list("value", flat=True))
