"""How the two databases hand over moments when thousands are read at once.

PostgreSQL's driver makes moments itself. SQLite keeps text, and what Django does to turn it into a moment costs more
than everything else a team's page does: here the text is compared as it is, or read by the standard library.
"""

import datetime as dt

from django.db import connection
from django.db.models import F, TextField
from django.db.models.functions import Cast


def raw(column: str) -> Cast | F:
    """A column of moments as the database keeps it, for `annotate`."""
    return Cast(column, TextField()) if connection.vendor == "sqlite" else F(column)


def mark(moment: dt.datetime) -> dt.datetime | str:
    """A moment to compare with raw ones; SQLite's text is in UTC and sorts as time does."""
    return f"{moment:%Y-%m-%d %H:%M:%S}" if connection.vendor == "sqlite" else moment


def moment(value: dt.datetime | str) -> dt.datetime:
    """A raw moment as an aware one."""
    if isinstance(value, str):
        return dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)
    return value
