"""The demo's regular meetings: an apéro that lives, a coffee among colleagues, and interviews that came to a stop.

Their past dates are real actions of the blocks they fall into, in place of one that the diary would have made up; a
date of the rules on which nothing may happen was moved by a day or two.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import time, timedelta

from accounts.models import User
from communitycrm.demo import story
from communitycrm.demo.calendar import BLOCKS, Calendar, identity
from communitycrm.demo.people import Cast
from contacts.models import Contact, TouchpointKind
from events import attendance, filling, inviting, planning, scheduling
from events.models import Attendance, Occurrence, Reply, Series
from events.rules import DAYS

WEEKS_BACK = 12
CALLED_OFF = 3  # interviews in a row
APERO, COFFEE, INTERVIEW = "apero", "coffee", "interview"


@dataclass
class Regulars:
    """Sets the series up, says on which days of the past they took place, and answers for each date."""

    cast: Cast
    calendar: Calendar
    chance: random.Random
    held: list[tuple[Occurrence, str]] = field(default_factory=list)

    def plan(self) -> dict[tuple[str, int], list[int]]:
        """Make the series with all their dates; the days back on which the diary leaves room, by CM and block."""
        self.kinds = {kind.code: kind for kind in TouchpointKind.objects.filter(team=None)}
        room: dict[tuple[str, int], list[int]] = defaultdict(list)
        coffee_day, interview_day = self.calendar.quiet_weekdays(2)
        told = [
            (
                APERO,
                "on-target",
                "FREQ=MONTHLY;BYDAY=-1TH",
                "Apéro de la Marée",
                "Bar de la Marine",
                time(18, 30),
                120,
            ),
            (
                COFFEE,
                "under",
                _fortnightly(coffee_day),
                "Café de l’antenne",
                "Cuisine du troisième",
                time(9, 30),
                30,
            ),
            (
                INTERVIEW,
                "online",
                _fortnightly(interview_day),
                "Interview du terrain",
                "Studio B",
                time(14),
                60,
            ),
        ]
        for code, key, rule, title, place, at, minutes in told:
            series = self._start(code, self.cast.users[key], rule, title, place, at, minutes)
            past = list(series.occurrences.filter(starts_at__lt=self.calendar.now).order_by("starts_at"))
            for number, occurrence in enumerate(past):
                if code == INTERVIEW and number >= len(past) - CALLED_OFF:
                    self._call_off(occurrence)
                else:
                    self._find_room(occurrence, key, room)
        return room

    def answer(self) -> None:
        """Who came to each past date, said on the same day; and who is invited to the next ones."""
        guests = {code: self._guests(code) for code in (APERO, COFFEE, INTERVIEW)}
        for number, (occurrence, code) in enumerate(sorted(self.held, key=lambda one: one[0].starts_at)):
            came = self._who_came(code, guests[code], number)
            host = occurrence.created_by
            inviting.invite(
                occurrence=occurrence,
                by=host,
                contacts=came,
                new_names=(),
                now=occurrence.starts_at,
                reply=Reply.COMING,
            )
            attendance.took_place(
                occurrence=occurrence,
                contacts=came,
                by=host,
                note=self.chance.choice(story.NOTES),
                now=occurrence.ends_at + timedelta(hours=1),
            )
        for series in Series.objects.filter(team=self.cast.team).order_by("pk"):
            self._invite(series, guests[series.kind.code])

    def _start(
        self, code: str, host: User, rule: str, title: str, place: str, at: time, minutes: int
    ) -> Series:
        began = self.calendar.now - timedelta(weeks=WEEKS_BACK)
        series, _ = scheduling.start(
            team=self.cast.team,
            by=host,
            client_id=identity("series", title),
            wanted=scheduling.Wanted(
                kind=self.kinds[code],
                starts_on=self.calendar.today - timedelta(weeks=WEEKS_BACK),
                starts_time=at,
                zone_name=str(self.calendar.zone),
                rules=[rule],
                minutes=minutes,
                title=title,
                place=place,
                hosts=[host],
            ),
            now=began,
        )
        filling.fill(series, now=self.calendar.now)
        return series

    def _call_off(self, occurrence: Occurrence) -> None:
        before = occurrence.starts_at - timedelta(days=1)
        planning.cancel(occurrence=occurrence, by=occurrence.created_by, now=before)

    def _find_room(self, occurrence: Occurrence, key: str, room: dict[tuple[str, int], list[int]]) -> None:
        """A day of the block on which something may happen, the nearest; without one the date is called off."""
        back = (self.calendar.today - occurrence.starts_at.astimezone(self.calendar.zone).date()).days
        from_end = back // 7
        number = len(BLOCKS[key]) - 1 - from_end
        day = min(max(back, 7 * from_end + 1), 7 * from_end + 5)
        if number < 0 or len(room[key, number]) >= BLOCKS[key][number][0]:
            self._call_off(occurrence)
            return
        if day != back:
            moved = planning.days_later(occurrence.starts_at, back - day, self.calendar.zone)
            length = occurrence.ends_at - occurrence.starts_at
            occurrence.starts_at, occurrence.ends_at = moved, moved + length
            occurrence.save(update_fields=["starts_at", "ends_at"])
        room[key, number].append(day)
        self.held.append((occurrence, occurrence.kind.code))

    def _guests(self, code: str) -> list[Contact]:
        if code == COFFEE:
            return self.cast.of_kind("colleague")
        wanted = ("webzine", "association", "venue") if code == APERO else ("band",)
        return [
            self.cast.members[group.pk]
            for group in self.cast.of_kind(*wanted)
            if group.pk in self.cast.members
        ]

    def _who_came(self, code: str, guests: list[Contact], number: int) -> list[Contact]:
        """Three come each time, others by turns; a band at a time is interviewed."""
        if code == INTERVIEW:
            return [guests[number % len(guests)]]
        others = guests[3:]
        return [
            *guests[:3],
            *self.chance.sample(others, k=min(len(others), self.chance.choice((0, 1, 2, 3)))),
        ]

    def _invite(self, series: Series, guests: list[Contact]) -> None:
        """Half of the usual guests have said whether they come to the next date."""
        coming = Occurrence.objects.filter(series=series).upcoming(self.calendar.now).first()
        if coming is None or series.kind.code == INTERVIEW:
            return
        now = self.calendar.now - timedelta(days=3)
        invited, _undo = inviting.invite(
            occurrence=coming, by=coming.created_by, contacts=guests[:6], new_names=(), now=now
        )
        for guest, reply in zip(invited, (Reply.COMING, Reply.MAYBE, Reply.COMING), strict=False):
            Attendance.objects.filter(occurrence=coming, contact=guest).update(reply=reply)


def _fortnightly(weekday: int) -> str:
    return f"FREQ=WEEKLY;INTERVAL=2;BYDAY={DAYS[weekday]}"
