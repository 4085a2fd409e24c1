"""What Check found, as it is counted, kept and given back: a letter a row, and words for the few that need them."""

import csv
import io
import re
from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from contacts.imports.applying import Incoming, Outcome
from contacts.imports.plans import Verdict

GROUPS: dict[str, tuple[Verdict, ...]] = {
    "new": (Verdict.NEW,),
    "known": (Verdict.UPDATED, Verdict.KNOWN),
    "again": (Verdict.AGAIN, Verdict.SAME),
    "likely": (Verdict.LIKELY,),
    "to_fix": (Verdict.REJECTED,),
    "left_out": (Verdict.SKIPPED,),
}
"""The filters of Check. Those who asked not to be held are counted, and shown nowhere."""

_UPDATED = ord(Verdict.UPDATED)
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def counts(outcome: Outcome) -> dict[str, int]:
    """How many rows of each group, and how many were held back; how many known contacts are completed, a contact once
    however many rows say more of it."""
    letters = Counter(chr(letter) for letter in outcome.verdicts)
    found = {name: sum(letters[verdict] for verdict in group) for name, group in GROUPS.items()}
    completed = {
        target for letter, target in zip(outcome.verdicts, outcome.targets, strict=True) if letter == _UPDATED
    }
    return {**found, "completed": len(completed), "held_back": letters[Verdict.HELD_BACK]}


def kept(outcome: Outcome) -> dict[str, Any]:
    """Everything of an outcome that its pages show, as JSON. `said` holds remarks and reasons by place."""
    said: dict[int, list[Any]] = {}
    for remark in outcome.remarks:
        said.setdefault(remark.place, []).append(remark.text.as_json())
    return {
        "verdicts": outcome.verdicts.decode("ascii"),
        "targets": {place: target for place, target in enumerate(outcome.targets) if target},
        "said": said,
        "findings": [finding.as_json() for finding in outcome.findings],
    }


def rejected_as_csv(listed: Incoming, outcome: Outcome) -> bytes:
    """The rows that were not taken, as Excel opens them, with why in a last column; b"" for none."""
    if not outcome.rejected:
        return b""
    reasons = iter(outcome.rejected)
    text = io.StringIO()
    lines = csv.writer(text, delimiter=";")
    lines.writerow([*map(_guarded, listed.found["headers"]), _("Line"), _("Reason")])
    width = len(listed.found["headers"])
    for place, row in listed.rows():
        if row and outcome.verdicts[place] == ord(Verdict.REJECTED):
            cells = [*row.cells[:width], *[""] * (width - len(row.cells))]
            lines.writerow([*map(_guarded, cells), row.line, str(next(reasons).reason)])
    return text.getvalue().encode("utf-8-sig")


def _guarded(cell: str) -> str:
    """A formula stays text when a spreadsheet opens it; reading takes the apostrophe away again."""
    return f"'{cell}" if _FORMULA.match(cell) else cell
