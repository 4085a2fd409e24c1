"""Where we meet: one date (Occurrence), a recurring one (Series), who is invited (Attendance), secret addresses of calendars (Feed)."""

from events.models.feed import Feed, FeedQuerySet, Scope
from events.models.occurrence import Attendance, Occurrence, OccurrenceQuerySet, Outcome, Reply
from events.models.series import Series, SeriesQuerySet

__all__ = [
    "Attendance",
    "Feed",
    "FeedQuerySet",
    "Occurrence",
    "OccurrenceQuerySet",
    "Outcome",
    "Reply",
    "Scope",
    "Series",
    "SeriesQuerySet",
]
