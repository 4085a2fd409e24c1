"""SocialBee's import: `text, link, imageUrls, gifUrls, videoUrls, postAtSpecificTime` (`YYYY-MM-DD HH:mm:ss`)."""

from contacts.imports.reading import Table
from outreach.schedules import headers
from outreach.schedules.base import Mapping

NAME, LABEL = "socialbee", "SocialBee"


def recognise(table: Table) -> Mapping | None:
    """Its mapping, where the headers are SocialBee's."""
    found = headers.positions(table)
    if not {"text", "postatspecifictime"} <= found.keys():
        return None
    return Mapping(
        text=found["text"],
        at=found["postatspecifictime"],
        instead=headers.those(found, "link", "imageurls", "gifurls", "videourls"),
    )
