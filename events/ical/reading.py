"""A calendar of others read into our terms: VEVENTs, their rules, the dates that are different."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Event

from events import recurrence
from events.ical.incoming import Incoming, Reading, Rejected, Said
from events.ical.lines import Block, CalendarRefused, parts_of
from events.ical.zones import UnknownZone, Zones, instant_of, local_of
from events.recurrence import RuleRefused
from foundation.inputs import is_reckonable

_TITLE, _NOTE = 200, 2_000
_UID = 255
_DAY = timedelta(days=1)
_AN_HOUR = timedelta(hours=1)
_LONGEST = timedelta(days=366)
_MOST_REJECTED = 500
_MOST_DATES = 5_000  # extra dates or exceptions of one event
_WHEN = ("DTSTART", "DTEND", "DURATION", "RDATE", "EXDATE", "RECURRENCE-ID", "UID")
_READ = {*_WHEN, "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "SEQUENCE"}


class EventRefused(ValueError):
    """An event that cannot be taken, and why, as a sentence in the active language."""


class PrivateEvent(EventRefused):
    """One that its calendar keeps to itself: should it have come in before, it goes."""


def read(content: bytes, *, zone: ZoneInfo) -> Reading:
    """Read a calendar; `zone` is for times without one. Raises CalendarRefused when the file as a whole is of no use."""
    parts = parts_of(content)
    zones, reading = Zones(parts.zones, zone), Reading(name=next(iter(parts.names), ""))
    reading.identity = next(iter(parts.ids), "") or reading.name
    masters: dict[str, Incoming] = {}
    different: list[tuple[str, datetime, Incoming]] = []
    for block in parts.events:
        try:
            event, recurs_at = _Vevent(block, zones, reading.remarks).read()
        except (EventRefused, RuleRefused) as error:
            reading.rejected.append(Rejected(_title(block), str(error)))
            if not isinstance(error, PrivateEvent):
                reading.unread.update(uid.strip() for uid in block.values("UID"))
            if len(reading.rejected) > _MOST_REJECTED:
                raise CalendarRefused(_("Hardly anything in this calendar can be read.")) from None
            continue
        reading.count += 1
        reading.cancelled += event.said.is_cancelled
        if recurs_at:
            different.append((event.uid, recurs_at, event))
        elif event.uid not in masters or masters[event.uid].sequence <= event.sequence:
            masters[event.uid] = event
    _put_together(masters, different)
    reading.events = list(masters.values())
    reading.remarks = list(dict.fromkeys(reading.remarks))
    return reading


def _put_together(masters: dict[str, Incoming], different: list[tuple[str, datetime, Incoming]]) -> None:
    """Give each date that is different to its event; without one (an invitation to a single date) it is an event."""
    for uid, recurs_at, event in sorted(different, key=lambda one: one[2].sequence):
        master = masters.get(uid)
        if master and master.recurs:
            master.changed[recurs_at] = event.said
        else:
            event.uid = f"{uid}/{recurs_at:%Y%m%dT%H%M%SZ}"[-_UID:]
            masters[event.uid] = event


@dataclass
class _Vevent:
    """One VEVENT on its way."""

    block: Block
    zones: Zones
    remarks: list[str]

    def read(self) -> tuple[Incoming, datetime | None]:
        """The event, and which date of its series it is about, if of one only."""
        if not self.block.is_whole:
            raise EventRefused(_("It breaks off in the middle."))
        self.event: Any = self._parsed()
        if self.block.values("CLASS") and self.block.values("CLASS")[0].strip().upper() != "PUBLIC":
            raise PrivateEvent(_("It is marked as private in its calendar, so it is left there."))
        start = self._start()
        self.is_all_day = not isinstance(start, datetime)
        recurs = bool(self.block.values("RRULE") or self.block.values("RDATE"))
        self.zone = self._zone("DTSTART", start, recurs=recurs)
        self.dtstart = self._local(start, self.zone)
        said = self._said()
        incoming = Incoming(self._uid(said), said, self.zone, self.dtstart, self._sequence())
        if "RECURRENCE-ID" in self.event:
            return incoming, self._recurs_at()
        if self.block.values("EXRULE"):
            raise EventRefused(_("It has exceptions by rule (EXRULE), which calendars no longer use."))
        incoming.rules = tuple(self._rule(text) for text in self.block.values("RRULE"))
        incoming.rdates = self._dates("RDATE")
        incoming.exdates = self._dates("EXDATE")
        return incoming, None

    def _parsed(self) -> Any:
        try:
            event = Event.from_ical(self.block.text_of(_READ))
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
            raise EventRefused(_("It cannot be read.")) from None
        broken = {str(name).upper() for name, _reason in getattr(event, "errors", [])}
        for name in _WHEN:
            if name in broken:
                raise EventRefused(_("%(name)s cannot be read.") % {"name": name})
        return event

    def _start(self) -> date:
        start = self._value("DTSTART")
        if not isinstance(start, date):
            raise EventRefused(_("It does not say when it begins (DTSTART)."))
        if not is_reckonable(start.date() if isinstance(start, datetime) else start):
            raise EventRefused(_("It begins in a year that we do not reckon with."))
        return start

    def _value(self, name: str) -> Any:
        """The Python value of a property; the first if it stands there more than once."""
        found = self.event.get(name)
        found = found[0] if isinstance(found, list) else found
        return getattr(found, "dt", None)

    def _zone(self, name: str, value: date, *, recurs: bool) -> ZoneInfo:
        if not isinstance(value, datetime):
            return self.zones.default
        tzid = self._tzid(self.event.get(name))
        if not tzid:
            return self.zones.default if value.tzinfo is None else ZoneInfo("UTC")
        try:
            return self.zones.find(tzid, at=value.replace(tzinfo=None), recurs=recurs)
        except UnknownZone:
            raise EventRefused(_("Its time zone “%(name)s” is not known.") % {"name": tzid[:60]}) from None

    def _tzid(self, found: Any) -> str:
        found = found[0] if isinstance(found, list) else found
        return str(getattr(found, "params", {}).get("TZID", ""))

    def _local(self, value: date, zone: ZoneInfo) -> datetime:
        """A value of the file on the wall clock of the event's zone."""
        if not isinstance(value, datetime):
            return datetime.combine(value, time(0))
        return (
            value.replace(tzinfo=None)
            if zone == self.zone
            else local_of(instant_of(value.replace(tzinfo=None), zone), self.zone)
        )

    def _at(self, name: str, value: Any, tzid: str) -> datetime:
        """A date or moment of a list on the wall clock of the event's zone; a day alone means that day's instance."""
        if isinstance(value, tuple):  # a PERIOD; how long it lasts is not taken from it
            value = value[0]
        if not isinstance(value, datetime):
            return datetime.combine(value, self.dtstart.time())
        if self.is_all_day:
            return datetime.combine(value.date(), time(0))
        if tzid:
            try:
                zone = self.zones.find(tzid, at=value.replace(tzinfo=None), recurs=False)
            except UnknownZone:
                raise EventRefused(_("%(name)s cannot be read.") % {"name": name}) from None
            return self._local(value, zone)
        return local_of(value.astimezone(UTC), self.zone) if value.tzinfo else value

    def _dates(self, name: str) -> tuple[datetime, ...]:
        given = self.event.get(name) or []
        lists = given if isinstance(given, list) else [given]
        moments = [self._at(name, one.dt, self._tzid(dates)) for dates in lists for one in dates.dts]
        if len(moments) > _MOST_DATES:
            raise EventRefused(_("It has more than %(most)d dates.") % {"most": _MOST_DATES})
        return tuple(sorted(set(moments)))

    def _recurs_at(self) -> datetime:
        found = self.event["RECURRENCE-ID"]
        if "RANGE" in found.params:
            raise EventRefused(_("It changes “this and all following dates”, which calendars no longer use."))
        return instant_of(self._at("RECURRENCE-ID", found.dt, self._tzid(found)), self.zone)

    def _rule(self, text: str) -> str:
        checked = recurrence.validate(text, dtstart=self.dtstart, zone=self.zone)
        self.remarks.extend(checked.remarks)
        return checked.rule

    def _said(self) -> Said:
        starts_at = instant_of(self.dtstart, self.zone)
        ends_at = self._end(starts_at)
        if ends_at < starts_at:
            raise EventRefused(_("It ends before it begins."))
        if ends_at - starts_at > _LONGEST:
            raise EventRefused(_("It lasts longer than a year."))
        status = str(self.event.get("STATUS", "")).upper()
        return Said(
            starts_at,
            ends_at,
            self.is_all_day,
            self._text("SUMMARY", _TITLE),
            self._text("LOCATION", _TITLE),
            self._text("DESCRIPTION", _NOTE, lines=True),
            status == "CANCELLED" or self.block.is_cancelled,
        )

    def _end(self, starts_at: datetime) -> datetime:
        end, lasting = self._value("DTEND"), self._value("DURATION")
        if isinstance(end, datetime) and not self.is_all_day:
            zone = self._zone("DTEND", end, recurs=False)
            return instant_of(end.replace(tzinfo=None), zone)
        if isinstance(end, date):
            day = end.date() if isinstance(end, datetime) else end
            # Whole days: DTEND is the day after the last one. Some write the last one itself.
            return (
                instant_of(max(self._local(day, self.zone), self.dtstart + _DAY), self.zone)
                if self.is_all_day
                else starts_at + _AN_HOUR
            )
        if isinstance(lasting, timedelta):
            whole_days = timedelta(days=lasting.days) if lasting.days > 0 else timedelta(0)
            # Days are days of the calendar, however long the night; hours are hours.
            return instant_of(self.dtstart + whole_days, self.zone) + (lasting - whole_days)
        return instant_of(self.dtstart + _DAY, self.zone) if self.is_all_day else starts_at + _AN_HOUR

    def _text(self, name: str, most: int, *, lines: bool = False) -> str:
        found = self.event.get(name)
        found = found[0] if isinstance(found, list) else found
        text = str(found or "").replace("\x00", "")
        text = "\n".join(line.rstrip() for line in text.splitlines()) if lines else " ".join(text.split())
        return text.strip()[:most]

    def _uid(self, said: Said) -> str:
        """Its UID; made from what it says where it has none, so that reading it again finds it."""
        given = self._text("UID", _UID + 1)
        if given and len(given) <= _UID:
            return given
        told = given or f"{said.starts_at.isoformat()} {said.title} {said.place}"
        return f"{hashlib.sha256(told.encode()).hexdigest()[:32]}@no-uid"

    def _sequence(self) -> int:
        try:
            return min(int(self.event.get("SEQUENCE", 0)), 10**9)
        except (TypeError, ValueError):
            return 0


def _title(block: Block) -> str:
    return next((value.strip()[:_TITLE] for value in block.values("SUMMARY")), "") or _("(without a title)")
