"""`{{ message|status_line }}`: a Django message as the status line draws it."""

from django import template
from django.contrib.messages.storage.base import Message

from foundation.messages import StatusLine, line

register = template.Library()


@register.filter
def status_line(message: Message) -> StatusLine:
    """The words, tone and buttons of a message."""
    return line(message)
