"""What each page shows of notifications: the number beside the bell."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from foundation import clock
from notifications.models import Notification


def waiting(request: HttpRequest) -> dict[str, object]:
    """`waiting_count`: new notifications that are neither done nor put off.

    One query, made when a template shows it (a fragment does not); none for somebody who is not signed in. The bell
    is on each page, so this stands in for its views and asks the clock in their place.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"waiting_count": 0}
    new = Notification.objects.visible_to(user).waiting(clock.now()).unread()
    return {"waiting_count": SimpleLazyObject(new.count)}
