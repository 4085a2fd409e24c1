"""What lies in the queue of the broker."""

from celery import Celery
from kombu.exceptions import OperationalError


class Silent(Exception):
    """The broker does not answer."""


def waiting(app: Celery) -> int:
    """How many messages no worker has taken yet. Raises Silent."""
    connection = app.connection_for_read()
    try:
        with connection:
            declared = connection.channel().queue_declare(queue=app.conf.task_default_queue, passive=True)
            return int(declared.message_count)
    except (OperationalError, *connection.connection_errors, *connection.channel_errors) as problem:
        raise Silent(str(problem)) from problem
