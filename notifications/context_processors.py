"""What each page shows of notifications: the number beside the bell, and to admins that mail is late."""

from functools import cache

from django.db.models import Count
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from foundation import clock
from foundation.compiled import Compiled, given
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
    late = SimpleLazyObject(lambda: desk.health(clock.now()).late_minutes) if user.is_admin else 0
    return {
        "waiting_count": SimpleLazyObject(lambda: _new(user)),
        "mail_late_minutes": late,
        "refused_addresses": SimpleLazyObject(_refused),
    }


def _new(user: User) -> int:
    return sum(count for (count,) in _counted().rows(user=user, now=clock.now()))


@cache
def _counted() -> Compiled:
    new = Notification.objects.visible_to(given("user")).waiting(given("now")).unread()
    return Compiled(new.values("recipient").annotate(count=Count("pk")).values_list("count"))


def _refused() -> frozenset[str]:
    return frozenset(Address.objects.values_list("value", flat=True))
