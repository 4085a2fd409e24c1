"""Where we meet: one date (Occurrence), a recurring one (Series), who is invited (Attendance).

Calendars of other programs: ours for them (Feed), theirs for us (Source)."""

from events.models.feed import Feed, FeedQuerySet, Scope
from events.models.occurrence import Attendance, Occurrence, OccurrenceQuerySet, Outcome, Reply
from events.models.series import Series, SeriesQuerySet
from events.models.source import Entry, Source, SourceQuerySet

__all__ = [
    "Attendance",
    "Entry",
    "Feed",
    "FeedQuerySet",
    "Occurrence",
    "OccurrenceQuerySet",
    "Outcome",
    "Reply",
    "Scope",
    "Series",
    "SeriesQuerySet",
    "Source",
    "SourceQuerySet",
]
