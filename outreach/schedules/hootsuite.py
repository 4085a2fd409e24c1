"""Hootsuite's bulk composer: no header; date and time, message, link. The order of day and month is the account's."""

import re

from contacts.imports.reading import Table
from outreach.schedules.base import Mapping

NAME, LABEL = "hootsuite", "Hootsuite"
_MOMENT = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[ T]\d{1,2}:\d{2}(:\d{2})?( ?[AaPp]\.?[Mm]\.?)?")


def recognise(table: Table) -> Mapping | None:
    """Its mapping, where there is no header and nearly every row starts with a day and time."""
    if table.header_line is not None or len(table.headers) < 2 or not table.rows:
        return None
    dated = sum(1 for row in table.rows if _MOMENT.fullmatch(row.cells[0].strip()))
    if dated < 0.8 * len(table.rows):
        return None
    return Mapping(text=1, at=0, instead=(2,) if len(table.headers) > 2 else ())
