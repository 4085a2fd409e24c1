"""A calendar file as text: lines unfolded, each VEVENT and VTIMEZONE apart. Pure.

Apart, so that one event that cannot be read never costs the file the others.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MOST_BYTES = 5_000_000
MOST_EVENTS = 5_000
_KEPT = ("VEVENT", "VTIMEZONE")
_DEEPEST = 20  # components inside one another


class CalendarRefused(ValueError):
    """A file that is no calendar, or not a whole one, and why, as a sentence in the active language."""


@dataclass(frozen=True)
class Block:
    """The lines of one VEVENT, BEGIN and END included. `is_cancelled`: its calendar takes events back (METHOD)."""

    lines: tuple[str, ...]
    is_cancelled: bool = False
    is_whole: bool = True

    @property
    def text(self) -> str:
        return "\r\n".join(self.lines) + "\r\n"

    def text_of(self, names: Collection[str]) -> str:
        """The block with these properties of its own alone: guests, alarms and attachments are nobody's business."""
        kept = [line for line, (name, _value) in self._own if name in names]
        return "\r\n".join([self.lines[0], *kept, self.lines[-1], ""])

    def values(self, name: str) -> list[str]:
        """What stands behind a property, as written, as often as it stands there (not in a component inside)."""
        return [value for _line, (given, value) in self._own if given == name]

    @cached_property
    def _own(self) -> list[tuple[str, tuple[str, str]]]:
        """The lines of its own, each with name and value."""
        found, depth = [], 0
        for line in self.lines:
            name, value = split(line)
            depth += (name == "BEGIN") - (name == "END")
            if depth == 1 and name != "BEGIN":
                found.append((line, (name, value)))
        return found


@dataclass
class Parts:
    """What a file holds. `names` and `ids` are what its calendars call themselves."""

    events: list[Block] = field(default_factory=list)
    zones: dict[str, Block] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)


def parts_of(content: bytes) -> Parts:
    """Take a file apart. Raises CalendarRefused when it is no calendar, breaks off, or is larger than we take."""
    if len(content) > MOST_BYTES:
        raise CalendarRefused(_("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // 1_000_000})
    parts, stack, lines = Parts(), _Stack(), unfolded(content)
    for line in lines:
        stack.take(line, parts)
    if not stack.has_calendar:
        raise CalendarRefused(_("This is not a calendar: it does not begin with BEGIN:VCALENDAR."))
    if stack.open:
        raise CalendarRefused(
            _("The calendar breaks off: END:VCALENDAR is missing. Please export or download it once more.")
        )
    if len(parts.events) > MOST_EVENTS:
        said = ngettext("The calendar has %(n)d event.", "The calendar has %(n)d events.", len(parts.events))
        raise CalendarRefused(
            said % {"n": len(parts.events)}
            + " "
            + _("At most %(most)d can be taken.") % {"most": MOST_EVENTS}
        )
    return parts


class _Stack:
    """Which components are open while the lines go by."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.has_calendar = False
        self._lines: list[str] | None = None
        self._is_cancelled = False

    def take(self, line: str, parts: Parts) -> None:
        name, value = split(line)
        what = value.strip().upper()
        if name == "BEGIN":
            self._begin(what, line, parts)
        elif name == "END":
            self._end(what, line, parts)
        elif self._lines is not None:
            self._lines.append(line)
        elif self.open == ["VCALENDAR"]:
            self._say(name, value.strip(), parts)

    def _begin(self, what: str, line: str, parts: Parts) -> None:
        if what == "VCALENDAR":
            self.has_calendar, self._is_cancelled = True, False
        if what in _KEPT and "VCALENDAR" in self.open:
            self._break_off(parts)
            self._lines = []
        if self._lines is not None:
            self._lines.append(line)
        self.open.append(what)
        if len(self.open) > _DEEPEST:
            raise CalendarRefused(_("Hardly anything in this calendar can be read."))

    def _break_off(self, parts: Parts) -> None:
        """Another event begins before the one that is open has ended: that one is not whole."""
        while self._lines is not None:
            closed = self.open.pop()
            self._lines.append(f"END:{closed}")
            if closed in _KEPT:
                self._keep(closed, parts, is_whole=False)

    def _end(self, what: str, line: str, parts: Parts) -> None:
        if what not in self.open:
            return
        while self.open:
            closed = self.open.pop()
            if self._lines is not None:
                self._lines.append(line if closed == what else f"END:{closed}")
                if closed in _KEPT:
                    self._keep(closed, parts, is_whole=closed == what)
            if closed == what:
                return

    def _keep(self, kind: str, parts: Parts, *, is_whole: bool) -> None:
        block = Block(tuple(self._lines or ()), self._is_cancelled, is_whole)
        self._lines = None
        if kind == "VEVENT":
            parts.events.append(block)
        else:
            for tzid in block.values("TZID"):
                parts.zones.setdefault(tzid.strip(), block)

    def _say(self, name: str, value: str, parts: Parts) -> None:
        if name == "METHOD":
            self._is_cancelled = value.upper() == "CANCEL"
        elif name in ("X-WR-CALNAME", "NAME"):
            parts.names.append(value)
        elif name in ("X-WR-RELCALID", "UID"):
            parts.ids.append(value)


def unfolded(content: bytes) -> list[str]:
    """Lines as they were before they were folded: on bytes, since a fold may stand within a letter.

    Empty lines mean nothing and are passed over, also between a line and its continuation.
    """
    joined: list[bytearray] = []
    for line in re.split(rb"\r\n|\n|\r", content.removeprefix(b"\xef\xbb\xbf")):
        if line[:1] in (b" ", b"\t") and joined and line.strip():
            joined[-1] += line[1:]
        elif line.strip():
            joined.append(bytearray(line))
    return [_decoded(bytes(line)) for line in joined]


_LINE = re.compile(
    r"""([A-Za-z0-9-]+)((?:;[^=;:"]+=(?:"[^"]*"|[^":;,]*)(?:,(?:"[^"]*"|[^":;,]*))*)*):(.*)""", re.DOTALL
)


def split(line: str) -> tuple[str, str]:
    """Name (upper case) and value of a line. A colon in quotes belongs to a parameter."""
    found = _LINE.match(line)
    return (found[1].upper(), found[3]) if found else ("", line)


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")
