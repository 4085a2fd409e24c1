"""How many notifications wait for somebody: the number beside the bell."""

from django import template
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from foundation import clock
from notifications.models import Notification

register = template.Library()


@register.simple_tag
def unread_count(user: User | AnonymousUser) -> int:
    """New notifications that are neither done nor put off; one query, none for somebody not signed in.

    The bell is on each page, so the tag stands in for its views and asks the clock in their place.
    """
    if not isinstance(user, User):
        return 0
    return Notification.objects.visible_to(user).waiting(clock.now()).unread().count()
