"""Publer's bulk import: `Date, Message, Link, Media URLs, Title, Label(s)`, dates as `YYYY/MM/DD HH:MM`."""

from contacts.imports.reading import Table
from outreach.schedules import headers
from outreach.schedules.base import Mapping

NAME, LABEL = "publer", "Publer"


def recognise(table: Table) -> Mapping | None:
    """Its mapping, where the headers are Publer's."""
    found = headers.positions(table)
    message = headers.one(found, "message", "text")
    own = {"media urls", "media url s", "media s url", "label s", "labels"} & found.keys()
    if message is None or "date" not in found or not own:
        return None
    return Mapping(
        text=message,
        at=found["date"],
        instead=headers.those(found, "title", "link", "media urls", "media url s"),
    )
