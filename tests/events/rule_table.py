"""The rules of rrule_table_A.txt, each with the instances it must give."""

import re
from datetime import datetime

from tests.samples import sample

_BLOCK = re.compile(
    r"^# (?P<title>.*)\nRRULE:(?P<rule>.*)\nDTSTART:(?P<start>.*)\nINSTANCES:(?P<all>.*)$", re.M
)


def table() -> list[tuple[str, datetime, list[datetime]]]:
    """(rule, DTSTART, instances) in the order of the file; all times local."""
    text = sample("ical/rrule_table_A.txt").read_text()
    return [
        (block["rule"], moment(block["start"]), [moment(one) for one in block["all"].split(",")])
        for block in _BLOCK.finditer(text)
    ]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.rstrip("Z"))
