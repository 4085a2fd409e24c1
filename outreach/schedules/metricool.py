"""Metricool's calendar CSV: `Text, Date, Time, Draft`, then TRUE or FALSE for each network."""

from contacts.imports.reading import Table
from outreach.schedules import headers, words
from outreach.schedules.base import Mapping

NAME, LABEL = "metricool", "Metricool"


def recognise(table: Table) -> Mapping | None:
    """Its mapping, where the headers are Metricool's."""
    found = headers.positions(table)
    if not {"text", "date", "time", "draft"} <= found.keys():
        return None
    flags = {
        index: words.network(header) for index, header in enumerate(table.headers) if words.network(header)
    }
    if not flags:
        return None
    return Mapping(
        text=found["text"],
        day=found["date"],
        time=found["time"],
        draft=found["draft"],
        flags=flags,
        instead=headers.those(found, "picture url 1", "video url"),
    )
