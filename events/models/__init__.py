"""Where we meet: one date (Occurrence), a recurring one (Series), who is invited (Attendance)."""

from events.models.occurrence import Attendance, Occurrence, OccurrenceQuerySet, Outcome, Reply
from events.models.series import Series, SeriesQuerySet

__all__ = [
    "Attendance",
    "Occurrence",
    "OccurrenceQuerySet",
    "Outcome",
    "Reply",
    "Series",
    "SeriesQuerySet",
]
