"""A sheet that a team keeps by hand, its headers in French or English, in any order.

A text and a day (or a moment) are needed; a time, channels, a state, an id and columns to tick for a network are
taken where they are.
"""

from contacts.imports.reading import Table
from outreach.schedules import headers, words
from outreach.schedules.base import Mapping

NAME, LABEL = "handkept", "Calendar kept by hand"

TEXT = ("texte", "text", "message", "contenu", "content", "publication", "post", "legende", "caption", "copy",
        "texte du post", "texte de la publication", "description", "titre", "title", "sujet", "body")  # fmt: skip
AT = ("date et heure", "date heure", "scheduled time", "scheduled at", "publish at", "date time", "datetime",
      "date de publication", "publication date", "posting time", "date programmee", "date heure de publication",
      "date and time", "schedule", "scheduled for", "programme le", "post date", "publish date",
      "scheduled date")  # fmt: skip
DAY = ("jour", "date", "day", "le")
TIME = ("heure", "time", "horaire", "hour", "heure de publication", "h")
CHANNELS = ("reseau x", "reseaux", "reseau", "reseau social", "reseaux sociaux", "canal", "canaux", "channel",
            "channels", "plateforme", "plateformes", "platform", "platforms", "network", "networks", "support",
            "supports", "social network", "profil", "profile", "profiles")  # fmt: skip
STATUS = ("statut", "status", "etat", "state", "avancement")
EXTERNAL_ID = ("id", "identifiant", "post id", "external id", "ref", "reference")
INSTEAD = ("lien", "link", "url", "visuel", "image", "media", "image url")


def recognise(table: Table) -> Mapping | None:
    """Its mapping, where there is a column for the text and one for the day or the moment."""
    found = headers.positions(table)
    text, at, day = headers.one(found, *TEXT), headers.one(found, *AT), headers.one(found, *DAY)
    if text is None or (at is None and day is None):
        return None
    time = headers.one(found, *TIME)
    if at is not None and (day is None or time is None):
        if time is not None and day is None:
            at, day = None, at  # "Date de publication", "Heure"
        else:
            day = time = None
    elif at is not None:
        at = None
    if at is None and time is None:
        at, day = day, None
    return Mapping(
        text=text,
        at=at,
        day=day,
        time=time,
        channels=headers.one(found, *CHANNELS),
        flags={i: words.network(header) for i, header in enumerate(table.headers) if words.network(header)},
        status=headers.one(found, *STATUS),
        external_id=headers.one(found, *EXTERNAL_ID),
        instead=headers.those(found, *INSTEAD),
    )
