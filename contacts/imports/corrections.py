"""What a person corrects on the page of Check, out of the form that they sent.

`c-<place>-<column>` is a cell; `skip-<place>` leaves the row out or takes it in again; `same-<place>` says who a likely
double is.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from contacts.imports import packing, runs
from contacts.imports.applying import LEFT_OUT
from contacts.imports.rows import MAX_CELL, without_controls
from contacts.imports.verdicts import GROUPS
from contacts.models import Import

_CELL = re.compile(r"c-(\d{1,6})-(\d{1,3})")
_ROW = re.compile(r"(skip|same)-(\d{1,6})")

Edits = dict[str, dict[str, str]]


def take(run: Import, sent: Mapping[str, str]) -> None:
    """Keep what was said and have everything checked anew. What is no place or column of the list is passed over."""
    count = run.found["count"]
    edits = _cells(run, sent)
    decisions: dict[str, int | None] = {}
    for name, value in sent.items():
        said = _ROW.fullmatch(name)
        if said and int(said[2]) < count:
            _of_row(said[1], str(int(said[2])), value, edits, decisions)
    runs.put_right(run, edits=edits, decisions=decisions, policy=sent.get("policy"))


def back_to(sent: Mapping[str, str]) -> str:
    """The filter and page that the person looked at, as the end of an address."""
    kept = {}
    if sent.get("show") in {*GROUPS, "remarked"}:
        kept["show"] = sent["show"]
    if sent.get("page", "").isdecimal():
        kept["page"] = sent["page"][:5]
    return f"?{urlencode(kept)}" if kept else ""


def _cells(run: Import, sent: Mapping[str, str]) -> Edits:
    """The cells that say something else than before. A field of a form has one line: the line ends of a cell are none."""
    count, width = run.found["count"], len(run.found["headers"])
    texts: dict[int, dict[int, str]] = {}
    for name, value in sent.items():
        said = _CELL.fullmatch(name)
        if said and int(said[1]) < count and int(said[2]) < width:
            texts.setdefault(int(said[1]), {})[int(said[2])] = without_controls(value)[:MAX_CELL]
    listed = runs.incoming(run)
    places = sorted(texts)
    edits: Edits = {}
    for place, row in zip(places, packing.rows_at(listed.table, run.found["chunks"], places), strict=True):
        now = listed.corrected(place, row)
        changed = {
            str(column): text
            for column, text in texts[place].items()
            if text.split() != now.cells[column].split()
        }
        if changed:
            edits[str(place)] = changed
    return edits


def _of_row(what: str, place: str, value: str, edits: Edits, decisions: dict[str, int | None]) -> None:
    """A row is left out, taken in again, or somebody."""
    if what == "skip":
        edits.setdefault(place, {})[LEFT_OUT] = "yes" if value == "yes" else ""
    elif value == "later":
        decisions[place] = None
    elif value.isascii() and value.isdecimal() and len(value) <= 18:
        decisions[place] = int(value)
