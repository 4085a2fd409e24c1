"""What the tests of contacts share: meetings that are noted, not only there."""

import uuid

from contacts import logbook
from tests.cast import NOW, touchpoint_kind


def noted(team, by, contacts, met_at=NOW, **fields):
    """As somebody notes a meeting, now unless told otherwise."""
    defaults = {"client_id": uuid.uuid4(), "kind": touchpoint_kind(), "now": NOW}
    return logbook.note(team=team, by=by, contacts=contacts, met_at=met_at, **{**defaults, **fields})
