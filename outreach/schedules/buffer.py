"""Buffer's bulk upload: `Text, Image URL, Tags, Posting Time`, times as `YYYY-MM-DD HH:mm`, one file a channel."""

from contacts.imports.reading import Table
from outreach.schedules import headers
from outreach.schedules.base import Mapping

NAME, LABEL = "buffer", "Buffer"


def recognise(table: Table) -> Mapping | None:
    """Its mapping, where the headers are Buffer's."""
    found = headers.positions(table)
    if not {"text", "posting time"} <= found.keys():
        return None
    return Mapping(
        text=found["text"], at=found["posting time"], instead=headers.those(found, "image url", "image urls")
    )
